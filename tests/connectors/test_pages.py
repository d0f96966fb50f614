import threading
from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from saasdesk.connectors.pages import NotAPage, OffsetPages, PageOfRows, Reading, rows_at, value_at

COUNTS = (0, 1, 99, 100, 101, 250, 999)


class Document:
    """An answer whose body is at hand."""

    def __init__(self, body: object, headers: Mapping[str, str] | None = None) -> None:
        self._body = body
        self.headers = headers or {}

    def json(self) -> object:
        return self._body


class Shelf:
    """Serves a list by offset; notes what was asked."""

    def __init__(self, count: int, *, cut: Callable[[int], int] = lambda asked: asked, counts: bool = True) -> None:
        self.count = count
        self.cut = cut
        self.counts = counts
        self.asked: list[dict[str, str]] = []
        self._lock = threading.Lock()

    def __call__(self, params: Mapping[str, str]) -> Document:
        with self._lock:
            self.asked.append(dict(params))
        offset, limit = int(params["offset"]), int(params["limit"])
        rows = list(range(offset, min(offset + self.cut(limit), self.count)))
        total = self.count if self.counts and params.get("total") == "true" else None
        return Document({"rows": rows, "more": offset + len(rows) < self.count, "total": total})


def read(
    pages: OffsetPages, ask: Callable[[Mapping[str, str]], Document], *, parallel: int = 4, at_most: int | None = None
) -> tuple[list[PageOfRows], Reading]:
    reading = Reading("Vendor", "users")
    return list(pages.read(ask, "rows", reading, parallel=parallel, at_most=at_most)), reading


def rows_of(pages: list[PageOfRows]) -> list[object]:
    return [row for page in pages for row in page.rows]


TOTAL = {"total": "true"}


