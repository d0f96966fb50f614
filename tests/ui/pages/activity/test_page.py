"""Activity: sessions, what each left alone and changed, and taking deactivations back."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from saasdesk.simulator.faults import Fault, FaultKind
from saasdesk.sync import plans, sessions
from saasdesk.ui.pages.activity import ActivityPage
from saasdesk.ui.pages.activity.acceptance import AcceptanceDialog
from saasdesk.ui.widgets.question import Question
from tests.ui.pages.conftest import Whole

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def first_page() -> str:
    return "activity"


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
    changes = page.view.changes
    changes.setCurrentIndex(changes.model_of_lines.index(0, 0))
    whole.qtbot.keyClick(changes, Qt.Key.Key_Return)
    whole.wait(lambda: whole.window.here != "activity")


def test_that_a_session_says_whose_account_its_key_opened(whole: Whole) -> None:
    whole.office.run()

    page = open_session(whole, 1)

    whole.wait(lambda: "The key opened kestrel-heath.pagerduty.example.com." in page.view._evidence.text())


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


def troubled(whole: Whole) -> ActivityPage:
    """A session in which two users had one address."""
    whole.office.simulator.faults.add(Fault(FaultKind.DUPLICATE_EMAIL, amount=1))
    page = open_session(whole, whole.office.run().session)
    whole.office.simulator.faults.clear()
    whole.wait(lambda: page.view.errors.model_of_lines.rowCount() == 3)
    return page


def choose(whole: Whole, page: ActivityPage, row: int) -> None:
    page.view.errors.setCurrentIndex(page.view.errors.model_of_lines.index(row, 0))
    whole.wait(lambda: bool(page.view.panel.raw.toPlainText()) or row == 0)


def test_that_problems_are_shown_by_cause_with_the_record_and_the_mapping_line_at_fault(whole: Whole) -> None:
    page = troubled(whole)
    heading = page.view.errors.model_of_lines.lines[0]
    assert heading.cells[0].note.endswith("2 records")

    choose(whole, page, 1)

    assert '"email"' in page.view.panel.raw.toPlainText()
    whole.qtbot.mouseClick(page.view.panel.mapping, Qt.MouseButton.LeftButton)
    whole.wait(lambda: whole.window.current_page is whole.window.page("mapping"))


def test_that_a_cause_is_closed_and_opened_by_a_click_and_by_enter(whole: Whole) -> None:
    page = troubled(whole)
    table = page.view.errors

    whole.qtbot.mouseClick(
        table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(table.model().index(0, 0)).center()
    )
    assert table.model_of_lines.rowCount() == 1

    whole.qtbot.keyClick(table, Qt.Key.Key_Return)
    assert table.model_of_lines.rowCount() == 3


def test_that_failed_records_are_tried_again_and_the_page_follows(whole: Whole) -> None:
    page = troubled(whole)
    session = page.view.contents
    assert session is not None
    assert page.view.retry.text() == "Retry 2 failed records"
    assert whole.office.value("SELECT count(*) FROM person") == 58

    whole.qtbot.mouseClick(page.view.retry, Qt.MouseButton.LeftButton)

    whole.wait(lambda: whole.office.value("SELECT count(*) FROM person") == 60)
    whole.wait(lambda: page.view.contents is not None and page.view.contents.session.kind == "retry")
    assert not page.view.retry.isVisible()


def test_that_an_accepted_conflict_is_withdrawn_again(whole: Whole) -> None:
    whole.office.simulator.faults.add(Fault(FaultKind.DUPLICATE_EMAIL, amount=1))
    session = whole.office.run().session
    error = sessions.errors_of(whole.office.store, session)[0]
    sessions.accept_conflict(whole.office.store, session, str(error.vendor_id), "one shared mailbox")
    page = open_session(whole, session)
    page.view.tabs.set_current("errors")
    whole.wait(lambda: any("Accepted" in line.cells[0].words for line in page.view.errors.model_of_lines.lines))
    page.view.filter.setText(str(error.vendor_id))
    whole.wait(lambda: states(page) == ["Accepted"])
    choose(whole, page, 1)
    assert "one shared mailbox" in page.view.panel._note.text()

    whole.qtbot.mouseClick(page.view.panel.withdraw, Qt.MouseButton.LeftButton)

    whole.wait(lambda: whole.office.value("SELECT count(*) FROM accepted_conflict") == 0)
    whole.wait(lambda: states(page) == ["Can be accepted"])


def test_that_the_report_names_causes_examples_and_the_way_out(whole: Whole) -> None:
    page = troubled(whole)

    page._copy_report()

    report = QApplication.clipboard().text()
    assert "Completed with errors" in report
    assert "Several records claim the same person or value" in report
    assert "share e-mail" in report
    assert "accept the conflict" in report


def test_that_phases_are_shown_with_their_share(whole: Whole) -> None:
    page = open_session(whole, whole.office.run().session)

    page.view.tabs.set_current("phases")

    whole.wait(lambda: page.view.phases.model_of_lines.rowCount() == 6)
    assert page.view.phases.model_of_lines.lines[2].cells[0].text == "Reading licences"


def test_that_an_undo_that_is_no_longer_possible_says_why(whole: Whole) -> None:
    whole.office.run()
    gone = whole.office.simulator.truth("pagerduty")[-2:]
    whole.office.simulator.company.leave([account.serial for account in gone])
    session = whole.office.run().session
    page = open_session(whole, session)
    assert page.view._outlook.text().startswith("2 of 2 deactivations can be undone until")

    whole.office.store.write(lambda db: db.execute_sql("UPDATE sync_session SET started_at = '2026-01-01T00:00:00Z'"))
    page.refresh()

    whole.wait(lambda: not page.view.undo.isVisible())
    assert page.view._outlook.text() == "Deactivations can be undone for 30 days; this session is older."


def states(page: ActivityPage) -> list[str]:
    cells = [line.cells[-1].status for line in page.view.errors.model_of_lines.lines if not line.is_heading]
    return [status.word for status in cells if status is not None]


def test_that_a_conflict_is_accepted_with_a_note(whole: Whole) -> None:
    page = troubled(whole)
    assert not page.view.panel.accept.isVisible()

    choose(whole, page, 1)
    whole.qtbot.mouseClick(page.view.panel.accept, Qt.MouseButton.LeftButton)
    dialog = page.findChild(AcceptanceDialog)
    assert dialog is not None
    assert not dialog.accept_button.isEnabled()
    whole.qtbot.keyClicks(dialog.note, "one shared mailbox")
    whole.qtbot.keyClick(dialog.note, Qt.Key.Key_Return)

    whole.wait(lambda: whole.office.value("SELECT count(*) FROM accepted_conflict") == 1)
    whole.wait(lambda: any("Accepted" in line.cells[0].words for line in page.view.errors.model_of_lines.lines))


def test_that_a_test_of_the_first_few_does_not_call_itself_complete(whole: Whole) -> None:
    page = open_session(whole, whole.office.run(preview=True, is_test=True, limit=10).session)

    assert page.view._proof.text() == "Not complete"
    assert page.view._evidence.text().startswith("Only the first")


def test_that_a_held_session_says_what_was_decided_about_it_and_its_undo_counts_people(whole: Whole) -> None:
    whole.office.run()
    gone = whole.office.simulator.truth("pagerduty")[-30:]
    whole.office.simulator.company.leave([account.serial for account in gone])
    held = whole.office.run()
    assert held.plan is not None
    approved = plans.approve(whole.office.store, held.plan, 30)
    page = open_session(whole, held.session)

    whole.wait(lambda: page.view._banner.text.startswith("Approved today"))
    assert page.view._banner.text.endswith("Nobody was deactivated.")

    later = sessions.list_sessions(whole.office.store)[0]
    assert later.message == "30 of the 30 held deactivations of plan 1 were approved."
    assert (approved, sessions.undo_deactivations(whole.office.store, later.id)) == (30, 30)
