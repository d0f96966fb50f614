"""How far one run is, in words and numbers, from what it says on the way."""

import math
from dataclasses import dataclass, replace
from datetime import datetime

from PySide6.QtCore import QCoreApplication

from saasdesk.jobs import Job
from saasdesk.sync.events import FilePhase, PagesRead, PhaseBegan
from saasdesk.ui.moments import duration_in_words, number, rest_in_words
from saasdesk.ui.status_bar import STALLED_AFTER_SECONDS, Progress
from saasdesk.web import Waiting

# Before this much is known, a guess of the end would be a lie.
_ETA_AFTER_SECONDS = 5.0
_ETA_AFTER_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class RunProgress:
    """One run under way. Times are those of a clock that only runs forward."""

    job: Job
    integration: str
    began: float
    session: int | None = None
    phase: str = ""
    read_since: float | None = None
    pages: PagesRead | None = None
    waiting: Waiting | None = None
    is_cancelling: bool = False
    waits_for_turn: bool = False
    heard_at: float = 0.0

    def after(self, news: object, now: float) -> "RunProgress":
        """The progress once this was heard."""
        match news:
            case PhaseBegan():
                # Only reading has pages; a second reading begins to count anew.
                return replace(
                    self,
                    session=news.session,
                    phase=news.text,
                    read_since=None,
                    waiting=None,
                    waits_for_turn=news.is_waiting,
                    heard_at=now,
                )
            case PagesRead():
                since = self.read_since if self.read_since is not None else now
                return replace(self, session=news.session, pages=news, read_since=since, waiting=None, heard_at=now)
            case Waiting():
                return replace(self, waiting=news, heard_at=now)
            case _:
                return self

    @property
    def is_reading(self) -> bool:
        """Whether pages are coming in just now."""
        return self.read_since is not None and self.pages is not None

    @property
    def share(self) -> float | None:
        """How much of reading is done; None where nobody can know."""
        if not self.is_reading or self.pages is None or not self.pages.expected:
            return None
        return min(1.0, self.pages.read / self.pages.expected)

    def seconds_left(self, now: float) -> float | None:
        """A guess of how long reading still takes, once there is ground for one."""
        share = self.share
        if share is None or self.read_since is None or self.is_cancelling or self.waiting is not None:
            return None
        if now - self.began < _ETA_AFTER_SECONDS or not _ETA_AFTER_SHARE <= share < 1:
            return None
        return max(now - self.read_since, now - self.began) * (1 - share) / share

    def is_stalled(self, now: float) -> bool:
        """Whether nothing was heard for so long that something may be wrong; who waits for its turn is just patient."""
        patience = STALLED_AFTER_SECONDS + (self.waiting.seconds if self.waiting is not None else 0)
        return not self.waits_for_turn and now - self.heard_at > patience

    def word(self, now: float) -> str:
        """Its state in one word, as `status` knows it: waiting, stalled or running."""
        if self.waits_for_turn:
            return "waiting"
        return "stalled" if self.is_stalled(now) else "running"

    def phase_in_words(self, vendor: str, now: float, clock: datetime) -> str:
        """What it is doing: "Reading users — page 7 of ~12", "PagerDuty asks to wait 38 s"."""
        if self.is_cancelling:
            return _tr("Cancelling after this request…")
        if self.waiting is not None:
            return waiting_in_words(self.waiting, vendor, clock)
        if self.is_stalled(now):
            return _tr("Stalled: nothing heard for {0}").format(duration_in_words(now - self.heard_at))
        if self.is_reading and self.pages is not None:
            return _tr("{0} — {1}").format(self.phase, _page(self.pages))
        return self.phase or _tr("Starting")

    def time_in_words(self, now: float) -> str:
        """ "58 s · about 40 s left"."""
        elapsed = duration_in_words(now - self.began)
        left = self.seconds_left(now)
        return elapsed if left is None else f"{elapsed} · {rest_in_words(left)}"

    def rate_in_words(self, now: float) -> str:
        """ "120 read a second"; empty before there is a rate."""
        if self.pages is None or self.read_since is None or now - self.began < 1:
            return ""
        return _tr("{0} read a second").format(number(round(self.pages.read / (now - self.began))))

    @property
    def numbers(self) -> tuple[int, int, int, int, int]:
        """Read, new, changed, same, failed."""
        pages = self.pages
        return (0, 0, 0, 0, 0) if pages is None else (pages.read, pages.new, pages.changed, pages.same, pages.failed)


def waiting_in_words(waiting: Waiting, vendor: str, clock: datetime) -> str:
    """A wait with its countdown."""
    seconds = max(0, round((waiting.until - clock).total_seconds()))
    if waiting.reason == "rate limit":
        return _tr("{0} asks to wait {1}").format(vendor, duration_in_words(max(1, seconds)))
    return _tr("{0} did not answer as it should; next try in {1}").format(vendor, duration_in_words(max(1, seconds)))


def describe_news(news: object) -> Progress | None:
    """What the status bar says of a run; None for what it need not show."""
    match news:
        case PhaseBegan(is_waiting=True):
            # Its turn may come late.
            return Progress(news.text, patience=math.inf)
        case PhaseBegan() | FilePhase():
            return Progress(news.text)
        case PagesRead():
            return Progress(_page(news), min(1.0, news.read / news.expected) if news.expected else None)
        case Waiting():
            return Progress(_tr("waits {0}").format(duration_in_words(news.seconds)), patience=news.seconds)
        case _:
            return None


def _page(pages: PagesRead) -> str:
    if pages.about_pages is None:
        return _tr("page {0}").format(number(pages.page))
    return _tr("page {0} of ~{1}").format(number(pages.page), number(pages.about_pages))


def _tr(text: str) -> str:
    return QCoreApplication.translate("RunProgress", text)
