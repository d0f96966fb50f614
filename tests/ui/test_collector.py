"""The garbage collector in a process with a window."""

import gc
import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from saasdesk.ui.collector import Collector

Seen = list[threading.Thread]


class Knot:
    """Something that only the collector can let go; it notes in which thread that happens."""

    def __init__(self, seen: Seen) -> None:
        self.me = self
        self.seen = seen

    def __del__(self) -> None:
        self.seen.append(threading.current_thread())


@pytest.fixture
def automatic() -> Iterator[None]:
    """As Python is by itself, with a collector that comes often."""
    before = gc.get_threshold()
    gc.enable()
    gc.set_threshold(50, 5, 5)
    yield
    gc.set_threshold(*before)
    gc.disable()


def tie(seen: Seen) -> None:
    for _ in range(2_000):
        Knot(seen)


def in_a_worker(seen: Seen) -> None:
    worker = threading.Thread(target=tie, args=(seen,))
    worker.start()
    worker.join()


@pytest.mark.usefixtures("automatic")
def test_that_nothing_is_collected_in_a_worker_while_there_is_a_window(qtbot: QtBot) -> None:
    without: Seen = []
    in_a_worker(without)
    collector = Collector()
    collector.start()
    seen: Seen = []

    in_a_worker(seen)
    qtbot.waitUntil(lambda: len(seen) > 1_000, timeout=5_000)

    assert set(without) - {threading.main_thread()}
    assert set(seen) == {threading.main_thread()}
    collector.stop()
    assert gc.isenabled()
