import threading

from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from saasdesk.jobs import Ended, Jobs
from saasdesk.ui.bridge import Bridge


def test_that_what_a_job_says_arrives_in_the_windows_thread(qtbot: QtBot, bridge: Bridge, jobs: Jobs) -> None:
    threads: list[bool] = []
    heard: list[object] = []

    def listen(message: object) -> None:
        threads.append(QThread.currentThread() is bridge.thread())
        heard.append(message)

    bridge.heard.connect(listen)
    jobs.start(lambda tell, stop: [tell(2**40 + step) for step in range(300)] and "done", "counting")
    qtbot.waitUntil(lambda: bool(heard) and isinstance(heard[-1], Ended))

    assert all(threads)
    assert len(heard) == 301
    assert heard[0].news == 2**40
    assert heard[-1].result == "done"


def test_that_nothing_is_lost_when_several_threads_speak_at_once(qtbot: QtBot, bridge: Bridge) -> None:
    heard: list[object] = []
    bridge.heard.connect(heard.append)
    speakers = [
        threading.Thread(target=lambda: [bridge.listener(Ended(None, step)) for step in range(200)]) for _ in range(4)
    ]

    for speaker in speakers:
        speaker.start()
    for speaker in speakers:
        speaker.join()

    qtbot.waitUntil(lambda: len(heard) == 800)
