"""Who issued a certificate that we did not trust: the one name that tells an admin that TLS is being inspected."""

from collections.abc import Iterator

_SEQUENCE = 0x30
_SET = 0x31
_OBJECT_ID = 0x06
_VERSION = 0xA0
_COMMON_NAME = bytes((0x55, 0x04, 0x03))
_ORGANIZATION = bytes((0x55, 0x04, 0x0A))
_TEXT_ENCODINGS = {0x0C: "utf-8", 0x13: "ascii", 0x14: "latin-1", 0x16: "ascii", 0x1E: "utf-16-be"}


def issuer_of(certificate: bytes) -> str:
    """The issuer's common name and organisation out of a certificate in DER form; "" if it cannot be read."""
    try:
        names = dict(_issuer_names(certificate))
    except (IndexError, ValueError):
        return ""
    found = [names[key] for key in (_COMMON_NAME, _ORGANIZATION) if names.get(key)]
    return ", ".join(dict.fromkeys(found))[:200]


def _issuer_names(certificate: bytes) -> Iterator[tuple[bytes, str]]:
    (_, outer), *_ = _parts(certificate)
    (_, inner), *_ = _parts(outer)
    fields = list(_parts(inner))
    if fields[0][0] == _VERSION:
        fields = fields[1:]
    # serial number, signature algorithm, issuer
    for tag, relative_name in _parts(fields[2][1]):
        if tag != _SET:
            continue
        for _, pair in _parts(relative_name):
            (kind, name), (encoding, text) = list(_parts(pair))[:2]
            if kind == _OBJECT_ID and encoding in _TEXT_ENCODINGS:
                yield name, text.decode(_TEXT_ENCODINGS[encoding], "replace")


def _parts(content: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(content):
        tag, length = content[at], content[at + 1]
        at += 2
        if length & 0x80:
            count = length & 0x7F
            if not 1 <= count <= 4:
                raise ValueError("not DER")
            length = int.from_bytes(content[at : at + count], "big")
            at += count
        if at + length > len(content):
            raise ValueError("not DER")
        yield tag, content[at : at + length]
        at += length
