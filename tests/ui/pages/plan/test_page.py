"""The plan viewer: every line, narrowed by kind and words; and approving what is held."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt

from saasdesk.sync import plans
from saasdesk.ui.pages.plan import PlanPage
from saasdesk.ui.pages.plan.approval import ApprovalDialog
from tests.ui.pages.conftest import Whole

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


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
    assert sum(1 for line in lines if line.cells[0].tag == "ok") == 120 + result.counts["licences"]["created"]
    assert page.run.isVisible()
    assert not page.approve.isVisible()


def test_that_a_message_does_not_lie_on_the_button_to_press_next(whole: Whole) -> None:
    toast = whole.window.toast("Connecting a vendor waits for you.", seconds=0)
    page = open_plan(whole, whole.office.run(preview=True).plan)

    def button() -> QRect:
        return QRect(page.run.mapTo(whole.window, QPoint(0, 0)), page.run.size())

    whole.wait(page.run.isVisible)
    whole.wait(lambda: not toast.geometry().intersects(button()))


def test_that_the_filter_leaves_the_lines_that_match(whole: Whole) -> None:
    page = open_plan(whole, whole.office.run(preview=True).plan)
    name = whole.office.simulator.truth("pagerduty")[3].name

    page.filter.setText(name)

    whole.wait(lambda: 0 < page.table.model_of_lines.rowCount() < 40)


def test_that_run_now_makes_what_the_plan_shows(whole: Whole) -> None:
    page = open_plan(whole, whole.office.run(preview=True).plan)

    whole.qtbot.mouseClick(page.run, Qt.MouseButton.LeftButton)

    whole.wait(lambda: whole.office.value("SELECT count(*) FROM person") == 60)


def test_that_approving_takes_the_number_and_nothing_less(whole: Whole) -> None:
    page = open_plan(whole, held_plan(whole))
    whole.qtbot.mouseClick(page.approve, Qt.MouseButton.LeftButton)
    dialog = page.findChild(ApprovalDialog)
    assert dialog is not None
    assert dialog.focusWidget() is dialog.cancel

    whole.qtbot.keyClicks(dialog.field, "29")
    assert not dialog.confirm.isEnabled()
    dialog.field.clear()
    whole.qtbot.keyClicks(dialog.field, "30")
    whole.qtbot.mouseClick(dialog.confirm, Qt.MouseButton.LeftButton)

    whole.wait(lambda: whole.office.value("SELECT count(*) FROM saas_user WHERE deactivated") == 30)
    assert plans.held_plans(whole.office.store) == []
    whole.wait(lambda: "approved, and applied" in page.table.model_of_lines.lines[0].cells[0].note)
    assert page._budget.text() == "30 planned"
    assert not page.meter.isVisible()


def test_that_rejecting_leaves_everybody_active(whole: Whole) -> None:
    page = open_plan(whole, held_plan(whole))

    whole.qtbot.mouseClick(page.reject, Qt.MouseButton.LeftButton)

    whole.wait(lambda: plans.held_plans(whole.office.store) == [])
    assert whole.office.value("SELECT count(*) FROM saas_user WHERE deactivated") == 0
