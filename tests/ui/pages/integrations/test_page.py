"""The tiles: what they say, and that their buttons do it."""

import re
from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import Qt

from saasdesk.simulator.faults import Fault, FaultKind
from saasdesk.sync.events import Status
from saasdesk.sync.integration import Integration, IntegrationDocument, IntegrationState, with_default_mapping
from saasdesk.sync.integrations import find_integration, save_integration
from saasdesk.sync.sessions import list_sessions
from saasdesk.ui.pages.integrations import IntegrationsPage
from saasdesk.ui.pages.integrations.tile import Tile
from saasdesk.ui.widgets.buttons import OutlinedButton
from tests.ui.pages.conftest import Whole

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def page_of(whole: Whole) -> IntegrationsPage:
    page = whole.window.page("integrations")
    assert isinstance(page, IntegrationsPage)
    return page


def tile_of(whole: Whole) -> Tile:
    whole.wait(lambda: page_of(whole).findChildren(Tile))
    return page_of(whole).findChildren(Tile)[0]


def words_of(tile: Tile) -> str:
    return " ".join(text for _, text in tile._lines.shown)


def draft(whole: Whole) -> Integration:
    office = whole.office
    document = IntegrationDocument(name="Others", connector="pagerduty", credential="pd key")
    return save_integration(office.store, with_default_mapping(document, office.connector))


def note_expiry(whole: Whole, days: int) -> None:
    day = (datetime.now().astimezone() + timedelta(days=days)).date().isoformat()
    whole.office.store.write(lambda db: db.execute_sql("UPDATE credential SET expires = ?", (day,)).rowcount)


def test_that_run_now_fills_the_database_and_the_tile_says_so(whole: Whole) -> None:
    tile = tile_of(whole)

    whole.qtbot.mouseClick(tile.run, Qt.MouseButton.LeftButton)

    whole.wait(lambda: "60 read" in words_of(tile))
    assert whole.office.value("SELECT count(*) FROM person") == 60
    assert tile.state.status.word == "Active"


def test_that_a_running_tile_offers_cancel_which_cancels(whole: Whole) -> None:
    tile = tile_of(whole)
    whole.office.simulator.faults.add(Fault(FaultKind.HANG, endpoint="users"))
    whole.qtbot.mouseClick(tile.run, Qt.MouseButton.LeftButton)
    whole.wait(tile.cancel.isVisible)
    assert tile.state.status.word == "Running"
    whole.wait(tile.cancel.isEnabled)

    whole.qtbot.mouseClick(tile.cancel, Qt.MouseButton.LeftButton)

    assert not tile.cancel.isEnabled()
    assert tile.phase.text() == "Cancelling after this request…"
    whole.wait(tile.run.isVisible)
    assert list_sessions(whole.office.store)[0].status is Status.CANCELLED
    assert whole.office.value("SELECT count(*) FROM person") == 0


def test_that_a_second_start_of_the_same_integration_is_refused(whole: Whole) -> None:
    tile = tile_of(whole)
    whole.office.simulator.faults.add(Fault(FaultKind.HANG, endpoint="users"))
    tile.pressed.emit("run")
    whole.wait(tile.cancel.isVisible)

    tile.pressed.emit("run")

    assert [job.about for job in whole.desk.jobs.running()].count("integration:1") == 1


def test_that_a_failed_run_says_why_and_offers_to_try_again(whole: Whole) -> None:
    tile = tile_of(whole)
    whole.office.simulator.faults.add(Fault(FaultKind.STATUS, endpoint="users", status=401))

    tile.pressed.emit("run")

    whole.wait(tile.retry.isVisible)
    assert tile.state.status.word == "Failed"
    assert "refused the key (401)" in tile._sentence.text()


def test_that_preview_leads_to_its_plan_and_writes_nothing(whole: Whole) -> None:
    tile = tile_of(whole)

    whole.qtbot.mouseClick(tile.preview, Qt.MouseButton.LeftButton)

    whole.wait(lambda: whole.window.current_page is not page_of(whole))
    plan = whole.window.page("plan")
    whole.wait(lambda: plan.table.model_of_lines.rowCount() > 60)
    assert whole.office.value("SELECT count(*) FROM person") == 0


def test_that_pause_and_resume_change_the_state(whole: Whole) -> None:
    tile = tile_of(whole)

    tile.pressed.emit("pause")
    whole.wait(tile.resume.isVisible)
    assert tile.state.status.word == "Paused"
    whole.qtbot.mouseClick(tile.resume, Qt.MouseButton.LeftButton)

    whole.wait(tile.run.isVisible)
    assert tile.state.status.word == "Active"


def test_that_launching_a_draft_leads_over_its_first_plan_and_only_launch_there_makes_it_active(whole: Whole) -> None:
    draft(whole)
    page_of(whole).refresh()
    whole.wait(lambda: len(page_of(whole).findChildren(Tile)) == 2)
    tile = next(tile for tile in page_of(whole).findChildren(Tile) if tile.facts.word == "draft")

    whole.qtbot.mouseClick(tile.launch, Qt.MouseButton.LeftButton)

    plan = whole.window.page("plan")
    whole.wait(lambda: whole.window.current_page is plan and plan.launch.isVisible())
    assert find_integration(whole.office.store, "Others").state is IntegrationState.DRAFT
    assert not plan.run.isVisible()
    assert not plan.apply.isVisible()
    assert "Run Now" not in {command.text for command in plan.commands()}
    whole.qtbot.mouseClick(plan.launch, Qt.MouseButton.LeftButton)
    whole.wait(plan.apply.isVisible)
    assert find_integration(whole.office.store, "Others").state is IntegrationState.ACTIVE
    assert whole.office.value("SELECT count(*) FROM person") == 0


