"""What was found at a vendor, and what is told while it is looked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from saasdesk.connectors.raw import Raw
from saasdesk.connectors.spec import LooseLicence
from saasdesk.errors import ExitCode, UserError
from saasdesk.web import VendorError


class VendorRecord(NamedTuple):
    """One user as the vendor sent it, with what the enrichments added."""

    id: str
    raw: Raw


@dataclass(frozen=True, slots=True)
class RecordProblem:
    """A row that is no usable record; `position` counts from 1 over the whole list."""

    position: int
    message: str


@dataclass(frozen=True, slots=True)
class Page:
    """The new records of one page, in the vendor's order; `rows` counts what came, which may be no records yet."""

    number: int
    records: list[VendorRecord]
    total: int | None
    problems: list[RecordProblem]
    rows: int
    loose: list[LooseLicence] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for a listing being complete."""

    stated_end: bool
    total: int | None
    distinct: int
    duplicates: int
    pages: int
    unproven_because: str | None
    identity: str
    total_moved: bool = False
    noun: str = "users"
    # Licences that no person holds, counted by why.
    loose: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Feature:
    """Something a key may or may not do; `works` is None where it was not or could not be found out."""

    key: str
    name: str
    works: bool | None
    advice: str


@dataclass(frozen=True, slots=True)
class Probe:
    """A key that works: the vendor-side organisation it opens, and what it may do there."""

    identity: str
    features: tuple[Feature, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The user is still there."""

    record: VendorRecord


@dataclass(frozen=True, slots=True)
class Gone:
    """The vendor says in its own words that there is no such user."""


@dataclass(frozen=True, slots=True)
class Unsure:
    """Neither found nor provably gone; `may_not_read` where this key may not look at single users at all."""

    reason: str
    may_not_read: bool = False


@dataclass(frozen=True, slots=True)
class DetailsBegan:
    """Told when an enrichment is about to be read, which may take as long as the list itself."""

    feature: str


@dataclass(frozen=True, slots=True)
class DetailsRead:
    """Told when an enrichment was read whole."""

    feature: str
    records: int


@dataclass(frozen=True, slots=True)
class DetailsUnavailable:
    """Told when this key, or this plan, does not give an enrichment."""

    feature: str
    reason: str


class ListingBroken(UserError):
    """A page could not be read; the pages before it still count, but nobody may be called missing."""

    def __init__(self, page: int, about_pages: int | None, cause: VendorError) -> None:
        of_about = f" of about {about_pages:,}" if about_pages else ""
        super().__init__(f"Page {page:,}{of_about} could not be read. {cause}", ExitCode.PARTLY)
        self.page = page
        self.about_pages = about_pages
        self.cause = cause