@pytest.mark.parametrize("parallel", [1, 4])
@pytest.mark.parametrize("count", COUNTS)
def test_that_every_row_comes_once_and_in_order(count: int, parallel: int) -> None:
    shelf = Shelf(count)

    pages, reading = read(OffsetPages(total_params=TOTAL), shelf, parallel=parallel)

    assert rows_of(pages) == list(range(count))
    assert (reading.stated_end, reading.total, reading.unproven_because) == (True, count, None)
    assert len(shelf.asked) == len(pages) == max(1, -(-count // 100))


def test_that_the_total_is_asked_for_on_the_first_page_only_and_in_lower_case() -> None:
    shelf = Shelf(350)

    read(OffsetPages(total_params=TOTAL), shelf)

    assert [params.get("total") for params in sorted(shelf.asked, key=lambda p: int(p["offset"]))] == [
        "true",
        None,
        None,
        None,
    ]


@pytest.mark.parametrize("count", COUNTS)
def test_that_pages_end_by_the_vendors_word_where_it_gives_no_total(count: int) -> None:
    shelf = Shelf(count, counts=False)

    pages, reading = read(OffsetPages(total_params=TOTAL), shelf)

    assert rows_of(pages) == list(range(count))
    assert reading.total is None
    assert len(shelf.asked) <= len(pages) + 4


def test_that_a_limit_cut_down_by_the_vendor_skips_and_repeats_nobody() -> None:
    shelf = Shelf(260, cut=lambda asked: min(asked, 25))

    pages, reading = read(OffsetPages(total_params=TOTAL), shelf)

    assert rows_of(pages) == list(range(260))
    assert reading.stated_end
    assert len(shelf.asked) == len(pages) == 11


def test_that_one_short_page_in_the_middle_costs_nobody() -> None:
    class Uneven(Shelf):
        def __call__(self, params: Mapping[str, str]) -> Document:
            self.cut = lambda asked: asked - 7 if params["offset"] == "200" else asked
            return super().__call__(params)

    pages, reading = read(OffsetPages(total_params=TOTAL), Uneven(850), parallel=4)

    assert rows_of(pages) == list(range(850))
    assert reading.stated_end


@given(
    count=st.integers(0, 60),
    limit=st.integers(1, 12),
    cuts=st.lists(st.integers(1, 12), min_size=1, max_size=6),
    parallel=st.integers(1, 4),
    counts=st.booleans(),
)
def test_that_no_way_of_cutting_pages_loses_or_repeats_a_row(
    count: int, limit: int, cuts: list[int], parallel: int, counts: bool
) -> None:
    class Whimsical(Shelf):
        def __call__(self, params: Mapping[str, str]) -> Document:
            offset, asked = int(params["offset"]), int(params["limit"])
            rows = list(range(offset, min(offset + min(asked, cuts[offset % len(cuts)]), self.count)))
            total = count if counts else None
            return Document({"rows": rows, "more": offset + len(rows) < count, "total": total})

    pages, reading = read(OffsetPages(limit=limit, total_params=TOTAL), Whimsical(count), parallel=parallel)

    assert rows_of(pages) == list(range(count))
    assert reading.stated_end


def test_that_the_last_total_a_vendor_gives_is_the_one_that_is_kept() -> None:
    totals = {"0": 250, "100": None, "200": 249}

    def ask(params: Mapping[str, str]) -> Document:
        offset = int(params["offset"])
        rows = list(range(offset, min(offset + 100, 250)))
        return Document({"rows": rows, "more": offset < 200, "total": totals[params["offset"]]})

    _, reading = read(OffsetPages(total_params=TOTAL), ask)

    assert reading.total == 249


@pytest.mark.parametrize("total", [-84211632, True, "250", 2.5])
def test_that_a_total_that_cannot_be_one_is_passed_over(total: object) -> None:
    _, reading = read(OffsetPages(), lambda _: Document({"rows": [1], "more": False, "total": total}))

    assert reading.total is None


# ----- pages that are none


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"rows": None, "more": False},
        {"rows": {}, "more": False},
        [],
        None,
        "rows",
        {"rows": []},
        {"rows": [], "more": None},
        {"rows": [], "more": "false"},
        {"rows": [], "more": 0},
    ],
)
def test_p04_that_an_answer_without_its_list_is_an_error_and_never_an_empty_list(body: object) -> None:
    with pytest.raises(NotAPage):
        read(OffsetPages(), lambda _: Document(body))


def test_p04_that_an_empty_page_that_promises_more_ends_the_list_unproven() -> None:
    def ask(params: Mapping[str, str]) -> Document:
        return Document({"rows": [1, 2] if params["offset"] == "0" else [], "more": True})

    pages, reading = read(OffsetPages(limit=2), ask)

    assert rows_of(pages) == [1, 2]
    assert not reading.stated_end
    assert reading.unproven_because == "Vendor sent an empty page of users and yet said that more follow."


def test_p09_that_a_list_without_end_is_left_after_the_most_pages() -> None:
    pages, reading = read(OffsetPages(limit=1, most_pages=30), Shelf(10**9, counts=False))

    assert len(pages) == 30
    assert reading.unproven_because == "Vendor still had more users after 30 pages."
    assert OffsetPages().most_pages == 10_000


# ----- the wall


@pytest.mark.parametrize("parallel", [1, 4])
@pytest.mark.parametrize("count", [10_000, 10_001, 12_345])
def test_p04_that_the_wall_is_never_crossed_and_leaves_the_list_unproven(count: int, parallel: int) -> None:
    shelf = Shelf(count)

    pages, reading = read(OffsetPages(total_params=TOTAL, wall=10_000), shelf, parallel=parallel)

    assert rows_of(pages) == list(range(10_000))
    assert all(int(params["offset"]) + int(params["limit"]) <= 10_000 for params in shelf.asked)
    assert len(shelf.asked) == 100
    assert (reading.unproven_because or "").startswith("Vendor lists at most 10,000 users")


def test_that_the_wall_says_how_many_there_are_where_that_is_known() -> None:
    _, reading = read(OffsetPages(total_params=TOTAL, wall=10_000), Shelf(12_345))

    assert reading.unproven_because == (
        "Vendor lists at most 10,000 users; this account has 12,345. Whoever is not among them may still be there."
    )


