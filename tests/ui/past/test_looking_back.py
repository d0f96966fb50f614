"""The window looks at the past: a moment is chosen, the pages of records show it, and nothing can be changed."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from saasdesk.app.window import WindowDesk
from saasdesk.fields import Field, FieldType, ObjectKind
from saasdesk.fields.rows import add_field
from saasdesk.records.editing import FormRecord, edit_record, form_of
from saasdesk.records.past import Comparison, compare, moment_of_run
from saasdesk.reports.runs.running import list_runs
from saasdesk.services import Services
from saasdesk.store import Connection, Store
from saasdesk.ui.formats import choose_formats
from saasdesk.ui.pages.people import PeoplePage, PersonPage
from saasdesk.ui.pages.reports import ReportsPage
from saasdesk.ui.pages.software import SoftwarePage
from saasdesk.ui.past import comparison_page
from saasdesk.ui.past.comparison_page import ComparisonPage
from saasdesk.ui.past.moment_dialog import RUN, MomentDialog
from saasdesk.ui.past.past_bar import PastBar
from saasdesk.ui.tables.times import local_time, shown_now
from tests.sync.several import Several
from tests.ui.conftest import press

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

ANA = {"id": "P1", "email": "ana@example.com", "name": "Ana"}
LI = {"id": "P2", "email": "li@example.com", "name": "Li"}
NAME: dict[str, Any] = {"source": "name", "target": "name"}


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[WindowDesk]:
    """A window in which a run has named Ana anew, and not found Li any more."""
    known = Several(tmp_path / "profile")
    known.vendor("One", NAME, users=[ANA, LI], deactivate_people=True, deactivate_limit_percent=100)
    known.run("One")
    known.lists("One", {**ANA, "name": "Ana B."})
    known.run("One")
    opened = WindowDesk(qapp, Services(known.store.profile, known.store, known.vault))
    opened.open()
    opened.window.navigate("people")
    yield opened
    opened.close()
    known.store.close()


def people(desk: WindowDesk, qtbot: QtBot, count: int) -> list[str]:
    """The names that the list shows, once there are so many."""
    page = desk.window.page("people")
    assert isinstance(page, PeoplePage)
    qtbot.waitUntil(lambda: not page.table.is_reading and len(page.order) == count)
    with page._store.reading() as db:
        rows = {row[0]: row[1] for row in db.execute_sql("SELECT id, name FROM person")}
    return [rows[number] for number in page.order]


def look_back(desk: WindowDesk, qtbot: QtBot, run: str = "#1") -> None:
    looking = desk.looking_back
    dialog = looking.choose()
    dialog.how.set_current(RUN)
    dialog._fit_fields()
    qtbot.waitUntil(lambda: dialog.run.findData(run) >= 0)
    dialog.run.setCurrentIndex(dialog.run.findData(run))
    dialog.keep.click()
    qtbot.waitUntil(lambda: looking.past is not None)


def read(store: Store, sql: str) -> list[tuple[Any, ...]]:
    with store.reading() as db:
        return list(db.execute_sql(sql))


def texts_of(form: FormRecord) -> dict[str, str]:
    return {field.external_id: form.text(field) for field in form.fields}


def commands(desk: WindowDesk) -> list[str]:
    return [command.text for command in desk.window.all_commands()]


def test_that_lists_show_what_was_until_one_comes_back(desk: WindowDesk, qtbot: QtBot) -> None:
    window = desk.window
    assert people(desk, qtbot, 1) == ["Ana B."]
    assert "Look at the past…" in commands(desk)
    assert "Back to the present" not in commands(desk)

    look_back(desk, qtbot)

    assert people(desk, qtbot, 2) == ["Ana", "Li"]
    assert window.status.mode.label.text().startswith("AS OF run #1 (One, ")
    (bar,) = window.findChildren(PastBar)
    assert "nothing can be changed" in bar.banner.text
    page = window.page("people")
    assert isinstance(page, PeoplePage)
    assert page.run_button.isHidden()
    assert "as of run #1" in page.table.source.sentence(page.table.query)
    assert desk.looking_back.past is not None
    # "3 days ago" is three days before that moment.
    then = shown_now()
    assert then == desk.looking_back.past.now()

    press(bar, "Back to the present")

    assert people(desk, qtbot, 1) == ["Ana B."]
    assert window.status.mode.label.text() == "DEMO"
    assert shown_now() > then
    assert "Back to the present" not in commands(desk)
    assert not list(desk._services.profile.folder.glob("past-*"))


def test_that_what_has_changed_since_is_one_click_away(desk: WindowDesk, qtbot: QtBot) -> None:
    look_back(desk, qtbot)
    (bar,) = desk.window.findChildren(PastBar)
    press(bar, "Compare with now")

    page = desk.window.current_page
    assert isinstance(page, ComparisonPage)
    qtbot.waitUntil(lambda: page.header.subtitle.text() == "4 differences")
    assert page.since_button.text().startswith("From run #1 (One, ")
    assert page.until_button.text() == "To now"
    qtbot.waitUntil(lambda: len(page.table.model.ids) == 4)
    texts = list(page.table.source.iterate(page.table.query, ["object", "record", "change", "after"]))
    assert ("Person", "Ana B.", "Changed", "Ana B.") in texts
    assert ("Person", "Li", "Deactivated", None) in texts
    assert page.table.source.sentence(page.table.query).startswith("All differences from run #1 (One, ")
    page.table.search.setText("Deactivated")
    qtbot.waitUntil(lambda: page.header.subtitle.text() == "2 of 4 differences")
    page.table.clear_filters()
    qtbot.waitUntil(lambda: page.header.subtitle.text() == "4 differences")

    page.table.opened.emit(next(place for place, each in page._found.items() if each.object == "saas_users"))

    assert desk.window.here == "software"


def test_that_a_comparison_shows_values_as_lists_do_and_exports_them_as_they_are_kept(
    desk: WindowDesk, qtbot: QtBot
) -> None:
    store = desk._services.store

    def add_fields(db: Connection) -> None:
        add_field(db, Field(ObjectKind.PEOPLE, "since", "Since", FieldType.DATE))
        add_field(db, Field(ObjectKind.PEOPLE, "remote", "Remote", FieldType.FLAG))

    store.write(add_fields)
    ((ana,),) = read(store, "SELECT id FROM person WHERE deactivated = 0")
    form = form_of(store, ObjectKind.PEOPLE, ana)
    edit_record(store, form, {**texts_of(form), "since": "2025-11-30", "remote": "yes"})
    choose_formats("1,234.56", "day-first")
    earlier = moment_of_run(store, "2")
    day = local_time(earlier.at)
    assert day is not None

    desk.window.navigate("comparison", earlier)

    page = desk.window.current_page
    assert isinstance(page, ComparisonPage)
    assert page.since_button.text() == f"From run #2 (One, {day:%d/%m/%Y %H:%M})"
    qtbot.waitUntil(lambda: len(page.table.model.ids) == 2)
    keys = ("field", "before", "after")
    shown = page.table.source.rows(list(page.table.model.ids), keys)
    assert sorted(shown.values()) == [("Remote", None, "Yes"), ("Since", None, "30/11/2025")]
    assert sorted(page.table.source.iterate(page.table.query, keys)) == [
        ("Remote", None, "1"),
        ("Since", None, "2025-11-30"),
    ]
    page.table.search.setText("30/11")
    qtbot.waitUntil(lambda: page.header.subtitle.text() == "1 of 2 differences")


def test_that_no_difference_is_said_only_after_the_moments_were_compared(
    desk: WindowDesk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    may_end = threading.Event()

    def waits(*about: Any) -> Comparison:
        may_end.wait(60)
        return compare(*about)

    monkeypatch.setattr(comparison_page, "compare", waits)
    desk.window.navigate("comparison", moment_of_run(desk._services.store, "2"))
    page = desk.window.current_page
    assert isinstance(page, ComparisonPage)

    def said() -> list[str]:
        return [label.text() for label in page.table.empty.findChildren(QLabel) if label.isVisible()]

    qtbot.waitUntil(lambda: "Comparing…" in said())
    may_end.set()
    qtbot.waitUntil(lambda: "No difference" in said())


def test_that_a_page_without_a_past_leads_back_to_the_present(desk: WindowDesk, qtbot: QtBot) -> None:
    look_back(desk, qtbot)
    desk.window.navigate("software")
    assert desk.looking_back.past is not None

    desk.window.navigate("integrations")

    assert desk.looking_back.past is None
    assert desk.window.status.mode.label.text() == "DEMO"
    assert not list(desk._services.profile.folder.glob("past-*"))


def test_that_a_report_is_read_and_run_as_of_that_moment(desk: WindowDesk, qtbot: QtBot) -> None:
    look_back(desk, qtbot)
    desk.window.navigate("reports", "Users per application")
    page = desk.window.current_page
    assert isinstance(page, ReportsPage)

    qtbot.waitUntil(lambda: "Active Users 2" in page.view.figures.text())
    assert desk.looking_back.past is not None
    assert "as of run #1 (One" in page.view.asks.text()
    assert "belong to the present" in page.view.standing.text()
    hidden = (page.edit, page.new, page.view.schedule, page.view.tabs, page.view.since)
    assert [widget.isVisible() for widget in hidden] == [False] * 5
    offered = {command.text for command in page.commands()}
    assert "Run to a PDF" in offered
    assert not offered & {"New report…", "Edit the report", "Schedule the report…", "Import a report…"}

    page.run.click()

    exports = desk._services.profile.exports
    qtbot.waitUntil(lambda: bool(list(exports.glob("*.json"))))
    (file,) = exports.glob("*.csv")
    assert file.name.startswith("Users per application as of run #1 (One")
    assert "as of run #1 (One" in next(iter(exports.glob("*.json"))).read_text()
    qtbot.waitUntil(page.run.isEnabled)
    assert list_runs(desk._services.store, "Users per application") == []

    assert desk.looking_back.bar is not None
    press(desk.looking_back.bar, "Back to the present")

    present = desk.window.current_page
    assert isinstance(present, ReportsPage)
    assert present is not page
    qtbot.waitUntil(lambda: "Active Users 1" in present.view.figures.text())
    assert present.edit.isVisible()


@pytest.mark.parametrize(
    ("day", "time", "sentence"),
    [
        ("", "08:30", "Enter a day."),
        ("20.11.2026", "08:30", "Write the date as year-month-day"),
        ("2026-11-20", "8 o'clock", "Write the time as hours and minutes"),
        ("2001-01-01", "08:30", "The history begins at"),
        ("2999-01-01", "00:00", "in the future"),
    ],
)
def test_that_a_moment_that_cannot_be_is_told_in_the_dialog(
    desk: WindowDesk, qtbot: QtBot, day: str, time: str, sentence: str
) -> None:
    dialog = desk.looking_back.choose()
    dialog.day.setText(day)
    dialog.time.setText(time)

    dialog.keep.click()

    def told() -> str:
        fields = (dialog._day_error.message, dialog._time_error.message)
        return " ".join((*fields, dialog.banner.text if dialog.banner.isVisible() else ""))

    qtbot.waitUntil(lambda: sentence in told())
    assert dialog.isVisible()
    assert dialog.keep.isEnabled()
    dialog.reject()


def test_that_the_slider_walks_from_run_to_run_and_the_keyboard_stays_on_it(desk: WindowDesk, qtbot: QtBot) -> None:
    look_back(desk, qtbot)
    bar = desk.looking_back.bar
    assert bar is not None
    qtbot.waitUntil(lambda: bar.slider.slider.maximum() == 1)
    assert bar.slider.slider.value() == 0
    assert "1 of 2 runs" in bar.slider.words.text()
    bar.slider.slider.setFocus()

    qtbot.keyClick(bar.slider.slider, Qt.Key.Key_Right)

    qtbot.waitUntil(lambda: desk.window.status.mode.label.text().startswith("AS OF run #2 (One"))
    assert people(desk, qtbot, 1) == ["Ana B."]
    later = desk.looking_back.bar
    assert later is not None
    qtbot.waitUntil(lambda: desk.window.focusWidget() is later.slider.slider)
    assert later.slider.slider.value() == 1
    assert not later.slider.later.isEnabled()

    qtbot.mouseClick(later.slider.slider, Qt.MouseButton.LeftButton, pos=QPoint(2, 12))

    assert "1 of 2 runs" in later.slider.words.text()
    qtbot.waitUntil(lambda: desk.window.status.mode.label.text().startswith("AS OF run #1 (One"))


def test_that_runs_that_end_in_one_second_stand_in_the_order_in_which_they_were_saved(desk: WindowDesk) -> None:
    def swap(db: Connection) -> None:
        db.execute_sql("UPDATE change SET session = 3 - session WHERE session IN (1, 2)")
        db.execute_sql("UPDATE sync_session SET finished_at = '2026-03-01T02:00:00Z'")

    desk._services.store.write(swap)

    assert [run.id for run in desk.looking_back._runs()] == [2, 1]


def test_that_nothing_that_acts_is_offered_in_the_past(desk: WindowDesk, qtbot: QtBot) -> None:
    look_back(desk, qtbot)
    assert people(desk, qtbot, 2) == ["Ana", "Li"]
    desk.window.navigate("person", 1)
    person = desk.window.current_page
    assert isinstance(person, PersonPage)
    assert person.actions_button.isHidden()
    assert not {"Edit…", "Run workflow…", "Off-board…"} & {command.text for command in person.commands()}

    desk.window.navigate("software", (1, "costs"))
    software = desk.window.current_page
    assert isinstance(software, SoftwarePage)
    view = software.view
    assert view is not None
    qtbot.waitUntil(lambda: view.costs.costs is not None)
    acting = (view.catalogue_button, view.costs.prices.add, view.costs.contracts.change, view.costs.change_days)
    assert not any(button.isVisible() for button in acting)


def test_that_the_way_to_the_past_stands_beside_the_mode_and_escape_leaves_it_unasked(
    desk: WindowDesk, qtbot: QtBot
) -> None:
    assert desk.window.status.past.accessibleName() == "Look at the past…"
    desk.window.status.past.click()
    (dialog,) = desk.window.findChildren(MomentDialog)
    # The list of runs arrives when the dialog is there already, and is no change of the admin's.
    qtbot.waitUntil(lambda: dialog.run.count() == 2)

    qtbot.keyClick(dialog, Qt.Key.Key_Escape)

    assert not dialog.isVisible()
