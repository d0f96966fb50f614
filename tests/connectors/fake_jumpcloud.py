"""A JumpCloud that answers out of a list, in the place of a session; what is odd about a day is passed in."""

import threading
from collections.abc import Callable, Mapping

import orjson

from saasdesk.web import Answer, ErrorKind, VendorError

JSON = {"Content-Type": "application/json; charset=utf-8"}
HOST = "console.jumpcloud.com"


def user(number: int, **more: object) -> dict[str, object]:
    """One system user as JumpCloud lists it; a key given as ... is left out."""
    made = f"6026bec6b8207255{number:08x}"
    document: dict[str, object] = {
        "_id": made,
        "id": made,
        "email": f"person.{number}@example.com",
        "username": f"person.{number}",
        "displayname": f"Person {number}",
        "firstname": "Person",
        "lastname": str(number),
        "jobTitle": "",
        "department": "",
        "manager": "",
        "state": "ACTIVATED",
        "suspended": False,
        "account_locked": False,
        "account_locked_date": None,
        "password_expired": False,
        "admin": None,
        "organization": "60259a2ad81e1a474d4e7c83",
        **more,
    }
    return {key: value for key, value in document.items() if value is not ...}


def users(count: int) -> list[dict[str, object]]:
    return [user(number) for number in range(count)]


def event(number: int, timestamp: str, *, success: object = True) -> dict[str, object]:
    """One sign-in as Directory Insights tells of it."""
    made = user(number)["_id"]
    return {
        "event_type": "sso_auth",
        "timestamp": timestamp,
        "success": success,
        "initiated_by": {"id": made, "type": "user"},
    }


def json_answer(document: object, **headers: str) -> Answer:
    named = {name.replace("_", "-", 1): value for name, value in headers.items()}
    return Answer(200, {**JSON, **named}, orjson.dumps(document), HOST)


def refusal(kind: ErrorKind, status: int | None, message: str = "No", host: str = HOST) -> VendorError:
    return VendorError(kind, f"general words ({status})", host=host, status=status, json_error={"message": message})


class FakeJumpCloud:
    """Answers like the vendor; `odd` may answer a page of users itself, by its offset, or raise."""

    def __init__(
        self,
        people: list[dict[str, object]] | None = None,
        *,
        odd: Callable[[int], Answer | None] | None = None,
        refuses: Mapping[str, VendorError] | None = None,
    ) -> None:
        self.people = users(3) if people is None else people
        self.odd = odd
        self.refuses = dict(refuses or {})
        self.administrators: list[dict[str, object]] = []
        self.events: list[dict[str, object]] = []
        self.events_page = 1_000
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.questions: list[tuple[str, dict[str, object]]] = []
        self._lock = threading.Lock()

    def get(
        self,
        path_or_url: str,
        params: Mapping[str, str] | None = None,
        *,
        doing: str = "",
        path_template: str = "",
        try_again: bool = True,
    ) -> Answer:
        given = dict(params or {})
        with self._lock:
            self.asked.append((path_or_url, given))
        if path_or_url in self.refuses:
            raise self.refuses[path_or_url]
        if path_or_url == "/api/systemusers":
            answer = self.odd(int(given["skip"])) if self.odd is not None and "skip" in given else None
            return answer or self._page(self.people, given)
        if path_or_url == "/api/users":
            return self._page(self.administrators, given)
        for person in self.people:
            if path_or_url == f"/api/systemusers/{person['_id']}":
                return json_answer(person)
        raise refusal(ErrorKind.NOT_FOUND, 404, "Not Found")

    def send(
        self, method: str, path: str, params: None = None, json: object = None, *, retry: bool = False, doing: str = ""
    ) -> Answer:
        assert retry, "a query that only reads may be asked again"
        assert isinstance(json, dict)
        self.questions.append((path, dict(json)))
        if path in self.refuses:
            raise self.refuses[path]
        start = json.get("search_after", [0])[0]
        size = min(json["limit"], self.events_page)
        rows = self.events[start : start + size]
        return json_answer(
            rows, X_Limit=str(size), X_Result_Count=str(len(rows)), X_Search_after=f'[{start + len(rows)},"token"]'
        )

    def user_pages(self) -> list[dict[str, str]]:
        """The parameters of each page of users that was asked for, the key test aside."""
        return [params for path, params in self.asked if path == "/api/systemusers" and "skip" in params]

    @staticmethod
    def _page(rows: list[dict[str, object]], params: dict[str, str]) -> Answer:
        limit, skip = int(params.get("limit", 10)), int(params.get("skip", 0))
        assert 0 < limit <= 100
        return json_answer({"totalCount": len(rows), "results": rows[skip : skip + limit]})
