"""A PagerDuty that answers out of a list, in the place of a session; what is odd about a day is passed in."""

import threading
from collections.abc import Callable, Mapping

import orjson

from saasdesk.errors import Cancelled
from saasdesk.web import Answer, ErrorKind, VendorError

JSON = {"Content-Type": "application/vnd.pagerduty+json; charset=utf-8"}
HOST = "api.pagerduty.com"


def user(number: int, **more: object) -> dict[str, object]:
    """One user as PagerDuty lists it."""
    return {
        "id": f"P{number:06d}",
        "type": "user",
        "summary": f"Person {number}",
        "self": f"https://api.pagerduty.com/users/P{number:06d}",
        "html_url": f"https://kestrel.pagerduty.com/users/P{number:06d}",
        "name": f"Person {number}",
        "email": f"person.{number}@example.com",
        "time_zone": None,
        "color": "green",
        "role": "limited_user",
        "avatar_url": "https://example.com/a.png",
        "description": None,
        "invitation_sent": False,
        "job_title": None,
        "billed": True,
        "coordinated_incidents": [],
        "teams": [],
        "contact_methods": [],
        "notification_rules": [],
        **more,
    }


def users(count: int) -> list[dict[str, object]]:
    return [user(number) for number in range(count)]


def json_answer(document: object, status: int = 200) -> Answer:
    return Answer(status, JSON, orjson.dumps(document), HOST)


def web_page(status: int = 200) -> Answer:
    return Answer(status, {"Content-Type": "text/html"}, b"<html>Sign in</html>", HOST)


def refusal(kind: ErrorKind, status: int | None, code: int | None = None) -> VendorError:
    document = None if code is None else {"error": {"code": code, "message": "No"}}
    return VendorError(kind, f"general words ({status})", host=HOST, path="/users", status=status, json_error=document)


NOT_FOUND = (ErrorKind.NOT_FOUND, 404, 2100)
Odd = Callable[[int], Answer | None]


class FakePagerDuty:
    """Answers like the vendor; `odd` may answer an offset of the user list itself, or raise."""

    def __init__(
        self,
        people: list[dict[str, object]] | None = None,
        *,
        odd: Odd | None = None,
        largest_page: int = 100,
        gives_total: bool = True,
        refuses: Mapping[str, VendorError] | None = None,
        opens_instead: str = "",
        stop: threading.Event | None = None,
    ) -> None:
        self.people = users(3) if people is None else people
        self.odd = odd
        self.largest_page = largest_page
        self.gives_total = gives_total
        self.refuses = dict(refuses or {})
        self.opens_instead = opens_instead
        self.stop = stop or threading.Event()
        self.allocations: list[dict[str, object]] = []
        self.sign_ins: list[dict[str, object]] = []
        self.analytics_page = 1000
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.queries: list[dict[str, object]] = []
        self.at_once = 0
        self.most_at_once = 0
        self._lock = threading.Lock()

    # ----- web.VendorSession

    def get(
        self,
        path_or_url: str,
        params: Mapping[str, str] | None = None,
        *,
        doing: str = "",
        path_template: str = "",
        try_again: bool = True,
    ) -> Answer:
        with self._lock:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            self.asked.append((path_or_url, dict(params or {})))
        try:
            return self._get(path_or_url, dict(params or {}))
        finally:
            with self._lock:
                self.at_once -= 1

    def send(
        self, method: str, path: str, params: None = None, json: object = None, *, retry: bool = False, doing: str = ""
    ) -> Answer:
        assert retry, "a query that only reads may be asked again"
        assert isinstance(json, dict)
        self.queries.append(dict(json))
        self._may_refuse(path)
        start = int(json.get("starting_after") or 0)
        size = min(int(json["limit"]), self.analytics_page)
        rows = self.sign_ins[start : start + size]
        end = start + len(rows)
        return json_answer({"data": rows, "first": str(start), "last": str(end), "more": end < len(self.sign_ins)})

    # ----- what stands behind it

    def user_pages(self) -> list[dict[str, str]]:
        """The parameters of each page of users that was asked for, the key test aside."""
        return [params for path, params in self.asked if path == "/users" and "offset" in params]

    def _may_refuse(self, path: str) -> None:
        if self.stop.is_set():
            raise Cancelled
        if path in self.refuses:
            raise self.refuses[path]

    def _get(self, path: str, params: dict[str, str]) -> Answer:
        self._may_refuse(path)
        if path.startswith("https://"):
            if path != self.opens_instead:
                raise refusal(ErrorKind.REDIRECTED, None)
            path = "/users"
        if path == "/users":
            if self.odd is not None and "offset" in params:
                answer = self.odd(int(params["offset"]))
                if answer is not None:
                    return answer
            return self._page("users", self.people, params)
        if path == "/license_allocations":
            return self._page("license_allocations", self.allocations, params)
        for person in self.people:
            if path == f"/users/{person['id']}":
                return json_answer({"user": person})
        raise refusal(*NOT_FOUND)

    def _page(self, key: str, rows: list[dict[str, object]], params: dict[str, str]) -> Answer:
        limit, offset = int(params.get("limit", 25)), int(params.get("offset", 0))
        assert 0 < limit <= 100
        if offset + limit > 10_000:
            raise refusal(ErrorKind.REFUSED, 400, 2001)
        page = rows[offset : offset + min(limit, self.largest_page)]
        more = offset + len(page) < len(rows)
        total = len(rows) if self.gives_total and params.get("total") == "true" else None
        return json_answer({key: page, "limit": limit, "offset": offset, "more": more, "total": total})
