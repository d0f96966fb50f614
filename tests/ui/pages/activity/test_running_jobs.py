"""What goes on just now, and what has not been heard of for too long."""

import threading

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from saasdesk.jobs import Said, Tell
from saasdesk.reports.csv_export import Exported
from saasdesk.ui.pages.activity.running_jobs import RunningJobs
from saasdesk.ui.pages.integrations.run_watch import RunWatch
from tests.ui.pages.people.desk import Desk

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_that_a_job_that_falls_silent_is_called_stalled_until_it_speaks_again(qtbot: QtBot, qapp: QApplication) -> None:
    desk, over, times = Desk(qtbot, qapp), threading.Event(), [0.0]
    watch = RunWatch(desk.bridge, desk.jobs, clock=lambda: times[0])
    shown = RunningJobs(desk.theme, desk.bridge, desk.frame, watch)
    qtbot.addWidget(shown)

    def work(_tell: Tell, _stop: threading.Event) -> None:
        over.wait(60)

    job = desk.jobs.start(work, "Report “Roles”")
    shown.look()
    shown.look()
    row = shown.rows[job.number]
    times[0] = 660.0
    shown.look()
    assert row.phase.text() == "Stalled: nothing heard for 11 min 0 s"

    desk.bridge.heard.emit(Said(job, Exported(5_000)))
    shown.look()
    assert row.phase.text() == "5,000 rows written"

    over.set()
    qtbot.waitUntil(lambda: desk.jobs.running() == ())
    desk.close()
