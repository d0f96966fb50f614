"""What certificates say: who issued the one that we did not trust, and whose is the one that an admin adds."""

import re
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from saasdesk.errors import UserError

_PEM = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
_ISSUER, _VALIDITY, _SUBJECT = 2, 3, 4
_SHORT_TIME = 0x17
_SET = 0x31
_OBJECT_ID = 0x06
_VERSION = 0xA0
_COMMON_NAME = bytes((0x55, 0x04, 0x03))
_ORGANIZATION = bytes((0x55, 0x04, 0x0A))
_TEXT_ENCODINGS = {0x0C: "utf-8", 0x13: "ascii", 0x14: "latin-1", 0x16: "ascii", 0x1E: "utf-16-be"}


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """What a certificate says of itself; `ends` is None where that cannot be read."""

    subject: str
    ends: datetime | None


def issuer_of(certificate: bytes) -> str:
    """The issuer's common name and organisation out of a certificate in DER form; "" if it cannot be read."""
    try:
        return _name(_fields(certificate)[_ISSUER])
    except (IndexError, ValueError):
        return ""


def facts_of(certificate: bytes) -> CertificateFacts:
    """Whose certificate it is, and until when it holds."""
    try:
        fields = _fields(certificate)
        return CertificateFacts(_name(fields[_SUBJECT]), _end_of(fields[_VALIDITY]))
    except (IndexError, ValueError):
        return CertificateFacts("", None)


def certificates_in(path: Path) -> list[CertificateFacts]:
    """What the certificates of a PEM file say; a UserError says why it holds none."""
    try:
        text = path.read_text("utf-8", "replace")
    except OSError as error:
        raise UserError(f"“{path}” cannot be read: {error.strerror}.") from None
    try:
        return [facts_of(ssl.PEM_cert_to_DER_cert(part)) for part in _PEM.findall(text)]
    except ValueError:
        raise UserError(f"“{path}” holds something between its marks that is no certificate.") from None


def _fields(certificate: bytes) -> list[bytes]:
    """Serial number, signature algorithm, issuer, validity, subject, and what follows."""
    (_, outer), *_ = _parts(certificate)
    (_, inner), *_ = _parts(outer)
    fields = list(_parts(inner))
    return [content for _, content in (fields[1:] if fields[0][0] == _VERSION else fields)]


def _name(content: bytes) -> str:
    names = dict(_names(content))
    found = [names[key] for key in (_COMMON_NAME, _ORGANIZATION) if names.get(key)]
    return ", ".join(dict.fromkeys(found))[:200]


def _names(content: bytes) -> Iterator[tuple[bytes, str]]:
    for tag, relative_name in _parts(content):
        if tag != _SET:
            continue
        for _, pair in _parts(relative_name):
            (kind, name), (encoding, text) = list(_parts(pair))[:2]
            if kind == _OBJECT_ID and encoding in _TEXT_ENCODINGS:
                yield name, text.decode(_TEXT_ENCODINGS[encoding], "replace")


def _end_of(validity: bytes) -> datetime | None:
    tag, text = list(_parts(validity))[1]
    digits = text.decode("ascii", "replace")
    if tag == _SHORT_TIME:
        # Two digits of the year: below 50 it is this century, by RFC 5280.
        digits = ("20" if digits[:2] < "50" else "19") + digits
    return datetime.strptime(digits, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)


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
