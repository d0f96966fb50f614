"""Where a request may go: scheme, host and port, compared exactly, and what may stand in a path."""

import ipaddress
import re
import unicodedata
from dataclasses import dataclass
from typing import Self
from urllib.parse import quote, unquote, urlsplit

from saasdesk.errors import UserError

_DEFAULT_PORTS = {"https": 443, "http": 80}
_HOST_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")
# Space and control characters vanish or move in some URL parsers and not in others; a backslash is a slash to some.
_UNSAFE_IN_URL = re.compile(r"[\x00-\x20\x7f-\x9f\\\s]")
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


@dataclass(frozen=True, slots=True)
class Origin:
    """Scheme, host and port: what a key is bound to."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, url: str) -> Self:
        """The origin of an address, or a sentence saying why a key cannot be sent there."""
        if not url.strip():
            raise UserError("The address is missing. It looks like https://api.example.com.")
        if _UNSAFE_IN_URL.search(url):
            raise UserError("The address holds a space, a backslash or a control character. Type it again.")
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise UserError(f"{_shown(url)} is not an address. It looks like https://api.example.com.") from None
        if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
            raise UserError(f"{_shown(url)} is not an address. It looks like https://api.example.com.")
        if "@" in parts.netloc:
            raise UserError("The address holds a name or password before the host. Leave them out.")
        if "#" in url:
            raise UserError(f"The address {_shown(url)} has a part after '#'. Leave it out.")
        host = _canonical_host(parts.hostname)
        if port == 0:
            raise UserError(f"{_shown(url)} has port 0, which nothing answers on.")
        if parts.scheme == "http" and not is_loopback_name(host):
            raise UserError(f"{host} is reached over plain HTTP, which anyone on the way can read. Use https://.")
        return cls(parts.scheme, host, _DEFAULT_PORTS[parts.scheme] if port is None else port)

    @property
    def is_loopback(self) -> bool:
        """Whether this is a server on this very machine."""
        return is_loopback_name(self.host)

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        suffix = "" if _DEFAULT_PORTS[self.scheme] == self.port else f":{self.port}"
        return f"{self.scheme}://{host}{suffix}"


def host_of(url: str) -> str:
    """The host of any address a vendor sent, fit to be shown in a sentence."""
    try:
        host = urlsplit(_UNSAFE_IN_URL.sub("", url)).hostname or ""
    except ValueError:
        host = ""
    return _printable(host)[:100] or "an address that cannot be read"


def is_loopback_name(host: str) -> bool:
    """Whether the host can only be this machine."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_public_address(address: str) -> bool:
    """Whether an address a socket is connected to lies in the open internet, whatever name led there."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour
        if inner is None and found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            found = inner
    return found.is_global and not found.is_multicast


def path_segment(value: object) -> str:
    """One value as exactly one part of a path; an empty one or dots would turn the call into another call."""
    text = str(value)
    if not text.strip() or text in {".", ".."}:
        raise UserError(f"An id is needed in the address, and “{text}” is none. Nothing was sent.")
    if any(unicodedata.category(character) in {"Cc", "Cs"} for character in text):
        raise UserError("The id holds a control character and cannot stand in an address. Nothing was sent.")
    return quote(text, safe="")


def refuse_climbing_path(path: str) -> None:
    """Raise if a path has `.` or `..` parts, quoted or not: the HTTP library would resolve them."""
    if any(unquote(part) in {".", ".."} for part in path.partition("?")[0].split("/")):
        raise UserError("The path holds “.” or “..” and would lead to another call. Nothing was sent.")


def _canonical_host(host: str) -> str:
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    if not host.isascii():
        import idna

        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except idna.IDNAError:
            raise UserError(f"“{_printable(host)}” is not a host name. Check the address.") from None
    host = host.lower()
    if not _HOST_NAME.fullmatch(host) or len(host) > 253:
        raise UserError(f"“{_printable(host)}” is not a host name. Check the address.")
    return host


def _shown(url: str) -> str:
    # Never the query: people paste keys there.
    return repr(_printable(url.partition("?")[0])[:100])


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text)
