"""How a vendor cuts a list into pages: asking for each in turn, or a few ahead, and knowing when it was the last."""

import re
from collections import deque
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import lru_cache
from types import TracebackType
from typing import NamedTuple, Protocol, Self
from urllib.parse import parse_qs, urlsplit

from saasdesk.errors import UserError
from saasdesk.web import Origin, VendorError


class PageAnswer(Protocol):
    """What a page needs of an answer; the body is parsed when asked for, by whoever asks."""

    @property
    def headers(self) -> Mapping[str, str]:
        """What stands beside the body, whatever the case of its names."""
        ...  # pragma: no cover - a Protocol

    def json(self) -> object:
        """The parsed body."""
        ...  # pragma: no cover - a Protocol


Ask = Callable[[Mapping[str, str]], PageAnswer]
"""Sends the query parameters of one page; may be called from several threads."""


Params = Callable[[int, int], Mapping[str, str]]
"""The query parameters for an offset and a size."""


class NotAPage(Exception):
    """The vendor answered, but not with a page of this list."""


class SamePageAgain(NotAPage):
    """The list goes round in circles: a cursor that was there before, or a page with nobody on it in the middle."""


class ForeignPage(NotAPage):
    """The list goes on at somebody else's address."""

    def __init__(self, address: str) -> None:
        super().__init__("it goes on at another address")
        self.address = address


class PageOfRows(NamedTuple):
    """What came on one page, as it came."""

    number: int
    rows: list[object]
    is_last: bool


@dataclass(slots=True)
class Reading:
    """How far a list was read, kept up to date while its pages come."""

    vendor: str
    noun: str
    pages: int = 0
    stated_end: bool = False
    total: int | None = None
    # The vendor counted differently from one page to the next: somebody came or left meanwhile.
    total_moved: bool = False
    unproven_because: str | None = None
    # Where a link to the next page may lead.
    origins: frozenset[Origin] = frozenset()
    # How often the list was begun again, and how many rows its first page had.
    restarts: int = 0
    first_page: int = 0

    def begin_again(self) -> None:
        """The list is read from its first page once more."""
        self.pages, self.total, self.total_moved, self.first_page = 0, None, False, 0
        self.restarts += 1


_NOTHING = object()


def value_at(document: object, path: str, default: object = None) -> object:
    """What stands at a dotted path of parsed JSON, lists counted from 0; the empty path is the document itself."""
    for key in _keys(path):
        if isinstance(document, dict) and key in document:
            document = document[key]
        elif isinstance(document, list) and key.isdecimal() and int(key) < len(document):
            document = document[int(key)]
        else:
            return default
    return document


# The paths are those that connectors name: few, and each is looked at for every record.
@lru_cache(maxsize=1024)
def _keys(path: str) -> tuple[str, ...]:
    return tuple(path.split(".")) if path else ()


def rows_at(document: object, path: str) -> list[object]:
    """The list of a page. A missing one is an error, never an empty page: that would make everybody look gone."""
    rows = value_at(document, path, _NOTHING)
    if rows is _NOTHING:
        raise NotAPage(f"the answer has no “{path}”")
    if not isinstance(rows, list):
        raise NotAPage(f"“{path or 'the answer'}” is not a list")
    return rows


