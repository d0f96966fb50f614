"""An Atlassian that answers out of a list, in the place of a session; what is odd about a day is passed in."""

from collections.abc import Callable, Mapping

import orjson

from saasdesk.web import Answer, ErrorKind, VendorError

HOST = "api.atlassian.com"
API = f"https://{HOST}"
ORGANISATION = "6d2a0f2e-3c1b-4c8a-9f6d-0a1b2c3d4e5f"
INPUTS = {"organization_id": ORGANISATION}
USERS = f"/admin/v1/orgs/{ORGANISATION}/users"
PAGE = 100


def account(number: int, **more: object) -> dict[str, object]:
    """One managed account as Atlassian lists it."""
    return {
        "account_id": f"712020:{number:08d}",
        "account_type": "atlassian",
        "account_status": "active",
        "name": f"Person {number}",
        "picture": "https://example.com/a.png",
        "email": f"person.{number}@example.com",
        "access_billable": True,
        "last_active": "2026-11-19T08:31:02.123Z",
        "product_access": [{"key": "confluence", "name": "Confluence", "url": "kestrel.atlassian.net"}],
        "links": {"self": f"{API}/users/712020:{number:08d}/manage/profile"},
        **more,
    }


def accounts(count: int) -> list[dict[str, object]]:
    return [account(number) for number in range(count)]


def json_answer(document: object, status: int = 200) -> Answer:
    return Answer(status, {"Content-Type": "application/json"}, orjson.dumps(document), HOST)


def refusal(kind: ErrorKind, status: int, code: str = "", said: str = "") -> VendorError:
    document = {"errors": [{"status": str(status), "code": code}]}
    return VendorError(
        kind, f"general words ({status})", host=HOST, status=status, json_error=document, vendor_message=said
    )


def page(rows: list[object], following: str | None = None, total: int | None = None) -> Answer:
    """One page; `following` is what stands in links.next."""
    links = {"self": f"{API}{USERS}", "next": following}
    return json_answer({"data": rows, "links": links, "meta": None if total is None else {"total": total}})


Odd = Callable[[str], Answer | None]


class FakeAtlassian:
    """Answers like the vendor; `odd` may answer a cursor of the user list itself, or raise."""

    def __init__(
        self,
        people: list[dict[str, object]] | None = None,
        *,
        odd: Odd | None = None,
        bare_cursors: bool = False,
        gives_total: bool = True,
        refuses: Mapping[str, VendorError] | None = None,
    ) -> None:
        self.people = accounts(3) if people is None else people
        self.odd = odd
        self.bare_cursors = bare_cursors
        self.gives_total = gives_total
        self.refuses = dict(refuses or {})
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.queries: list[tuple[str, object]] = []

    def get(
        self,
        path_or_url: str,
        params: Mapping[str, str] | None = None,
        *,
        doing: str = "",
        path_template: str = "",
        try_again: bool = True,
    ) -> Answer:
        assert path_or_url.startswith("/"), "no link is ever followed"
        self.asked.append((path_or_url, dict(params or {})))
        if path_or_url in self.refuses:
            raise self.refuses[path_or_url]
        if path_or_url == USERS:
            return self._page((params or {}).get("cursor", ""))
        if path_or_url == f"/admin/v1/orgs/{ORGANISATION}":
            return json_answer({"data": {"id": ORGANISATION, "type": "orgs", "attributes": {"name": "Kestrel"}}})
        return json_answer({"data": []})

    def send(
        self, method: str, path: str, params: None = None, json: object = None, *, retry: bool = False, doing: str = ""
    ) -> Answer:
        assert retry, "a query that only reads may be asked again"
        self.queries.append((path, json))
        return json_answer({"data": []})

    def cursors(self) -> list[str]:
        """The cursor of each page of users that was asked for; empty for the first."""
        return [params.get("cursor", "") for path, params in self.asked if path == USERS]

    def _page(self, cursor: str) -> Answer:
        if self.odd is not None and (answer := self.odd(cursor)) is not None:
            return answer
        offset = int(cursor.removeprefix("a=b&c+").removesuffix("==") or 0)
        rows: list[object] = list(self.people[offset : offset + PAGE])
        following = None
        if offset + PAGE < len(self.people):
            # A token with characters that an address must quote.
            following = f"a=b&c+{offset + PAGE}=="
            if not self.bare_cursors:
                following = f"{API}{USERS}?cursor=a%3Db%26c%2B{offset + PAGE}%3D%3D"
        return page(rows, following, len(self.people) if self.gives_total else None)
