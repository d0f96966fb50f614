"""Activity: sessions, what each left alone and changed, and taking deactivations back."""

import pytest
from PySide6.QtCore import Qt

from saasdesk.simulator.faults import Fault, FaultKind
from saasdesk.ui.pages.activity import ActivityPage
from saasdesk.ui.pages.activity.acceptance import AcceptanceDialog
from saasdesk.ui.widgets.question import Question
from tests.ui.pages.conftest import Whole

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def open_session(whole: Whole, session: int | None = None) -> ActivityPage:
    whole.show("activity", session)
    page = whole.window.page("activity")
    assert isinstance(page, ActivityPage)
    if session is not None:
        whole.wait(lambda: page.view.contents is not None and page.view.contents.session.id == session)
    return page


def test_that_sessions_are_listed_newest_first_and_open(whole: Whole) -> None:
    whole.office.run(preview=True)
    latest = whole.office.run().session
    page = open_session(whole)
    whole.wait(lambda: page.table.model_of_lines.rowCount() == 2)

    page.table.setCurrentIndex(page.table.model_of_lines.index(0, 0))
    whole.qtbot.keyClick(page.table, Qt.Key.Key_Return)

    whole.wait(lambda: page.view.contents is not None and page.view.contents.session.id == latest)
    whole.wait(lambda: page.view.changes.model_of_lines.rowCount() > 60)


def test_that_deactivations_are_undone_after_a_question(whole: Whole) -> None:
    whole.office.run()
    gone = whole.office.simulator.truth("pagerduty")[-2:]
    whole.office.simulator.company.leave([account.serial for account in gone])
    page = open_session(whole, whole.office.run().session)
    assert whole.office.value("SELECT count(*) FROM saas_user WHERE deactivated") == 2

    whole.qtbot.mouseClick(page.view.undo, Qt.MouseButton.LeftButton)
    question = page.findChild(Question)
    assert question is not None
    whole.qtbot.mouseClick(question._buttons[1], Qt.MouseButton.LeftButton)

    whole.wait(lambda: whole.office.value("SELECT count(*) FROM saas_user WHERE deactivated") == 0)


def states(page: ActivityPage) -> list[str]:
    cells = [line.cells[-1].status for line in page.view.errors.model_of_lines.lines if not line.is_heading]
    return [status.word for status in cells if status is not None]


def test_that_a_conflict_is_accepted_with_a_note(whole: Whole) -> None:
    whole.office.simulator.faults.add(Fault(FaultKind.DUPLICATE_EMAIL, amount=1))
    page = open_session(whole, whole.office.run().session)
    page.view.tabs.set_current("errors")
    whole.wait(lambda: page.view.errors.model_of_lines.rowCount() == 3)
    assert not page.view.accept.isEnabled()

    page.view.errors.setCurrentIndex(page.view.errors.model_of_lines.index(1, 0))
    whole.qtbot.mouseClick(page.view.accept, Qt.MouseButton.LeftButton)
    dialog = page.findChild(AcceptanceDialog)
    assert dialog is not None
    assert not dialog.accept_button.isEnabled()
    whole.qtbot.keyClicks(dialog.note, "one shared mailbox")
    whole.qtbot.keyClick(dialog.note, Qt.Key.Key_Return)

    whole.wait(lambda: whole.office.value("SELECT count(*) FROM accepted_conflict") == 1)
    whole.wait(lambda: "Accepted" in states(page))
