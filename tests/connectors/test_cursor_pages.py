"""Lists whose pages name the next one: where they go on, where they end, and where they must not lead."""

import threading
import time
from collections.abc import Callable, Mapping
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saasdesk.connectors.pages import CursorPages, ForeignPage, NotAPage, PageOfRows, Reading, SamePageAgain
from saasdesk.web import ErrorKind, Origin, VendorError

HOME = "https://api.example.com"
Ask = Callable[[Mapping[str, str]], "Document"]


class Document:
    """An answer whose body is at hand."""

    def __init__(self, body: object) -> None:
        self._body = body

    def json(self) -> object:
        return self._body


class Shelf:
    """Serves a list by cursor; `link` makes what stands in links.next."""

    def __init__(
        self, count: int, *, size: int = 100, link: Callable[[str], object] = str, total: object = None
    ) -> None:
        self.count, self.size, self.link, self.total = count, size, link, total
        self.asked: list[str] = []

    def __call__(self, params: Mapping[str, str]) -> Document:
        assert set(params) <= {"cursor"}
        self.asked.append(params.get("cursor", ""))
        start = int(params.get("cursor", "at 0").removeprefix("at "))
        rows = list(range(start, min(start + self.size, self.count)))
        end = start + len(rows)
        links = {"next": self.link(f"at {end}") if end < self.count else None}
        return Document({"rows": rows, "links": links, "meta": self.total})


def address(cursor: str) -> str:
    return f"{HOME}/v1/users?cursor={quote(cursor)}"


def read(ask: Ask, pages: CursorPages | None = None, at_most: int | None = None) -> tuple[list[PageOfRows], Reading]:
    reading = Reading("Vendor", "users", origins=frozenset({Origin.of(HOME)}))
    return list((pages or CursorPages()).read(ask, "rows", reading, at_most=at_most)), reading


def rows_of(pages: list[PageOfRows]) -> list[object]:
    return [row for page in pages for row in page.rows]


def path(cursor: str) -> str:
    return f"/v1/users?cursor={quote(cursor)}"