def test_that_a_draft_is_not_run_from_its_own_page(whole: Whole) -> None:
    whole.show("integration", draft(whole).id)
    page = whole.window.page("integration")
    whole.wait(page.launch.isVisible)

    assert "Run Now" not in {command.text for command in page.commands()}


@pytest.mark.parametrize(("days", "words"), [(13, "expires in 13 days"), (1, "expires tomorrow"), (-1, "expired on")])
def test_that_a_key_that_soon_expires_is_said_on_the_tile_and_on_the_page(whole: Whole, days: int, words: str) -> None:
    whole.office.run()
    note_expiry(whole, days)
    page_of(whole).refresh()
    tile = tile_of(whole)

    whole.wait(lambda: words in tile._sentence.text())
    assert not re.search(r"\d{4}-\d\d-\d\d", tile._sentence.text()), "days are written as the settings say"
    assert tile.run.isVisible()
    assert page_of(whole).attention.text() == "1 needs attention"
    whole.show("integration", 1)
    page = whole.window.page("integration")
    whole.wait(lambda: words in page._banner.text)


def test_that_with_large_letters_the_heads_of_an_integration_and_of_its_run_stay_whole(whole: Whole) -> None:
    whole.office.run()
    whole.desk.theme.zoom = 200
    whole.window.resize(1280, 800)

    whole.show("integration", 1)
    page = whole.window.page("integration")
    whole.wait(lambda: page.run.isVisible() and not page.preview.isVisible())
    title = page.header.title.geometry()
    assert not [each for each in (page.state, page.pause, page.run) if each.geometry().intersects(title)]
    assert {"Preview", "Test Run: All records"} <= {command.text for command in page.commands()}

    whole.show("activity", whole.office.value("SELECT max(id) FROM sync_session"))
    view = whole.window.page("activity").view
    whole.wait(lambda: view.header.isVisible() and not view._told.isVisible())
    heights = [(each.height(), each.sizeHint().height()) for each in (view.header.title, view.state, view.tabs)]
    assert not [pair for pair in heights if pair[0] < pair[1]]
    whole.desk.theme.zoom = 100
    whole.wait(view._told.isVisible)


def test_that_paused_schedules_are_said_and_resumed_where_the_next_run_is_looked_for(whole: Whole) -> None:
    whole.office.store.save_setting("scheduling_paused", "true")
    page = page_of(whole)
    page.refresh()
    tile = tile_of(whole)

    whole.wait(page.rest.isVisible)
    assert "None while all schedules are paused" in words_of(tile)
    (resume,) = page.rest.findChildren(OutlinedButton)
    whole.qtbot.mouseClick(resume, Qt.MouseButton.LeftButton)

    whole.wait(lambda: not page.rest.isVisible())
    assert not whole.office.store.settings().scheduling_paused


def test_that_a_key_with_time_left_is_not_spoken_of(whole: Whole) -> None:
    whole.office.run()
    note_expiry(whole, 15)
    page_of(whole).refresh()
    tile = tile_of(whole)

    whole.wait(lambda: "60 read" in words_of(tile))
    assert tile._sentence.text() == ""


def test_that_the_filter_hides_what_does_not_match(whole: Whole) -> None:
    tile = tile_of(whole)

    page_of(whole).narrowing.filter.setText("jumpcloud")

    whole.wait(lambda: not tile.isVisible())


def test_that_the_page_of_one_integration_shows_its_mapping_and_sessions(whole: Whole) -> None:
    whole.office.run()

    whole.show("integration", 1)

    page = whole.window.page("integration")
    whole.wait(lambda: page.table.model_of_lines.rowCount() == 1)
    assert page.header.title.text() == "PagerDuty users"
    assert page.run.isVisible()


def test_that_the_keyboard_stays_in_a_tile_from_run_now_over_cancel_to_run_now(whole: Whole) -> None:
    tile = tile_of(whole)
    whole.office.simulator.faults.add(Fault(FaultKind.HANG, endpoint="users"))
    whole.window.activateWindow()
    tile.run.setFocus()
    whole.wait(tile.run.hasFocus)

    whole.qtbot.keyClick(tile.run, Qt.Key.Key_Space)

    assert tile.isAncestorOf(whole.window.focusWidget())
    whole.wait(tile.cancel.hasFocus)
    whole.qtbot.keyClick(tile.cancel, Qt.Key.Key_Space)
    assert tile.isAncestorOf(whole.window.focusWidget())
    whole.wait(tile.run.isVisible)
    assert tile.isAncestorOf(whole.window.focusWidget())


def test_that_a_press_on_cancel_that_comes_too_late_starts_no_other_run(whole: Whole) -> None:
    tile = tile_of(whole)
    tile.pressed.emit("run")
    whole.wait(tile.cancel.isVisible)
    whole.wait(tile.run.isVisible)

    whole.qtbot.mouseClick(tile.run, Qt.MouseButton.LeftButton)

    assert not whole.desk.jobs.find("integration:1")
    whole.wait(tile.run.isEnabled)
    assert len(list_sessions(whole.office.store)) == 1


def test_that_a_tile_leads_to_its_mapping(whole: Whole) -> None:
    tile = tile_of(whole)
    whole.wait(tile.mapping.isVisible)

    whole.qtbot.mouseClick(tile.mapping, Qt.MouseButton.LeftButton)

    whole.wait(lambda: whole.window.page("mapping").isVisible())
    assert [crumb.title for crumb in whole.window.page("mapping").breadcrumb()][-1] == "Mapping"
