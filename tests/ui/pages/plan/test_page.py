"""The plan viewer: every line, narrowed by kind and words; and approving what is held."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QLabel

from saasdesk.sync import plans
from saasdesk.ui.pages.plan import PlanPage
from saasdesk.ui.pages.plan.approval import ApprovalDialog
from tests.ui.pages.conftest import Whole

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def first_page() -> str:
    return "start"


def open_plan(whole: Whole, number: int | None) -> PlanPage:
    whole.show("plan", number)
    page = whole.window.page("plan")
    assert isinstance(page, PlanPage)
    whole.wait(page.table.model_of_lines.rowCount)
    return page


def held_plan(whole: Whole) -> int:
    whole.office.run()
    gone = whole.office.simulator.truth("pagerduty")[-30:]
    whole.office.simulator.company.leave([account.serial for account in gone])
    plan = whole.office.run().plan
    assert plan is not None
    return plan


def test_that_a_preview_shows_every_record_once_with_its_fields(whole: Whole) -> None:
    result = whole.office.run(preview=True)

    page = open_plan(whole, result.plan)

    lines = page.table.model_of_lines.lines
    assert lines[0].is_heading
    tags = [line.cells[1].tag for line in lines if not line.is_heading]
    assert tags == ["ok"] * (120 + result.counts["licences"]["created"])
    assert page.apply.isVisible()
    assert not page.approve.isVisible()

    whole.qtbot.mouseClick(page.changed_only, Qt.MouseButton.LeftButton)

    whole.wait(lambda: page.table.model_of_lines.rowCount() > 2 * len(lines))


def test_that_a_message_does_not_lie_on_the_button_to_press_next(whole: Whole) -> None:
    toast = whole.window.toast("Connecting a vendor waits for you.", seconds=600)
    page = open_plan(whole, whole.office.run(preview=True).plan)

    def button() -> QRect:
        return QRect(page.apply.mapTo(whole.window, QPoint(0, 0)), page.apply.size())

    whole.wait(page.apply.isVisible)
    whole.wait(lambda: not toast.geometry().intersects(button()))


def test_that_the_filter_leaves_the_lines_that_match(whole: Whole) -> None:
    page = open_plan(whole, whole.office.run(preview=True).plan)
    name = whole.office.simulator.truth("pagerduty")[3].name

    page.filter.setText(name)

    whole.wait(lambda: 0 < page.table.model_of_lines.rowCount() < 40)


def test_that_applying_makes_what_the_plan_shows_and_leads_to_its_session(whole: Whole) -> None:
    page = open_plan(whole, whole.office.run(preview=True).plan)

    whole.qtbot.mouseClick(page.apply, Qt.MouseButton.LeftButton)

    whole.wait(lambda: whole.office.value("SELECT count(*) FROM person") == 60)
    whole.wait(lambda: whole.window.current_page is whole.window.page("activity"))


def test_that_a_click_and_space_leave_lines_out(whole: Whole) -> None:
    page = open_plan(whole, whole.office.run(preview=True).plan)
    total = page.ticks.total
    table = page.table

    def box(row: int) -> QPoint:
        return table.visualRect(table.model_of_lines.index(row, 0)).center()

    whole.qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=box(1))
    assert page.ticks.count == total - 1
    table.setFocus()
    table.setCurrentIndex(table.model_of_lines.index(2, 0))
    whole.qtbot.keyClick(table, Qt.Key.Key_Space)
    assert page.ticks.count == total - 2
    assert page.apply.text() == f"Apply {total - 2} changes"
    assert table.model_of_lines.index(2, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "not ticked"

    whole.qtbot.mouseClick(page.apply, Qt.MouseButton.LeftButton)

    whole.wait(lambda: whole.office.value("SELECT count(*) FROM person") == 58)


def test_that_the_box_of_a_heading_is_that_of_all_lines_shown_under_it(whole: Whole) -> None:
    page = open_plan(whole, whole.office.run(preview=True).plan)
    total = page.ticks.total
    name = whole.office.simulator.truth("pagerduty")[3].name
    page.filter.setText(name)
    whole.wait(lambda: 0 < page.table.model_of_lines.rowCount() < 40)
    shown = page.table.model_of_lines.rowCount() - 1
    heading = page.table.model_of_lines.lines[0]

    page.ticks.toggle(heading)
    assert page.ticks.count == total - shown
    assert page.ticks.state(heading) is Qt.CheckState.PartiallyChecked

    page.ticks.toggle(heading)
    assert page.ticks.count == total


def test_that_words_may_be_looked_for_in_one_column(whole: Whole) -> None:
    page = open_plan(whole, whole.office.run(preview=True).plan)
    everything = page.table.model_of_lines.rowCount()
    page.filter.setText("assigned")
    whole.wait(lambda: 0 < page.table.model_of_lines.rowCount() < everything)

    whole.qtbot.mouseClick(page.columns["record"], Qt.MouseButton.LeftButton)

    whole.wait(lambda: page.table.model_of_lines.rowCount() == 0)


def test_that_what_is_held_has_no_box(whole: Whole) -> None:
    page = open_plan(whole, held_plan(whole))

    assert {page.ticks.state(line) for line in page.table.model_of_lines.lines} == {None}
    assert page.table.model_of_lines.lines[1].cells[0].icon == "lock"


def test_that_a_plan_that_a_run_has_overtaken_says_so_and_offers_another(whole: Whole) -> None:
    page = open_plan(whole, whole.office.run(preview=True).plan)
    whole.office.run()

    page.refresh()

    whole.wait(lambda: not page.apply.isVisible() and page.run.isVisible())
    assert "Preview again" in page._foot.advice.text()
    assert page.ticks.state(page.table.model_of_lines.lines[1]) is None


def test_that_approving_takes_the_number_and_nothing_less(whole: Whole) -> None:
    page = open_plan(whole, held_plan(whole))
    whole.qtbot.mouseClick(page.approve, Qt.MouseButton.LeftButton)
    dialog = page.findChild(ApprovalDialog)
    assert dialog is not None
    assert dialog.focusWidget() is dialog.cancel
    shown = {label.text() for label in dialog.findChildren(QLabel)}
    gone = whole.office.rows("SELECT r.label, u.email FROM plan_record r JOIN saas_user u ON u.id = r.record "
        "WHERE r.held AND r.object = 'saas_users'")  # fmt: skip
    assert len(gone) == 30
    assert shown >= {str(part) for row in gone for part in row}
    assert "The list that they are missing from is complete." in shown
    assert "30 planned · 12 allowed" in shown

    whole.qtbot.keyClicks(dialog.field, "29")
    assert not dialog.confirm.isEnabled()
    dialog.field.clear()
    whole.qtbot.keyClicks(dialog.field, "30")
    whole.qtbot.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)

    whole.wait(lambda: whole.office.value("SELECT count(*) FROM saas_user WHERE deactivated") == 30)
    assert plans.held_plans(whole.office.store) == []
    whole.wait(lambda: "approved, and applied" in page.table.model_of_lines.lines[0].cells[0].note)
    assert page._foot.budget.text() == "30 planned"
    assert not page._foot.meter.isVisible()


def test_that_a_line_opens_its_record_and_back_comes_to_the_plan(whole: Whole) -> None:
    page = open_plan(whole, held_plan(whole))
    place = next(row for row, line in enumerate(page.table.model_of_lines.lines) if not line.is_heading)

    page.table.setCurrentIndex(page.table.model_of_lines.index(place, 2))
    whole.qtbot.keyClick(page.table, Qt.Key.Key_Return)

    whole.wait(lambda: whole.window.current_page is whole.window.page("person"))
    whole.window.go_back()
    assert whole.window.current_page is page


def test_that_rejecting_leaves_everybody_active(whole: Whole) -> None:
    page = open_plan(whole, held_plan(whole))

    whole.qtbot.mouseClick(page.reject, Qt.MouseButton.LeftButton)

    whole.wait(lambda: plans.held_plans(whole.office.store) == [])
    assert whole.office.value("SELECT count(*) FROM saas_user WHERE deactivated") == 0


def test_that_a_plan_leads_to_the_session_that_made_it(whole: Whole) -> None:
    result = whole.office.run(preview=True)
    page = open_plan(whole, result.plan)

    whole.qtbot.mouseClick(page.session, Qt.MouseButton.LeftButton)

    whole.wait(lambda: whole.window.current_page is whole.window.page("activity"))
