"""How a key is shown to a vendor, as options say it: for vendors that are not listed, and for a header of one's own."""

from collections.abc import Sequence

from saasdesk.credentials import UNLISTED, UnlistedVendor
from saasdesk.credentials.unlisted import hosts_entered
from saasdesk.errors import UserError
from saasdesk.web import Basic, Bearer, HeaderKey, QueryKey, SignIn


def sign_in_of(header: str | None, scheme: str, query: str | None, *, basic: bool, bearer: bool) -> SignIn | None:
    """The way that the options name; None where they name none."""
    ways = {"--header": header is not None, "--query": query is not None, "--basic": basic, "--bearer": bearer}
    named = [option for option, is_on in ways.items() if is_on]
    if len(named) > 1:
        raise UserError(f"{' and '.join(named)} are two ways to sign in. Choose one.")
    if scheme and header is None:
        raise UserError("--scheme stands before a key in a header: name that with --header.")
    if header is not None:
        return HeaderKey(header, scheme if not scheme or scheme.endswith("=") else f"{scheme.rstrip()} ")
    if query is not None:
        return QueryKey(query)
    if basic:
        return Basic()
    return Bearer() if bearer else None


def unlisted(hosts: Sequence[str], sign_in: SignIn | None) -> UnlistedVendor:
    """The vendor behind `--connector other`."""
    if not hosts:
        raise UserError(f"--connector {UNLISTED} needs --host: the key is sent there and nowhere else.")
    return UnlistedVendor(hosts_entered(" ".join(hosts)), sign_in or Bearer())
