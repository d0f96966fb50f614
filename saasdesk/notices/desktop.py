"""What the desktop is told: no storm of messages, none in quiet hours, and nothing lost on the way."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from saasdesk.notices.notice import Notice, NoticeKind

SECONDS_BETWEEN = 3600.0
# What is worth a call from the desktop: something waits for a person, or did not happen. The bell has everything.
_CALLING = frozenset(
    {
        NoticeKind.RUN_FAILED,
        NoticeKind.NOT_FINISHED,
        NoticeKind.SLOT_MISSED,
        NoticeKind.PLAN_HELD,
        NoticeKind.KEY_EXPIRES,
        NoticeKind.WORKFLOW,
        NoticeKind.REPORT,
    }
)
_NAMED_AT_MOST = 3


@dataclass(frozen=True, slots=True)
class DesktopMessage:
    """One message of the desktop's own."""

    title: str
    text: str


class DesktopNews:
    """Gathers what has come, and hands it out in one message an hour at most. Times only run forward.

    A cause that was told within the hour is not told again: the bell counts it.
    """

    def __init__(self) -> None:
        self._waiting: dict[str, Notice] = {}
        self._told: dict[str, float] = {}

    def take(self, notices: Sequence[Notice], now: float) -> None:
        """These have come."""
        for notice in notices:
            if notice.kind in _CALLING and now - self._told.get(notice.cause, -SECONDS_BETWEEN) >= SECONDS_BETWEEN:
                self._waiting[notice.cause] = notice

    def forget(self) -> None:
        """Whoever looks at the window sees the bell: what waits need not be told."""
        self._waiting.clear()

    @property
    def is_waiting(self) -> bool:
        """Whether anything has come that was not told."""
        return bool(self._waiting)

    def next_message(self, unread: Collection[str], now: float, *, is_quiet: bool) -> DesktopMessage | None:
        """What is to be told now, of the causes that nobody has read of meanwhile; None while there is nothing."""
        self._waiting = {cause: notice for cause, notice in self._waiting.items() if cause in unread}
        latest = max(self._told.values(), default=-SECONDS_BETWEEN)
        if not self._waiting or is_quiet or now - latest < SECONDS_BETWEEN:
            return None
        told, self._waiting = list(self._waiting.values()), {}
        self._told = {notice.cause: now for notice in told}
        return in_one(told)


def in_one(notices: Sequence[Notice]) -> DesktopMessage:
    """Several notices as one message: "3 runs failed"; a single one in its own words."""
    if len(notices) == 1:
        return DesktopMessage(notices[0].title, notices[0].body)
    are_failures = all(notice.kind is NoticeKind.RUN_FAILED for notice in notices)
    titles = [notice.title for notice in notices[:_NAMED_AT_MOST]]
    if len(notices) > _NAMED_AT_MOST:
        titles.append(f"and {len(notices) - _NAMED_AT_MOST} more")
    return DesktopMessage(f"{len(notices)} {'runs failed' if are_failures else 'notices'}", "\n".join(titles))
