"""What pages are to the frame: entries of the rail, places in a history, commands."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from PySide6.QtWidgets import QWidget

from saasdesk.jobs import Job, Work


@dataclass(frozen=True, slots=True)
class Command:
    """Something that can be done: it stands in a menu and in the palette, and may have a shortcut.

    The group is the name of its menu: File, Edit, View, Go, Run, Tools or Help.
    """

    text: str
    run: Callable[[], object]
    shortcut: str = ""
    icon: str = ""
    group: str = "Tools"


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the way to a page; the last one is the page itself."""

    title: str
    key: str = ""
    argument: object = None


class Frame(Protocol):
    """What the window offers to its pages."""

    def navigate(self, key: str, argument: object = None) -> None:
        """Go to another page."""

    def toast(
        self,
        text: str,
        kind: str = "info",
        action: tuple[str, Callable[[], object]] | None = None,
        seconds: float = 6,
    ) -> object:
        """Show a short message; kinds: info, ok, warn, error."""

    def say(self, text: str) -> None:
        """Show a line in the middle of the status bar and tell it to screen readers; empty takes it away."""

    def start_job(self, work: Work, name: str, about: str = "") -> Job | None:
        """Start slow work and show it; None, with a message, when this thing is being worked on already."""

    def cancel_job(self, job: Job) -> None:
        """Ask a job to stop and show that it was asked."""

    def set_count(self, key: str, count: int, tone: str = "neutral") -> None:
        """Show a number at an entry of the rail; 0 takes it away."""

    def note_workflows_paused(self, paused: bool) -> None:
        """Show in every page whether all workflows are paused."""

    def need_width(self, needed: bool) -> None:
        """Let the rail make room while the present page is shown."""

    def update_trail(self) -> None:
        """Ask the present page for its breadcrumb and its commands again."""


class Page(Protocol):
    """A widget that fills the page area.

    It may also have: `commands() -> Sequence[Command]`, `keys() -> Sequence[Keys]`, `may_leave() -> bool`,
    `view_state() -> object` with `restore_view(state)`, `panes() -> Sequence[QWidget]` for F6, `foot_height() -> int`,
    and `bare = True` for a page without rail.
    """

    title: str

    def refresh(self) -> None:
        """Ask for the data again and show it."""

    def open(self, argument: object) -> None:
        """Show the thing that the argument names, or what is shown when nothing is named."""

    def breadcrumb(self) -> Sequence[Crumb]:
        """The way here; empty or one step for a page of the rail."""


@runtime_checkable
class HasCommands(Protocol):
    """A page with commands of its own."""

    def commands(self) -> Sequence[Command]:
        """What can be done here now."""


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one part of a page that are no commands of the window: what each does, and how it is called."""

    title: str
    lines: tuple[tuple[str, str], ...]


@runtime_checkable
class HasKeys(Protocol):
    """A page parts of which have keys of their own."""

    def keys(self) -> Sequence[Keys]:
        """What the sheet of shortcuts is to say of them."""


@runtime_checkable
class HasViewState(Protocol):
    """A page that comes back as it was left: scrolled, selected, filtered."""

    def view_state(self) -> object:
        """What is to be remembered."""

    def restore_view(self, state: object) -> None:
        """Look like that again."""


@runtime_checkable
class HoldsEdits(Protocol):
    """A page that may have something to save."""

    def may_leave(self) -> bool:
        """Ask the admin if need be; False stays."""


@runtime_checkable
class HasFoot(Protocol):
    """A page with buttons along its lower edge."""

    def foot_height(self) -> int:
        """How much room they take."""


@runtime_checkable
class HasPanes(Protocol):
    """A page of several panes."""

    def panes(self) -> Sequence[QWidget]:
        """The panes, in the order in which F6 walks them."""


@dataclass(frozen=True, slots=True)
class PageEntry:
    """A page that exists. It is built when it is first shown.

    Entries with a parent do not stand in the rail: they belong to that entry (a person to People). The group "foot"
    stands at the lower end of the rail.
    """

    key: str
    title: str
    icon: str
    factory: Callable[[Frame], QWidget]
    group: str = "main"
    shortcut: str = ""
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A page, and what it showed."""

    key: str
    argument: object = None


@dataclass(slots=True)
class _Visit:
    place: Place
    state: object = None


@dataclass(slots=True)
class History:
    """The places that were visited, to go back and forward like in a browser."""

    _visits: list[_Visit] = field(default_factory=list)
    _now: int = -1

    @property
    def here(self) -> Place | None:
        """Where we are."""
        return self._visits[self._now].place if self._now >= 0 else None

    @property
    def can_go_back(self) -> bool:
        """Whether there was a place before this one."""
        return self._now > 0

    @property
    def can_go_forward(self) -> bool:
        """Whether we came back from somewhere."""
        return self._now + 1 < len(self._visits)

    def leave(self, state: object) -> None:
        """Remember how the present place looked."""
        if self._now >= 0:
            self._visits[self._now].state = state

    def go(self, place: Place) -> None:
        """Visit a place; what lay ahead is forgotten."""
        if place == self.here:
            return
        del self._visits[self._now + 1 :]
        self._visits.append(_Visit(place))
        self._now += 1

    def back(self) -> tuple[Place, object]:
        """Go one place back, and say how it looked."""
        self._now -= 1
        return self._visits[self._now].place, self._visits[self._now].state

    def forward(self) -> tuple[Place, object]:
        """Go one place forward, and say how it looked."""
        self._now += 1
        return self._visits[self._now].place, self._visits[self._now].state


_BEGINNING = "begins_at"


def begin_at(page: QWidget, widget: QWidget) -> None:
    """Say where the keyboard begins on a page.

    A focus proxy would say so too, but Tab comes to it by way of the page, over everything that stands before it.
    """
    page.setProperty(_BEGINNING, widget)


def beginning_of(page: QWidget) -> QWidget:
    """The widget to which the keyboard goes when somebody comes to a page."""
    widget = page.property(_BEGINNING)
    if isinstance(widget, QWidget):
        return beginning_of(widget)
    return page.focusProxy() or page
