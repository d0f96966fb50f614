import threading
from collections.abc import Callable, Mapping

import pytest

from saasdesk.connectors.pages import NotAPage, NumberedPages, PageOfRows, Reading
from tests.connectors.test_pages import Document, rows_of

PAGES = NumberedPages(limit=100)
NEXT = '<https://vendor.example.com/list?page=2&perPage=100>; rel="next"'
Ask = Callable[[Mapping[str, str]], Document]


class Shelf:
    """Serves a list by numbered pages; notes what was asked, and how much at once."""

    def __init__(self, count: int, *, counts: bool = True) -> None:
        self.count = count
        self.counts = counts
        self.asked: list[dict[str, str]] = []

    def __call__(self, params: Mapping[str, str]) -> Document:
        self.asked.append(dict(params))
        page, size = int(params["page"]), int(params["perPage"])
        headers = {"X-Total-Count": str(self.count)} if self.counts else {}
        return Document(list(range((page - 1) * size, min(page * size, self.count))), headers)


def read(ask: Ask, *, at_most: int | None = None, pages: NumberedPages = PAGES) -> tuple[list[PageOfRows], Reading]:
    reading = Reading("Vendor", "licences")
    return list(pages.read(ask, "", reading, at_most=at_most)), reading


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 250, 1000])
def test_that_every_row_comes_once_in_order_and_the_count_ends_the_list(count: int) -> None:
    shelf = Shelf(count)

    pages, reading = read(shelf)

    assert rows_of(pages) == list(range(count))
    assert (reading.stated_end, reading.total, reading.unproven_because) == (True, count, None)
    assert [params["page"] for params in shelf.asked] == [str(n + 1) for n in range(max(1, -(-count // 100)))]
    assert [page.is_last for page in pages] == [False] * (len(pages) - 1) + [True]


@pytest.mark.parametrize("count", [0, 1, 100, 101])
def test_that_without_a_count_only_an_empty_page_ends_the_list(count: int) -> None:
    shelf = Shelf(count, counts=False)

    pages, reading = read(shelf)

    assert rows_of(pages) == list(range(count))
    assert reading.stated_end
    assert reading.total is None
    assert len(shelf.asked) == -(-count // 100) + 1


def test_that_a_short_page_is_no_end_while_the_count_says_more() -> None:
    lists = {1: [1, 2], 2: [3, 4], 3: [5]}

    pages, reading = read(lambda params: Document(lists[int(params["page"])], {"X-Total-Count": "5"}))

    assert rows_of(pages) == [1, 2, 3, 4, 5]
    assert reading.stated_end


def test_that_a_list_that_ends_before_its_count_shows_how_much_was_announced() -> None:
    lists = {1: [1, 2], 2: []}

    _, reading = read(lambda params: Document(lists[int(params["page"])], {"X-Total-Count": "5"}))

    assert (reading.stated_end, reading.total) == (True, 5)


def test_that_a_count_is_not_the_end_while_a_link_leads_on() -> None:
    lists = {1: [1, 2], 2: [3], 3: []}
    links = {1: NEXT, 2: "", 3: ""}

    pages, _ = read(
        lambda params: Document(lists[int(params["page"])], {"X-Total-Count": "2", "Link": links[int(params["page"])]})
    )

    assert rows_of(pages) == [1, 2, 3]


def test_p04_that_an_empty_page_with_a_link_to_the_next_proves_nothing() -> None:
    _, reading = read(lambda _: Document([], {"X-Total-Count": "5", "Link": NEXT}))

    assert not reading.stated_end
    assert "empty page of licences" in (reading.unproven_because or "")


def test_p09_that_there_is_a_last_page_whatever_the_vendor_says() -> None:
    asked: list[str] = []

    def ask(params: Mapping[str, str]) -> Document:
        asked.append(params["page"])
        return Document([params["page"]], {})

    _, reading = read(ask, pages=NumberedPages(most_pages=5))

    assert len(asked) == 5
    assert "after 5 pages" in (reading.unproven_because or "")
    assert not reading.stated_end


@pytest.mark.parametrize("counted", ["", "many", "-1", "²", "1e3"])
def test_that_a_count_that_is_none_is_no_total(counted: str) -> None:
    lists = {1: [1], 2: []}

    _, reading = read(lambda params: Document(lists[int(params["page"])], {"X-Total-Count": counted}))

    assert reading.total is None
    assert reading.stated_end


@pytest.mark.parametrize("body", [{}, {"licenses": []}, None, "list", 3])
def test_p04_that_something_else_than_a_list_is_never_an_empty_one(body: object) -> None:
    with pytest.raises(NotAPage, match="is not a list"):
        read(lambda _: Document(body, {"X-Total-Count": "0"}))


def test_that_the_first_few_come_from_pages_of_that_size_and_prove_nothing() -> None:
    shelf = Shelf(250)

    pages, reading = read(shelf, at_most=10)

    assert rows_of(pages) == list(range(10))
    assert shelf.asked == [{"page": "1", "perPage": "10"}]
    assert reading.unproven_because == "Only the first 10 licences were asked for."


def test_that_the_next_page_is_asked_for_while_this_one_is_worked_on_and_one_at_a_time() -> None:
    shelf = Shelf(300)
    second = threading.Event()

    def ask(params: Mapping[str, str]) -> Document:
        answer = shelf(params)
        if params["page"] == "2":
            second.set()
        return answer

    reading = Reading("Vendor", "licences")
    pages = PAGES.read(ask, "", reading)
    next(pages)

    assert second.wait(5), "the second page is under way before anybody asks for it"
    assert len(shelf.asked) == 2
    pages.close()
    assert len(shelf.asked) == 2


def test_that_an_error_on_the_way_comes_with_the_page_it_belongs_to() -> None:
    def ask(params: Mapping[str, str]) -> Document:
        if params["page"] == "2":
            raise OSError("cut")
        return Shelf(300)(params)

    pages = PAGES.read(ask, "", Reading("Vendor", "licences"))

    assert len(next(pages).rows) == 100
    with pytest.raises(OSError, match="cut"):
        next(pages)


def test_that_the_number_of_pages_is_known_once_the_vendor_counted() -> None:
    reading = Reading("Vendor", "licences")

    assert PAGES.about_pages(reading) is None
    reading.total = 250
    assert PAGES.about_pages(reading) == 3
