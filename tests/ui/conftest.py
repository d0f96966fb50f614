"""One look, one bridge and a page or two, for everything that is tested in a window."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from saasdesk.jobs import Jobs
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.formats import choose_formats
from saasdesk.ui.main_window import MainWindow
from saasdesk.ui.navigation import Command, Crumb, Frame, PageEntry
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import LinkButton, PrimaryButton
from saasdesk.ui.widgets.layouts import Column
from saasdesk.ui.widgets.page_header import PageHeader
from saasdesk.ui.widgets.search_field import SearchField


@pytest.fixture(scope="session", autouse=True)
def _patience() -> Iterator[None]:
    """Five seconds, as pytest-qt has it, are too few where many tests share a busy machine."""
    waits = QtBot.waitUntil.__kwdefaults__
    assert waits is not None
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(waits, "timeout", 30_000)
        yield


@pytest.fixture(autouse=True)
def _usual_formats() -> None:
    """Numbers and days are written in one way, whatever the test before had chosen."""
    choose_formats("1,234.56", "words")


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    look = Theme(qapp, "light")
    yield look
    # The style sheet names files that go with the theme. Not "": Qt would take its style from windows half gone.
    qapp.setStyleSheet("QWidget {}")
    look.deleteLater()


@pytest.fixture(scope="session", autouse=True)
def _plain_clipboard(qapp: QApplication) -> Iterator[None]:
    """Leave no data made in Python on the clipboard: Qt would ask for it after Python has gone."""
    yield
    qapp.clipboard().setText("")


@pytest.fixture
def bridge(qapp: QApplication) -> Bridge:
    return Bridge()


@pytest.fixture
def jobs(bridge: Bridge) -> Iterator[Jobs]:
    started = Jobs(bridge.listener)
    yield started
    assert started.stop_all() == ()


def press(inside: QWidget, text: str) -> None:
    """Click the button of a banner, a dialog, a page that says this."""
    next(button for button in inside.findChildren(QPushButton) if button.text() == text).click()


class DummyPage(QWidget):
    """A page that remembers what it was asked."""

    def __init__(self, theme: Theme, frame: Frame, title: str, parents: Sequence[Crumb] = ()) -> None:
        super().__init__()
        self.frame = frame
        self.title = title
        self.parents = tuple(parents)
        self.opened: list[object] = []
        self.restored: list[object] = []
        self.refreshed = 0
        self.may_go = True
        self.scrolled = 0
        self.ran = 0
        header = PageHeader(theme, title, "3 of 3")
        self.search = SearchField(theme, f"Find in {title}")
        self.button = PrimaryButton(theme, "Do it", "run")
        self.link = LinkButton(theme, "Elsewhere")
        header.add_actions(self.search, self.link, self.button)
        column = Column(theme, margins=(24, 16))
        column.addWidget(header)
        column.addStretch(1)
        self.setLayout(column)

    def refresh(self) -> None:
        self.refreshed += 1

    def open(self, argument: object) -> None:
        self.opened.append(argument)

    def breadcrumb(self) -> Sequence[Crumb]:
        return (*self.parents, Crumb(f"{self.title} {self.opened[-1]}")) if self.parents else ()

    def commands(self) -> Sequence[Command]:
        return (Command(f"Count {self.title}", self.count, "Ctrl+R", "run", "Run"),)

    def count(self) -> None:
        self.ran += 1

    def may_leave(self) -> bool:
        return self.may_go

    def view_state(self) -> object:
        return self.scrolled

    def restore_view(self, state: object) -> None:
        self.restored.append(state)


@dataclass
class KeptInMemory:
    """A window memory without a file."""

    data: dict[str, Any] = field(default_factory=dict)

    def load(self) -> dict[str, Any]:
        return dict(self.data)

    def save(self, data: Any) -> None:
        self.data = dict(data)


def dummy_entries(theme: Theme) -> list[PageEntry]:
    def page(title: str, *parents: Crumb) -> Callable[[Frame], QWidget]:
        return lambda frame: DummyPage(theme, frame, title, parents)

    return [
        PageEntry("people", "People", "people", page("People")),
        PageEntry("integrations", "Integrations", "integrations", page("Integrations")),
        PageEntry("activity", "Activity", "activity", page("Activity")),
        PageEntry("settings", "Settings", "settings", page("Settings"), group="foot", shortcut="Ctrl+,"),
        PageEntry("person", "Person", "person", page("Person", Crumb("People", "people")), parent="people"),
    ]


OpenWindow = Callable[..., MainWindow]


@pytest.fixture
def open_window(qtbot: QtBot, theme: Theme, bridge: Bridge, jobs: Jobs) -> OpenWindow:
    def open_it(**options: Any) -> MainWindow:
        entries = options.pop("entries", None) or dummy_entries(theme)
        size = options.pop("size", (1280, 800))
        window = MainWindow(theme, bridge, jobs, entries, **options)
        qtbot.addWidget(window, before_close_func=lambda widget: widget.quit_quietly())
        if size:
            window.resize(*size)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return window

    return open_it


@pytest.fixture
def window(open_window: OpenWindow) -> MainWindow:
    return open_window()


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Keeps jobs running until it is set, at the latest when the test ends."""
    event = threading.Event()
    yield event
    event.set()