@pytest.mark.parametrize("link", [str, address, path], ids=["a bare token", "a whole address", "a path"])
@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 250, 999])
def test_that_every_row_comes_once_and_in_order(count: int, link: Callable[[str], object]) -> None:
    shelf = Shelf(count, link=link)

    pages, reading = read(shelf)

    assert rows_of(pages) == list(range(count))
    assert (reading.stated_end, reading.unproven_because, reading.total) == (True, None, None)
    assert len(shelf.asked) == len(pages) == max(1, -(-count // 100))


@given(cursor=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1))
def test_that_a_cursor_comes_back_as_it_was_given_whatever_is_in_it(cursor: str) -> None:
    if cursor.lower().startswith(("http:", "https:")) or (cursor.startswith("/") and "?" in cursor):
        return
    asked: list[str] = []

    def ask(params: Mapping[str, str]) -> Document:
        asked.append(params.get("cursor", ""))
        following = {"": cursor, cursor: f"{HOME}/users?limit=1&cursor={quote(cursor + 'x', safe='')}"}
        return Document({"rows": [len(asked)], "links": {"next": following.get(asked[-1])}})

    read(ask)

    assert asked == ["", cursor, cursor + "x"]


@pytest.mark.parametrize("link", [None, ""])
def test_that_a_list_ends_where_no_next_page_is_named(link: object) -> None:
    for body in ({"rows": [1], "links": {"next": link}}, {"rows": [1], "links": {}}, {"rows": [1]}):
        _, reading = read(lambda _, body=body: Document(body))
        assert reading.stated_end


@pytest.mark.parametrize(
    "link",
    [
        "https://elsewhere.example.com/users?cursor=x",
        "https://api.example.com.elsewhere.example.com/users?cursor=x",
        "https://api.example.com:8443/users?cursor=x",
        "http://api.example.com/users?cursor=x",
        "https://api.example.com@elsewhere.example.com/users?cursor=x",
        "HTTPS://ELSEWHERE.example.com/users?cursor=x",
        "https://?cursor=x",
    ],
)
def test_p06_that_a_next_page_at_another_address_is_never_followed(link: str) -> None:
    shelf = Shelf(250, link=lambda _: link)

    with pytest.raises(ForeignPage):
        read(shelf)

    assert shelf.asked == [""]


def test_that_an_address_without_a_cursor_is_no_page() -> None:
    with pytest.raises(NotAPage, match="has no cursor"):
        read(Shelf(250, link=lambda _: f"{HOME}/users?page=2"))


@pytest.mark.parametrize("link", [17, True, ["x"], {"href": "x"}])
def test_that_a_link_that_is_no_text_is_no_page(link: object) -> None:
    with pytest.raises(NotAPage, match="is no text"):
        read(Shelf(250, link=lambda _: link))


@pytest.mark.parametrize("body", [{}, {"rows": None}, {"rows": {}}, {"links": {}}, [], None])
def test_p04_that_a_page_without_its_list_is_an_error_and_no_empty_page(body: object) -> None:
    with pytest.raises(NotAPage):
        read(lambda _: Document(body))


def test_p04_that_a_cursor_that_comes_again_stops_the_reading() -> None:
    def ask(params: Mapping[str, str]) -> Document:
        return Document(
            {"rows": [params.get("cursor")], "links": {"next": {"": "a", "a": "b"}.get(params.get("cursor", ""), "a")}}
        )

    with pytest.raises(SamePageAgain):
        read(ask)


def test_p04_that_an_empty_page_in_the_middle_stops_the_reading() -> None:
    def ask(params: Mapping[str, str]) -> Document:
        return Document({"rows": [], "links": {"next": params.get("cursor", "") + "x"}})

    with pytest.raises(SamePageAgain):
        read(ask)


def test_p09_that_a_list_with_ever_new_cursors_has_a_bound() -> None:
    def ask(params: Mapping[str, str]) -> Document:
        return Document({"rows": [1], "links": {"next": params.get("cursor", "") + "x"}})

    pages, reading = read(ask, CursorPages(most_pages=7))

    assert len(pages) == 7
    assert reading.unproven_because == "Vendor still had more users after 7 pages."


@pytest.mark.parametrize("meta", [None, {}, {"total": None}, {"total": "250"}, {"total": True}, {"total": -1}, [], "x"])
def test_that_a_total_that_is_missing_or_none_is_passed_over(meta: object) -> None:
    _, reading = read(Shelf(250, total=meta))

    assert (reading.total, reading.stated_end) == (None, True)


def test_that_a_total_tells_about_how_many_pages_come() -> None:
    shelf = Shelf(250, total={"total": 250})
    reading = Reading("Vendor", "users")
    reader = CursorPages().read(shelf, "rows", reading)

    next(reader)

    assert CursorPages().about_pages(reading) == 3
    reader.close()


def test_that_only_the_first_few_are_read_where_no_more_are_wanted() -> None:
    shelf = Shelf(250)

    pages, reading = read(shelf, at_most=120)

    assert rows_of(pages) == list(range(120))
    assert len(shelf.asked) == 2
    assert reading.unproven_because == "Only the first 120 users were asked for."


# ----- a cursor that the vendor forgot


REJECTED = VendorError(ErrorKind.REFUSED, "refused", host="api.example.com", status=400)
BROKEN = VendorError(ErrorKind.VENDOR_DOWN, "down", host="api.example.com", status=500)
FORGETFUL = CursorPages(is_rejected=lambda error: error.status == 400)


class Forgetful(Shelf):
    """Forgets a cursor so many times."""

    def __init__(self, count: int, times: int, error: VendorError = REJECTED) -> None:
        super().__init__(count)
        self.times, self.error = times, error

    def __call__(self, params: Mapping[str, str]) -> Document:
        if params.get("cursor") == "at 200" and self.times:
            self.times -= 1
            raise self.error
        return super().__call__(params)


def test_that_a_list_is_begun_once_more_where_its_cursor_was_forgotten() -> None:
    pages, reading = read(Forgetful(250, times=1), FORGETFUL)

    assert [page.number for page in pages] == [1, 2, 1, 2, 3]
    assert rows_of(pages[2:]) == list(range(250))
    assert (reading.restarts, reading.pages, reading.stated_end) == (1, 3, True)


def test_that_a_list_is_not_begun_a_third_time() -> None:
    with pytest.raises(VendorError, match="refused"):
        read(Forgetful(250, times=2), FORGETFUL)


def test_that_another_error_begins_nothing_anew() -> None:
    with pytest.raises(VendorError, match="down"):
        read(Forgetful(250, times=1, error=BROKEN), FORGETFUL)


# ----- one page ahead


def test_that_the_next_page_is_under_way_while_one_is_worked_on() -> None:
    shelf, asked = Shelf(250), threading.Semaphore(0)

    def ask(params: Mapping[str, str]) -> Document:
        try:
            return shelf(params)
        finally:
            asked.release()

    reader = CursorPages().read(ask, "rows", Reading("Vendor", "users"))
    next(reader)

    assert asked.acquire(timeout=5)
    assert asked.acquire(timeout=5)
    assert shelf.asked == ["", "at 100"]
    reader.close()


def test_that_giving_up_leaves_no_thread_behind() -> None:
    def ask(params: Mapping[str, str]) -> Document:
        if params:
            time.sleep(0.05)
        return Shelf(250)(params)

    reader = CursorPages().read(ask, "rows", Reading("Vendor", "users"))
    next(reader)
    reader.close()

    assert not [thread for thread in threading.enumerate() if thread.name.startswith("pages")]
