"""A JetBrains Account that answers out of a list, in the place of a session; what is odd about a day is passed in."""

from collections.abc import Callable, Mapping

import orjson

from saasdesk.web import Answer, ErrorKind, VendorError

HOST = "account.jetbrains.com"
INPUTS = {"company_code": "2600417"}


def licence(number: int, email: str | None = "", **more: object) -> dict[str, object]:
    """One licence as JetBrains lists it: in the hands of a person of its own, of the one named, or of nobody."""
    row: dict[str, object] = {
        "licenseId": f"L{number:09d}",
        "product": {"code": "WS", "name": "WebStorm"},
        "team": {"id": 1874050, "name": "Platform"},
        "subscription": {
            "subscriptionPackRef": "1215/1JGQR",
            "validUntilDate": "2027-05-20T00:00:00.000+03:00",
            "isOutdated": False,
            "isAutomaticallyRenewed": True,
        },
        "isAvailableToAssign": email is None,
        "isSuspended": False,
        "isTransferableBetweenTeams": True,
        "isTrial": False,
    }
    if email is not None:
        address = email or f"person.{number}@example.com"
        row["assignee"] = {"type": "USER", "name": f"Person {number}", "email": address}
        row["lastSeen"] = {
            "lastAssignmentDate": "2026-01-15",
            "lastSeenDate": "2026-11-01",
            "isOfflineCodeGenerated": False,
        }
    return row | more


def licences(count: int) -> list[dict[str, object]]:
    return [licence(number) for number in range(count)]


def answer(rows: object, total: int | None = None, link: str = "", status: int = 200) -> Answer:
    headers = {"Content-Type": "application/json"}
    if total is not None:
        headers["X-Total-Count"] = str(total)
    if link:
        headers["Link"] = link
    return Answer(status, headers, orjson.dumps(rows), HOST)


def web_page(status: int = 200) -> Answer:
    return Answer(status, {"Content-Type": "text/html"}, b"<html>Bad Request</html>", HOST)


def refusal(kind: ErrorKind, status: int, code: str = "INVALID_TOKEN") -> VendorError:
    document = {"code": code, "description": ""}
    return VendorError(kind, f"general words ({status})", host=HOST, status=status, json_error=document)


class FakeJetBrains:
    """Answers like the vendor; `odd` may answer a page of the list itself, or raise."""

    def __init__(
        self,
        rows: list[dict[str, object]] | None = None,
        *,
        odd: Callable[[int], Answer | None] = lambda _page: None,
        token: object = None,
        counts: bool = True,
        refuses: Mapping[str, VendorError] | None = None,
    ) -> None:
        self.rows = licences(3) if rows is None else rows
        self.odd = odd
        self.token = {"type": "CUSTOMER", "id": 2600417, "name": "Kestrel & Heath"} if token is None else token
        self.counts = counts
        self.refuses = dict(refuses or {})
        self.asked: list[tuple[str, dict[str, str]]] = []

    def get(
        self,
        path_or_url: str,
        params: Mapping[str, str] | None = None,
        *,
        doing: str = "",
        path_template: str = "",
        try_again: bool = True,
    ) -> Answer:
        asked = dict(params or {})
        self.asked.append((path_or_url, asked))
        if path_or_url in self.refuses:
            raise self.refuses[path_or_url]
        if path_or_url == "/token":
            return answer(self.token)
        page, size = int(asked["page"]), int(asked["perPage"])
        odd = self.odd(page)
        if odd is not None:
            return odd
        return answer(self.rows[(page - 1) * size : page * size], len(self.rows) if self.counts else None)

    def send(
        self, method: str, path: str, params: None = None, json: object = None, *, retry: bool = False, doing: str = ""
    ) -> Answer:
        raise AssertionError("listing sends nothing")

    def pages(self) -> list[dict[str, str]]:
        """The parameters of each page of licences that was asked for."""
        return [params for path, params in self.asked if path != "/token"]