@dataclass(frozen=True, slots=True)
class OffsetPages:
    """Pages asked for by offset, until the vendor says there are no more.

    A vendor that does not say it (`more_path` is empty) tells with every page how many there are: then the end is where
    that many were received, or nothing more comes. A short page alone is never the end.
    """

    limit: int = 100
    offset_name: str = "offset"
    more_path: str = "more"
    total_path: str = "total"
    # Sent with the first page only: counting costs the vendor time.
    total_params: Mapping[str, str] = field(default_factory=dict)
    # Offset and limit together may not be more than this.
    wall: int | None = None
    most_pages: int = 10_000

    def read(
        self, ask: Ask, rows_path: str, reading: Reading, *, parallel: int = 1, at_most: int | None = None
    ) -> Generator[PageOfRows]:
        """Ask for page after page; up to `parallel` at once, but handed on in their order."""
        size = self.limit if at_most is None else min(self.limit, at_most)
        offset = 0
        answer = ask({**self._params(0, size), **self.total_params})
        with _Ahead(ask, parallel) as ahead:
            while True:
                rows, is_last = self._open(answer.json(), rows_path, reading, offset)
                reading.pages += 1
                # Some vendors cut the limit down without saying so: step by what came, not by what was asked.
                offset += len(rows)
                is_end = self._is_end(rows, offset, reading, at_most, is_last=is_last)
                if at_most is not None and offset > at_most:
                    rows = rows[: len(rows) - (offset - at_most)]
                yield PageOfRows(reading.pages, rows, is_end)
                if is_end:
                    return
                if reading.pages == 1 and self.more_path:
                    size = min(size, len(rows))
                answer = ahead.take(offset, size, self._horizon(reading, at_most), self._params)

    def about_pages(self, reading: Reading) -> int | None:
        """How many pages there will be, where the vendor told its total."""
        if reading.total is None:
            return None
        reachable = reading.total if self.wall is None else min(reading.total, self.wall)
        return max(1, -(-reachable // self.limit))

    def _params(self, offset: int, size: int) -> dict[str, str]:
        if self.wall is not None:
            size = min(size, self.wall - offset)
        return {"limit": str(size), self.offset_name: str(offset)}

    def _horizon(self, reading: Reading, at_most: int | None) -> int | None:
        known = [end for end in (reading.total, self.wall, at_most) if end is not None]
        return min(known, default=None)

    def _open(self, document: object, rows_path: str, reading: Reading, offset: int) -> tuple[list[object], bool]:
        rows = rows_at(document, rows_path)
        total = value_at(document, self.total_path)
        is_count = isinstance(total, int) and not isinstance(total, bool) and total >= 0
        if isinstance(total, int) and is_count:
            reading.total_moved = reading.total_moved or reading.total not in (None, total)
            reading.total = total
        if self.more_path:
            more = value_at(document, self.more_path)
            if not isinstance(more, bool):
                raise NotAPage(f"the answer does not say in “{self.more_path}” whether more follows")
            return rows, not more
        if not is_count:
            raise NotAPage(f"the answer does not say in “{self.total_path}” how many there are")
        return rows, not rows or offset + len(rows) >= (reading.total or 0)

    def _is_end(self, rows: list[object], offset: int, reading: Reading, at_most: int | None, *, is_last: bool) -> bool:
        vendor, noun = reading.vendor, reading.noun
        reading.stated_end = is_last
        if self.wall is not None and offset >= self.wall:
            # Whether the vendor still says the truth about "more" at its own limit, nobody can tell.
            counted = f"; this account has {reading.total:,}" if (reading.total or 0) > self.wall else ""
            reading.unproven_because = (
                f"{vendor} lists at most {self.wall:,} {noun}{counted}. Whoever is not among them may still be there."
            )
        elif at_most is not None and offset >= at_most:
            reading.unproven_because = f"Only the first {at_most:,} {noun} were asked for."
        elif is_last:
            pass
        elif not rows:
            reading.unproven_because = f"{vendor} sent an empty page of {noun} and yet said that more follow."
        elif reading.pages >= self.most_pages:
            reading.unproven_because = f"{vendor} still had more {noun} after {self.most_pages:,} pages."
        else:
            return False
        return True


@dataclass(frozen=True, slots=True)
class CursorPages:
    """Pages that each name the next one, by a cursor or an address that holds it; one is asked for ahead.

    Only the cursor is taken from an address, and only from one of the vendor's own.
    """

    next_path: str = "links.next"
    total_path: str = "meta.total"
    param: str = "cursor"
    # Whether the vendor refused a page because it does not know the cursor any more: then the list is begun once more.
    is_rejected: Callable[[VendorError], bool] = lambda _: False
    most_pages: int = 10_000

    def read(
        self, ask: Ask, rows_path: str, reading: Reading, *, parallel: int = 1, at_most: int | None = None
    ) -> Generator[PageOfRows]:
        """Ask for page after page, the next one while this one is worked on: no more than that can be asked ahead."""
        del parallel
        known: set[str] = set()
        taken = 0
        answer = ask({})
        with ThreadPoolExecutor(1, thread_name_prefix="pages") as pool:
            while True:
                document = answer.json()
                rows = rows_at(document, rows_path)
                cursor = self._next(document, reading)
                reading.pages += 1
                reading.first_page = reading.first_page or len(rows)
                taken += len(rows)
                self._note_total(document, reading)
                is_end = self._is_end(cursor, taken, reading, at_most)
                if cursor is not None and not is_end and (cursor in known or not rows):
                    raise SamePageAgain("the list goes round in circles")
                ahead = None if cursor is None or is_end else pool.submit(ask, {self.param: cursor})
                if at_most is not None and taken > at_most:
                    rows = rows[: len(rows) - (taken - at_most)]
                yield PageOfRows(reading.pages, rows, is_end)
                if cursor is None or ahead is None:
                    return
                known.add(cursor)
                try:
                    answer = ahead.result()
                except VendorError as error:
                    if reading.restarts or not self.is_rejected(error):
                        raise
                    reading.begin_again()
                    known.clear()
                    taken = 0
                    answer = ask({})

    def about_pages(self, reading: Reading) -> int | None:
        """How many pages there will be, where the vendor told its total."""
        if reading.total is None or not reading.first_page:
            return None
        return max(1, -(-reading.total // reading.first_page))

    def _next(self, document: object, reading: Reading) -> str | None:
        link = value_at(document, self.next_path)
        if link is None or link == "":
            return None
        if not isinstance(link, str):
            raise NotAPage(f"its “{self.next_path}” is no text")
        is_address = link.lower().startswith(("http:", "https:"))
        # A path without its host leads nowhere else; what has no question mark is a token, whatever it begins with.
        if not is_address and not (link.startswith("/") and "?" in link):
            return link
        if is_address and _origin(link) not in reading.origins:
            raise ForeignPage(link)
        cursors = parse_qs(urlsplit(link).query).get(self.param)
        if not cursors:
            raise NotAPage(f"its “{self.next_path}” has no {self.param}")
        return cursors[0]

    def _note_total(self, document: object, reading: Reading) -> None:
        total = value_at(document, self.total_path)
        if isinstance(total, int) and not isinstance(total, bool) and total >= 0:
            reading.total_moved = reading.total_moved or reading.total not in (None, total)
            reading.total = total

    def _is_end(self, cursor: str | None, taken: int, reading: Reading, at_most: int | None) -> bool:
        reading.stated_end = cursor is None
        if at_most is not None and taken >= at_most:
            reading.unproven_because = f"Only the first {at_most:,} {reading.noun} were asked for."
        elif cursor is not None and reading.pages >= self.most_pages:
            reading.unproven_because = (
                f"{reading.vendor} still had more {reading.noun} after {self.most_pages:,} pages."
            )
        elif cursor is not None:
            return False
        return True


_NEXT_LINK = re.compile(r"""\brel\s*=\s*["']?next\b""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class NumberedPages:
    """Pages asked for by their number, until as many rows came as the vendor counts in a header.

    One request at a time: the next page is asked for while this one is worked on.
    """

    limit: int = 100
    number_param: str = "page"
    limit_param: str = "perPage"
    total_header: str = "X-Total-Count"
    most_pages: int = 10_000

    def read(
        self, ask: Ask, rows_path: str, reading: Reading, *, parallel: int = 1, at_most: int | None = None
    ) -> Generator[PageOfRows]:
        """Ask for page after page; `parallel` is of no use here."""
        del parallel
        size = self.limit if at_most is None else min(self.limit, at_most)
        came = 0
        answer = ask(self._params(1, size))
        with ThreadPoolExecutor(1, thread_name_prefix="pages") as pool:
            while True:
                rows = rows_at(answer.json(), rows_path)
                reading.pages += 1
                came += len(rows)
                is_end = self._is_end(rows, came, answer.headers, reading, at_most)
                if at_most is not None and came > at_most:
                    rows = rows[: len(rows) - (came - at_most)]
                ahead = None if is_end else pool.submit(ask, self._params(reading.pages + 1, size))
                yield PageOfRows(reading.pages, rows, is_end)
                if ahead is None:
                    return
                answer = ahead.result()

    def about_pages(self, reading: Reading) -> int | None:
        """How many pages there will be, where the vendor told its total."""
        return None if reading.total is None else max(1, -(-reading.total // self.limit))

    def _params(self, number: int, size: int) -> dict[str, str]:
        return {self.number_param: str(number), self.limit_param: str(size)}

    def _is_end(
        self, rows: list[object], came: int, headers: Mapping[str, str], reading: Reading, at_most: int | None
    ) -> bool:
        vendor, noun = reading.vendor, reading.noun
        counted = headers.get(self.total_header, "")
        if counted.isascii() and counted.isdecimal():
            reading.total_moved = reading.total_moved or reading.total not in (None, int(counted))
            reading.total = int(counted)
        # A hint and no more: it may contradict the end, but never states one.
        says_more = _NEXT_LINK.search(headers.get("Link", "")) is not None
        if at_most is not None and came >= at_most:
            reading.unproven_because = f"Only the first {at_most:,} {noun} were asked for."
        elif not rows and says_more:
            reading.unproven_because = f"{vendor} sent an empty page of {noun} and yet said that more follow."
        elif not rows or (reading.total is not None and came >= reading.total and not says_more):
            # A short page is no end: the list may shrink while it is read, and then the count tells.
            reading.stated_end = True
        elif reading.pages >= self.most_pages:
            reading.unproven_because = f"{vendor} still had more {noun} after {self.most_pages:,} pages."
        else:
            return False
        return True


def _origin(address: str) -> Origin | None:
    try:
        return Origin.of(address)
    except UserError:
        return None


Pages = OffsetPages | CursorPages | NumberedPages
"""The ways in which lists are cut; a vendor with another one brings a new part."""


class _Ahead:
    """Pages under way in threads of their own, oldest first; the threads do nothing but wait for the network."""

    def __init__(self, ask: Ask, most: int) -> None:
        self._ask = ask
        self._most = most
        self._pool: ThreadPoolExecutor | None = None
        self._under_way: deque[tuple[int, Future[PageAnswer]]] = deque()
        self._next_offset = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # A request under way is waited for: it ends by its own deadline, or at once when the run is stopped.
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def take(self, offset: int, size: int, horizon: int | None, params: Params) -> PageAnswer:
        """The page at this offset; those after it, up to the horizon, are asked for meanwhile."""
        if self._under_way and self._under_way[0][0] != offset:
            # A page was not as long as the others, so what was asked ahead lies askew: from here on one by one.
            for _, future in self._under_way:
                future.cancel()
            self._under_way.clear()
            self._most = 1
        if self._most == 1:
            return self._ask(params(offset, size))
        if not self._under_way:
            self._next_offset = offset
            self._send(size, params)
        self._send_more(size, horizon, params)
        answer = self._under_way[0][1].result()
        self._under_way.popleft()
        # Its place is taken at once, so that the network works while this page is worked on.
        self._send_more(size, horizon, params)
        return answer

    def _send_more(self, size: int, horizon: int | None, params: Params) -> None:
        while len(self._under_way) < self._most and (horizon is None or self._next_offset < horizon):
            self._send(size, params)

    def _send(self, size: int, params: Params) -> None:
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self._most, thread_name_prefix="pages")
        self._under_way.append((self._next_offset, self._pool.submit(self._ask, params(self._next_offset, size))))
        self._next_offset += size
