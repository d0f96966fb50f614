"""The list of a vendor's users, read page by page, and what proves that it is whole."""

from collections import Counter
from collections.abc import Generator, Iterator
from contextlib import closing
from typing import TYPE_CHECKING

import orjson

from saasdesk.connectors.found import Evidence, ListingBroken, Page, RecordProblem, VendorRecord
from saasdesk.connectors.pages import (
    ForeignPage,
    NotAPage,
    PageOfRows,
    SamePageAgain,
    value_at,
)
from saasdesk.connectors.raw import Raw, take_out
from saasdesk.connectors.spec import LicenceRows, LooseLicence
from saasdesk.errors import UserError
from saasdesk.web import ErrorKind, VendorError

if TYPE_CHECKING:
    # The client makes the listing.
    from saasdesk.connectors.client import VendorClient

# After these nothing read so far is trusted; after any other the pages that came before still count.
_NOTHING_COUNTS = frozenset(
    {
        ErrorKind.WRONG_KEY,
        ErrorKind.FORBIDDEN,
        ErrorKind.WEB_PAGE,
        ErrorKind.TLS,
        ErrorKind.REDIRECTED,
        ErrorKind.TOO_LARGE,
    }
)


class Listing:
    """The vendor's users, page by page, once; `evidence` says how far that is proven to be all of them.

    Use it as a context manager: leaving it ends the requests under way, whatever happened in between.
    """

    def __init__(self, client: "VendorClient", limit: int | None, *, enrich: bool, record_per_row: bool) -> None:
        self._client = client
        self._limit = limit
        self._enrich = enrich
        self._record_per_row = record_per_row
        self._loose: Counter[str] = Counter()
        self._reading = client.begin_reading(client.connector.users.noun)
        self._seen: set[str] = set()
        # Handed on before the list was begun once more, if it was.
        self._handed_on: set[str] = set()
        self._reported: set[RecordProblem] = set()
        self._received = 0
        self._duplicates = 0
        self._problems = 0
        self._identity = ""
        self._pages = self._read()

    def __iter__(self) -> Iterator[Page]:
        return self._pages

    def __enter__(self) -> "Listing":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop reading; what was asked ahead is waited for and dropped."""
        self._pages.close()

    @property
    def evidence(self) -> Evidence:
        """What speaks for completeness so far; final once the last page came."""
        reading = self._reading
        because = reading.unproven_because
        if because is None and self._problems:
            because = (
                f"{self._problems:,} of the {reading.noun} came without a usable id, so who is missing cannot be told."
            )
        return Evidence(
            stated_end=reading.stated_end,
            total=reading.total,
            distinct=len(self._seen),
            duplicates=self._duplicates,
            pages=reading.pages,
            unproven_because=because,
            identity=self._identity,
            total_moved=reading.total_moved,
            noun=reading.noun,
            loose=dict(self._loose),
        )

    def _read(self) -> Generator[Page]:
        client = self._client
        users = client.connector.users
        self._identity = client.identify()
        if self._enrich:
            client.read_details()
        else:
            client.leave_details_out()
        if users.licence_rows is None:
            yield from self._read_people()
        else:
            yield from self._read_licences(users.licence_rows)

    def _read_people(self) -> Generator[Page]:
        finish = self._client.finish
        for page, new, problems in self._read_rows(self._limit):
            records = [finish(vendor_id, raw) for vendor_id, raw in new]
            yield Page(page.number, records, self._reading.total, problems, len(page.rows))

    def _read_licences(self, of: LicenceRows) -> Generator[Page]:
        """Licences of nobody as they come, and the people behind the others once all of theirs are together.

        A list that broke off gives no people: what it lacks of somebody, it would seem to have taken from them.
        """
        finish = self._client.finish
        held = _Held()
        number = 0
        for page, new, problems in self._read_rows(self._limit if self._record_per_row else None):
            records: list[VendorRecord] = []
            loose: list[LooseLicence] = []
            for vendor_id, raw in new:
                holder = of.holder_of(raw)
                if holder is None:
                    loose.append(of.loose(raw))
                elif self._record_per_row:
                    records.append(finish(vendor_id, of.fold([raw])))
                else:
                    held.add(holder, raw)
            self._loose.update(licence.why for licence in loose)
            number = page.number
            yield Page(number, records, self._reading.total, problems, len(page.rows), loose)
            if not self._enrich and self._limit is not None and len(held) >= self._limit:
                break  # a mere look needs nobody whole
        for some in held.take(self._limit):
            records = [finish(holder, of.fold(rows)) for holder, rows in some]
            yield Page(number, records, self._reading.total, [], 0)

    def _read_rows(
        self, at_most: int | None
    ) -> Generator[tuple[PageOfRows, list[tuple[str, Raw]], list[RecordProblem]]]:
        """Page for page what came, the rows that are new by their id, and those that have none."""
        client, users, reading = self._client, self._client.connector.users, self._reading
        path = client.list_path
        with closing(
            client.read_pages(path, users.records_path, users.pages, reading, params=users.params, at_most=at_most)
        ) as pages:
            while True:
                try:
                    page = next(pages, None)
                except (VendorError, NotAPage) as error:
                    raise self._broken(error) from None
                if page is None:
                    return
                if page.number == 1:
                    self._start_counting()
                known_before = len(self._seen)
                new, problems = self._sort(page.rows)
                if page.rows and not page.is_last and len(self._seen) == known_before:
                    raise client.same_page(path, reading)
                yield page, new, problems

    def _start_counting(self) -> None:
        """The first page comes, perhaps for the second time: what speaks for completeness is counted anew."""
        self._handed_on |= self._seen
        self._seen = set()
        self._received = self._duplicates = self._problems = 0

    def _sort(self, rows: list[object]) -> tuple[list[tuple[str, Raw]], list[RecordProblem]]:
        client, seen = self._client, self._seen
        id_path, never_kept = client.connector.users.id_path, client.connector.users.never_kept
        new: list[tuple[str, Raw]] = []
        problems: list[RecordProblem] = []
        for row in rows:
            self._received += 1
            vendor_id = value_at(row, id_path)
            if not isinstance(row, dict) or not isinstance(vendor_id, str) or not client.is_id(vendor_id):
                problems.append(RecordProblem(self._received, self._what_is_wrong(row, vendor_id)))
            elif vendor_id in seen:
                self._duplicates += 1
            else:
                seen.add(vendor_id)
                if vendor_id not in self._handed_on:
                    for path in never_kept:
                        take_out(row, path)
                    new.append((vendor_id, row))
        self._problems += len(problems)
        new_problems = [problem for problem in problems if problem not in self._reported]
        self._reported.update(new_problems)
        return new, new_problems

    def _what_is_wrong(self, row: object, vendor_id: object) -> str:
        where = f"Record {self._received:,} of the list"
        if not isinstance(row, dict):
            return f"{where} is no record at all; it was left out."
        if vendor_id is None:
            return f"{where} has no id; it was left out."
        shown = repr(str(vendor_id)[:80])
        what = self._client.connector.users.noun_for_one
        return f"{where} has an id that no {self._reading.vendor} {what} has ({shown}); it was left out."

    def _broken(self, error: VendorError | NotAPage) -> UserError:
        users = self._client.connector.users
        path = self._client.list_path
        if isinstance(error, SamePageAgain):
            return self._client.same_page(path, self._reading)
        if isinstance(error, ForeignPage):
            return self._client.foreign(path, error)
        cause = self._client.nonsense(path, str(error)) if isinstance(error, NotAPage) else error
        if not self._reading.pages or cause.kind in _NOTHING_COUNTS:
            return self._client.explained(cause)
        return ListingBroken(self._reading.pages + 1, users.pages.about_pages(self._reading), cause)


class _Held:
    """Rows kept until all of a person's are together: as bytes, which are small and no work for the collector."""

    def __init__(self) -> None:
        self._rows: dict[str, bytes] = {}

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, holder: str, row: Raw) -> None:
        """Put a row to those of its holder."""
        self._rows[holder] = b"%b,%b" % (self._rows.get(holder, b""), orjson.dumps(row))

    def take(self, most: int | None) -> Iterator[list[tuple[str, list[Raw]]]]:
        """The holders and their rows, a hundred people at a time; they are not kept after that."""
        holders = list(self._rows)[:most]
        for start in range(0, len(holders), 100):
            some = holders[start : start + 100]
            yield [(holder, orjson.loads(b"[%b]" % self._rows.pop(holder)[1:])) for holder in some]
