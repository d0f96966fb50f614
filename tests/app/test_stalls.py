"""A run of which nothing is heard is told of once, and no more when it speaks again or is over."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from saasdesk.app.stalls import Stalls
from saasdesk.jobs import Jobs, Said, Tell
from saasdesk.notices import NoticeKind, list_notices
from saasdesk.store import Store
from saasdesk.sync.events import PhaseBegan
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.pages.integrations.run_watch import RunWatch
from tests.sync.several import Several


class Hands:
    """A clock, and a run that ends when somebody says so."""

    def __init__(self, store: Store) -> None:
        self.store, self.now, self.over = store, 0.0, threading.Event()
        self.bridge = Bridge()
        self.jobs = Jobs(self.bridge.listener)
        self.watch = RunWatch(self.bridge, self.jobs, clock=lambda: self.now)
        self.stalls = Stalls(store, self.jobs, self.watch)
        self.job = self.jobs.start(self._run, "One", "integration:1")
        self.watch.note_started(self.job, "One")

    def _run(self, _tell: Tell, _stop: threading.Event) -> None:
        self.over.wait(60)

    def unsolved(self) -> list[NoticeKind]:
        return [notice.kind for notice in list_notices(self.store) if notice.solved_at is None]


@pytest.fixture
def hands(tmp_path: Path, qapp: QApplication) -> Iterator[Hands]:
    known = Several(tmp_path / "profile")
    known.vendor("One")
    made = Hands(known.store)
    yield made
    made.over.set()
    made.jobs.stop_all(30)
    made.bridge.heard.disconnect()
    known.close()


def test_that_silence_is_told_once_and_taken_back_when_the_run_speaks_or_ends(hands: Hands, qtbot: QtBot) -> None:
    hands.now = 599.0
    hands.watch.changed.emit("One")
    assert hands.unsolved() == []

    hands.now = 601.0
    hands.watch.changed.emit("One")
    hands.watch.changed.emit("One")
    qtbot.waitUntil(lambda: hands.unsolved() == [NoticeKind.STALLED])
    assert list_notices(hands.store)[0].count == 1

    hands.bridge.heard.emit(Said(hands.job, PhaseBegan(7, "One", "Saving")))
    hands.watch.changed.emit("One")
    qtbot.waitUntil(lambda: hands.unsolved() == [])

    hands.now = 2000.0
    hands.watch.changed.emit("One")
    qtbot.waitUntil(lambda: hands.unsolved() == [NoticeKind.STALLED])
    assert list_notices(hands.store)[0].place == ("activity", 7)

    hands.over.set()

    qtbot.waitUntil(lambda: hands.unsolved() == [])
