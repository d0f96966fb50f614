"""What stands round a page in a test: a frame that remembers, threads, a theme, and a company that was read."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from saasdesk.connectors import CONNECTORS
from saasdesk.credentials import Vault
from saasdesk.jobs import Job, Jobs, Work
from saasdesk.profile import open_profile
from saasdesk.services import Services
from saasdesk.simulator.control import Simulator
from saasdesk.simulator.pagerduty import KeyKind
from saasdesk.store import Store
from saasdesk.sync import integrations
from saasdesk.sync.events import SyncResult
from saasdesk.sync.integration import IntegrationDocument, with_default_mapping
from saasdesk.sync.run import RunOptions, run_integration
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.theme import Theme, ThemeMode

INTEGRATION = "PagerDuty users"


class FakeFrame:
    """The window as pages see it; remembers what it was asked."""

    def __init__(self, jobs: Jobs) -> None:
        self._jobs = jobs
        self.visited: list[tuple[str, object]] = []
        self.toasts: list[tuple[str, str]] = []
        self.said: list[str] = []
        self.needs_width: bool | None = None
        self.trails = 0

    def navigate(self, key: str, argument: object = None) -> None:
        self.visited.append((key, argument))

    def toast(
        self,
        text: str,
        kind: str = "info",
        action: tuple[str, Callable[[], object]] | None = None,
        seconds: float = 6,
    ) -> object:
        self.toasts.append((text, kind))
        self.last_action = action
        return None

    def say(self, text: str) -> None:
        self.said.append(text)

    def start_job(self, work: Work, name: str, about: str = "") -> Job | None:
        return self._jobs.start(work, name, about)

    def cancel_job(self, job: Job) -> None:
        self._jobs.stop(job)

    def set_count(self, key: str, count: int, tone: str = "neutral") -> None:
        pass

    def note_workflows_paused(self, paused: bool) -> None:
        pass

    def need_width(self, needed: bool) -> None:
        self.needs_width = needed

    def update_trail(self) -> None:
        self.trails += 1


def light_theme(app: QApplication) -> Theme:
    """The look of all tests: dressing the application takes longer than a test, so it is done once."""
    theme = app.findChild(Theme, "shared") or Theme(app, "light")
    theme.setObjectName("shared")
    if theme.mode is not ThemeMode.LIGHT:
        theme.mode = ThemeMode.LIGHT
    if theme.zoom != 100:
        theme.zoom = 100
    return theme


class Desk:
    """A theme, threads and a frame; closed after the test."""

    def __init__(self, qtbot: QtBot, app: QApplication) -> None:
        self.qtbot = qtbot
        self.theme = light_theme(app)
        self.bridge = Bridge()
        self.jobs = Jobs(self.bridge.listener)
        self.readers = TableReaders()
        self.memory: dict[str, Any] = {}
        self.frame = FakeFrame(self.jobs)

    def show(self, widget: QWidget, width: int = 1200, height: int = 760) -> None:
        """Show a page as the window would."""
        self.qtbot.addWidget(widget)
        widget.resize(width, height)
        with self.qtbot.waitExposed(widget):
            widget.show()

    def close(self) -> None:
        """Nothing goes on after the test."""
        self.jobs.stop_all()
        self.readers.close()


class Company:
    """A profile that a simulated PagerDuty has filled."""

    def __init__(self, folder: Path, people: int, *, runs: int = 2, key: KeyKind = KeyKind.FULL) -> None:
        self.simulator = Simulator(people)
        self.simulator.start()
        self.store = Store.open(open_profile(folder, demo=True))
        self.vault = Vault(self.store)
        self.services = Services(self.store.profile, self.store, self.vault)
        if runs:
            self._integrate(key)
        for number in range(runs):
            if number:
                self.simulator.churn(0.2)
            self.run()

    def run(self) -> SyncResult:
        """Run the integration once."""
        found = integrations.find_integration(self.store, INTEGRATION)
        return run_integration(self.store, self.vault, found, RunOptions(), lambda _news: None, threading.Event())

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Look into the database."""
        with self.store.reading() as db:
            return [tuple(row) for row in db.execute_sql(sql, values).fetchall()]

    def value(self, sql: str, *values: object) -> Any:
        """One value from the database."""
        return self.rows(sql, *values)[0][0]

    def close(self) -> None:
        """Give everything back."""
        self.store.close()
        self.simulator.stop()

    def _integrate(self, key: KeyKind) -> None:
        connector = CONNECTORS["pagerduty"]
        access = self.simulator.access()["pagerduty"]
        self.vault.set("PagerDuty key", connector, self.simulator.key(key), base_url=access["base_url"])
        document = IntegrationDocument(
            name=INTEGRATION, connector="pagerduty", credential="PagerDuty key", deactivate=True
        )
        saved = integrations.save_integration(self.store, with_default_mapping(document, connector))
        integrations.launch(self.store, saved, self.vault.known())


def texts(widget: QWidget) -> list[str]:
    """Every text of a label that can be seen."""
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget) and label.text()]


def unnamed(widget: QWidget) -> list[QWidget]:
    """The widgets that the keyboard reaches and that have no name for screen readers."""
    from PySide6.QtCore import Qt

    return [
        child
        for child in widget.findChildren(QWidget)
        if child.focusPolicy() & Qt.FocusPolicy.TabFocus
        and child.isVisibleTo(widget)
        and not child.accessibleName()
        and not getattr(child, "text", lambda: "")()
        and child.focusProxy() is None
    ]
