"""What can go wrong on purpose: each fault spoils certain answers, so that a test can watch the program cope."""

import threading
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any


class FaultKind(Enum):
    """How an answer is spoilt."""

    # What any server or anything in between may do.
    STATUS = "status"
    WEB_PAGE = "web_page"
    REDIRECT = "redirect"
    WRONG_TYPE = "wrong_type"
    CUT_SHORT = "cut_short"
    CUT_WITHOUT_LENGTH = "cut_without_length"
    HUGE = "huge"
    BOMB = "bomb"
    DRIP = "drip"
    HANG = "hang"
    DROP = "drop"
    DEEP = "deep"
    NOT_A_NUMBER = "not_a_number"
    # What only the vendor's own code can do to a listing.
    EMPTY_LIST = "empty_list"
    MISSING_KEY = "missing_key"
    NOT_OBJECTS = "not_objects"
    REPEATED_PAGE = "repeated_page"
    ENDLESS = "endless"
    WRONG_TOTAL = "wrong_total"
    SHRINKING = "shrinking"
    FORGETFUL = "forgetful"
    SHORT_PAGE = "short_page"
    NULL_ROWS = "null_rows"
    REJECTED_CURSOR = "rejected_cursor"
    FOREIGN_NEXT = "foreign_next"
    # What can be the matter with single records.
    NO_ID = "no_id"
    DUPLICATE_EMAIL = "duplicate_email"
    HOSTILE_TEXT = "hostile_text"
    RECORDED_NULLS = "recorded_nulls"
    HIDDEN_EMAILS = "hidden_emails"


ANY_SERVER = frozenset(
    {
        FaultKind.STATUS, FaultKind.WEB_PAGE, FaultKind.REDIRECT, FaultKind.WRONG_TYPE, FaultKind.CUT_SHORT,
        FaultKind.CUT_WITHOUT_LENGTH, FaultKind.HUGE, FaultKind.BOMB, FaultKind.DRIP, FaultKind.HANG, FaultKind.DROP,
        FaultKind.DEEP, FaultKind.NOT_A_NUMBER,
    }
)  # fmt: skip
LISTINGS = frozenset(FaultKind) - ANY_SERVER

HOSTILE_NAMES = (
    '=HYPERLINK("https://elsewhere.example.com","Payslip")',
    "<img src='file:///etc/hostname'><b>Bob</b><br>",
    "Ana \u202egnp.exe",
    "Zero\u200bWidth\u2060 Joiner",
    "tab\tand\nline and \u0007 bell",
    "nothing\u0000after",
    "' OR 1=1; --",
    "{{ response.email }}",
    "+1 555 0100",
)


@dataclass(frozen=True, slots=True, eq=False)
class Fault:
    """One thing that goes wrong.

    `endpoint` is the name of the vendor's endpoint ("" is any), `page` one page of its listing (None is any), `times`
    how often it happens (None is always). `status` is 500, or what is usual for the kind, unless given; without
    `with_headers` it comes bare, without JSON and rate-limit headers. `amount` is the number of people (SHRINKING,
    FORGETFUL, DUPLICATE_EMAIL, WRONG_TOTAL, SHORT_PAGE, NULL_ROWS), of MiB (HUGE, BOMB), of levels (DEEP), of seconds
    between two bytes (DRIP) or of seconds until more requests are welcome (STATUS 429).
    """

    kind: FaultKind
    endpoint: str = "users"
    page: int | None = None
    times: int | None = None
    status: int | None = None
    amount: float = 1
    location: str = "https://elsewhere.example.com/users"
    with_headers: bool = True
    vendor: str = ""


class Faults:
    """The faults that are switched on; safe to change while answers are given."""

    def __init__(self) -> None:
        self._left: dict[Fault, int | None] = {}
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> Fault:
        """Switch a fault on."""
        with self._lock:
            self._left[fault] = fault.times
        return fault

    def remove(self, fault: Fault) -> None:
        """Switch one fault off."""
        with self._lock:
            self._left.pop(fault, None)

    def clear(self) -> None:
        """Switch everything off."""
        with self._lock:
            self._left.clear()

    def take(self, kinds: Collection[FaultKind], vendor: str, endpoint: str, page: int) -> Fault | None:
        """The first fault of these kinds that spoils this answer; each taking counts against its times."""
        if not self._left:
            return None
        with self._lock:
            for fault, left in self._left.items():
                if (
                    fault.kind in kinds
                    and fault.vendor in ("", vendor)
                    and fault.endpoint in ("", endpoint)
                    and fault.page in (None, page)
                ):
                    if left is not None:
                        self._left[fault] = left - 1
                        if left <= 1:
                            del self._left[fault]
                    return fault
        return None


def spoil_records(
    fault: Fault,
    records: list[dict[str, Any]],
    *,
    text_keys: Sequence[str],
    null_keys: Sequence[str],
    id_key: str = "id",
) -> None:
    """Spoil the records of one page as the fault says; `null_keys` are those that were seen to be null in life."""
    match fault.kind:
        case FaultKind.NO_ID:
            for record in records[:1]:
                del record[id_key]
        case FaultKind.DUPLICATE_EMAIL:
            with_email = [record for record in records if record.get("email")]
            for nth in range(0, min(2 * int(fault.amount), len(with_email) - 1), 2):
                mailbox, _, domain = with_email[nth]["email"].partition("@")
                with_email[nth + 1]["email"] = f"{mailbox.upper()}@{domain}"
        case FaultKind.HOSTILE_TEXT:
            for record, text in zip(records, HOSTILE_NAMES, strict=False):
                record.update(dict.fromkeys(text_keys, text))
        case FaultKind.HIDDEN_EMAILS:
            for record in records:
                record.pop("email", None)
        case FaultKind.RECORDED_NULLS:
            for record in records:
                record.update({key: record.get(key) for key in null_keys})
        case _:
            pass
