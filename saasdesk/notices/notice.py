"""What an admin is told of: an event with one cause, however often it happens."""

from dataclasses import dataclass
from enum import StrEnum


class NoticeKind(StrEnum):
    """What happened."""

    RUN_FAILED = "run_failed"
    NOT_FINISHED = "not_finished"
    STALLED = "stalled"
    SLOT_MISSED = "slot_missed"
    PLAN_HELD = "plan_held"
    KEY_EXPIRES = "key_expires"
    MAIL = "mail"
    CLOCK = "clock"
    WORKFLOW = "workflow"
    RENEWAL = "renewal"
    REPORT = "report"


@dataclass(frozen=True, slots=True)
class News:
    """Something to tell. The cause makes it one with what was told before.

    `link` is the place in the window where it can be seen to: a page, and after a colon which of its things. News that
    are told once stay as they are when they are told again; others are counted. `integration` is the one they are of:
    while that is muted they are kept, and nobody is told.
    """

    cause: str
    kind: NoticeKind
    title: str
    body: str
    link: str = ""
    contacts: tuple[str, ...] = ()
    once: bool = False
    integration: int = 0


@dataclass(frozen=True, slots=True)
class Notice:
    """What was told, how often, and whether it was read or its cause is gone."""

    id: int
    cause: str
    kind: NoticeKind
    title: str
    body: str
    link: str
    count: int
    first_at: str
    last_at: str
    read_at: str | None
    solved_at: str | None

    @property
    def is_unread(self) -> bool:
        """Whether nobody has looked at it since it last happened."""
        return self.read_at is None

    @property
    def place(self) -> tuple[str, object]:
        """The page to open, and what to show there."""
        page, _, thing = self.link.partition(":")
        return page, (int(thing) if thing.isdecimal() else thing or None)

    def as_json(self) -> dict[str, object]:
        """As the command line prints it."""
        return {
            "notice": self.id,
            "kind": self.kind.value,
            "title": self.title,
            "body": self.body,
            "count": self.count,
            "first_at": self.first_at,
            "last_at": self.last_at,
            "read": not self.is_unread,
            "solved": self.solved_at is not None,
        }