def test_that_below_the_wall_the_list_is_whole() -> None:
    pages, reading = read(OffsetPages(total_params=TOTAL, wall=10_000), Shelf(9_999))

    assert rows_of(pages) == list(range(9_999))
    assert (reading.stated_end, reading.unproven_because) == (True, None)


def test_that_pages_of_an_odd_length_come_up_to_the_wall_and_no_further() -> None:
    shelf = Shelf(50, cut=lambda asked: min(asked, 7))

    pages, reading = read(OffsetPages(limit=10, wall=30), shelf, parallel=1)

    assert rows_of(pages) == list(range(30))
    assert max(int(params["offset"]) + int(params["limit"]) for params in shelf.asked) == 30
    assert not reading.stated_end


# ----- only some of them


@pytest.mark.parametrize(("at_most", "requests"), [(1, 1), (50, 1), (100, 1), (101, 2), (350, 4)])
def test_that_no_more_pages_are_asked_for_than_were_wanted(at_most: int, requests: int) -> None:
    shelf = Shelf(1_000)

    pages, reading = read(OffsetPages(total_params=TOTAL), shelf, at_most=at_most)

    assert rows_of(pages) == list(range(at_most))
    assert len(shelf.asked) == requests
    assert reading.unproven_because == f"Only the first {at_most:,} users were asked for."


# ----- several at once


class Together(Shelf):
    """Answers no page after the first before four are asked for; then the last of them first."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.at_once = threading.Barrier(4, timeout=10)
        self.done = {offset: threading.Event() for offset in range(0, count + 100, 100)}

    def __call__(self, params: Mapping[str, str]) -> Document:
        offset = int(params["offset"])
        if 100 <= offset < 500:
            self.at_once.wait()
            if offset < 400:
                assert self.done[offset + 100].wait(10)
        answer = super().__call__(params)
        self.done[offset].set()
        return answer


def test_that_four_pages_are_under_way_together_and_still_come_in_order() -> None:
    shelf = Together(500)

    pages, _ = read(OffsetPages(total_params=TOTAL), shelf)

    assert rows_of(pages) == list(range(500))
    assert [int(params["offset"]) for params in shelf.asked] == [0, 400, 300, 200, 100]


def test_that_never_more_than_four_pages_are_under_way_or_waiting() -> None:
    shelf = Shelf(2_000)
    reading = Reading("Vendor", "users")
    most_ahead = 0

    for page in OffsetPages(total_params=TOTAL).read(shelf, "rows", reading, parallel=4):
        most_ahead = max(most_ahead, len(shelf.asked) - page.number)

    assert 0 < most_ahead <= 4


def _page_threads() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith("pages")]


def test_that_leaving_early_ends_every_thread() -> None:
    reading = Reading("Vendor", "users")
    pages = OffsetPages(total_params=TOTAL).read(Shelf(5_000), "rows", reading, parallel=4)
    next(pages)
    next(pages)
    assert _page_threads()

    pages.close()

    assert not _page_threads()


def test_that_a_page_that_fails_ends_every_thread_after_the_pages_before_it() -> None:
    class Broken(Shelf):
        def __call__(self, params: Mapping[str, str]) -> Document:
            if params["offset"] == "300":
                raise ConnectionError
            return super().__call__(params)

    seen: list[object] = []

    def take_all() -> None:
        for page in OffsetPages(total_params=TOTAL).read(Broken(1_000), "rows", Reading("Vendor", "users"), parallel=4):
            seen.extend(page.rows)

    with pytest.raises(ConnectionError):
        take_all()

    assert seen == list(range(300))
    assert not _page_threads()


# ----- looking into JSON


@pytest.mark.parametrize(
    ("path", "expected"), [("a.b", 1), ("a", {"b": 1}), ("", {"a": {"b": 1}}), ("a.c", None), ("a.b.c", None)]
)
def test_that_a_path_finds_what_stands_there_or_nothing(path: str, expected: object) -> None:
    assert value_at({"a": {"b": 1}}, path) == expected


def test_that_a_vendor_may_send_its_list_bare() -> None:
    assert rows_at([1, 2], "") == [1, 2]


# ----- a vendor that tells with every page how many there are, and nothing of more

COUNTED = OffsetPages(offset_name="skip", more_path="", total_path="count")


class CountingShelf:
    """Serves a list by how many to skip; `total` and `cut` may depend on the page."""

    def __init__(
        self,
        count: int,
        *,
        cut: Callable[[int], int] = lambda _skip: 0,
        total: Callable[[int], object] | None = None,
    ) -> None:
        self.count, self.cut = count, cut
        self.total = total or (lambda _skip: count)

    def __call__(self, params: Mapping[str, str]) -> Document:
        skip, limit = int(params["skip"]), int(params["limit"])
        rows = list(range(skip, min(skip + limit, self.count)))
        return Document({"rows": rows[: len(rows) - self.cut(skip)], "count": self.total(skip)})


@pytest.mark.parametrize("parallel", [1, 4])
@pytest.mark.parametrize("count", COUNTS)
def test_that_a_list_ends_where_its_count_is_reached(count: int, parallel: int) -> None:
    pages, reading = read(COUNTED, CountingShelf(count), parallel=parallel)

    assert rows_of(pages) == list(range(count))
    assert len(pages) == max(1, -(-count // 100))
    assert (reading.stated_end, reading.total, reading.total_moved) == (True, count, False)
    assert reading.unproven_because is None


@pytest.mark.parametrize("short", [0, 100, 200, 300])
def test_that_a_short_page_is_not_the_end_of_a_counted_list(short: int) -> None:
    shelf = CountingShelf(350, cut=lambda skip: 3 if skip == short else 0)

    pages, reading = read(COUNTED, shelf)

    assert rows_of(pages) == list(range(350))
    assert reading.stated_end


@pytest.mark.parametrize("parallel", [1, 4])
def test_that_an_empty_page_ends_a_list_whose_count_promises_more(parallel: int) -> None:
    pages, reading = read(COUNTED, CountingShelf(200, total=lambda _skip: 450), parallel=parallel)

    assert rows_of(pages) == list(range(200))
    assert (reading.total, reading.stated_end) == (450, True)


def test_that_a_short_first_page_does_not_make_the_others_short() -> None:
    pages, _ = read(COUNTED, CountingShelf(350, cut=lambda skip: 90 if skip == 0 else 0))

    assert [len(page.rows) for page in pages] == [10, 100, 100, 100, 40]


def test_that_a_count_that_moves_from_page_to_page_is_noticed() -> None:
    _, reading = read(COUNTED, CountingShelf(300, total=lambda skip: 300 if skip < 200 else 299))

    assert reading.total_moved


@pytest.mark.parametrize("total", [None, "300", True, -1])
def test_that_a_page_without_a_usable_count_is_no_page(total: object) -> None:
    with pytest.raises(NotAPage, match="how many there are"):
        read(COUNTED, CountingShelf(300, total=lambda _skip: total))


@given(
    count=st.integers(0, 60),
    limit=st.integers(1, 12),
    cuts=st.lists(st.integers(0, 11), min_size=1, max_size=6),
    parallel=st.integers(1, 4),
)
def test_that_no_way_of_cutting_a_counted_list_loses_a_row(
    count: int, limit: int, cuts: list[int], parallel: int
) -> None:
    def cut(skip: int) -> int:
        left = min(limit, count - skip)
        return min(cuts[skip % len(cuts)], max(left - 1, 0))

    pages = OffsetPages(limit=limit, offset_name="skip", more_path="", total_path="count")
    found, reading = read(pages, CountingShelf(count, cut=cut), parallel=parallel)

    assert rows_of(found) == list(range(count))
    assert reading.stated_end
