"""From any page the palette finds integrations to run, people and applications."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from saasdesk.reports.dashboards.board import BoardDocument
from saasdesk.reports.dashboards.boards import add_board
from saasdesk.sync.sessions import list_sessions
from saasdesk.ui import palette_places
from tests.ui.pages.conftest import Whole

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def search(whole: Whole, text: str) -> list[str]:
    whole.window.activateWindow()
    whole.wait(whole.window.isActiveWindow)
    whole.window.open_palette()
    whole.wait(whole.window.palette_box.field.hasFocus)
    palette = whole.window.palette_box
    whole.qtbot.keyClicks(palette.field, text)
    return [command.text for command in palette.shown]


def found(whole: Whole) -> list[str]:
    return [command.text for command in whole.window.palette_box.shown]


def test_that_a_person_is_found_by_name_and_shown(whole: Whole) -> None:
    whole.office.run()
    person = whole.office.simulator.truth("pagerduty")[3]
    whole.show("settings")

    search(whole, person.name)
    whole.wait(lambda: any(person.name in text for text in found(whole)))
    whole.qtbot.keyClick(whole.window.palette_box.field, Qt.Key.Key_Return)

    whole.wait(lambda: whole.window.current_page is whole.window.page("person"))


def test_that_an_application_is_found(whole: Whole) -> None:
    whole.office.run()
    whole.show("people")

    search(whole, "pagerd")

    whole.wait(lambda: "PagerDuty" in found(whole))


def test_that_everything_with_a_name_is_found_with_what_one_wants_to_know_of_it(whole: Whole) -> None:
    whole.office.run()
    add_board(whole.office.store, BoardDocument(name="Wallboard"))
    person = whole.office.simulator.truth("pagerduty")[3]
    whole.show("people")

    search(whole, person.name.split()[-1][:3])
    whole.wait(lambda: any(command.group == "Person · 1 account" for command in whole.window.palette_box.shown))
    for text, group in (("wallb", "Dashboard"), ("roles per", "Report"), ("safety bud", "Settings")):
        search(whole, text)
        whole.wait(lambda group=group: [each.group for each in whole.window.palette_box.shown[:1]] == [group])
    assert whole.window.palette_box.shown[0].text == "Safety budgets"
    whole.qtbot.keyClick(whole.window.palette_box.field, Qt.Key.Key_Return)
    whole.wait(lambda: whole.window.current_page is whole.window.page("settings"))
    assert whole.window.palette_box.recent[0] == "Safety budgets"


def test_that_each_part_and_each_deed_of_other_pages_is_there(whole: Whole) -> None:
    settings, configuration = whole.window.page("settings"), whole.window.page("configuration")
    parts = {(key, part): title for key, part, title, _icon in palette_places._PARTS}
    sections = {("settings", key): section.title for key, section in settings.sections.items()}  # type: ignore[attr-defined]
    assert sections.items() <= parts.items()
    assert {("configuration", key) for key in configuration._views} <= parts.keys()  # type: ignore[attr-defined]

    for part, name in palette_places._SETTINGS:
        assert settings.sections[part].is_about(name), name  # type: ignore[attr-defined]
    search(whole, "proxy")
    whole.wait(lambda: found(whole)[:1] == ["Network: Proxy"])

    for key, part, deed in palette_places._DEEDS:
        whole.show(key, part)
        page = whole.window.page(key)
        whole.wait(lambda page=page, deed=deed: deed in [command.text for command in page.commands()])

    whole.show("home")
    search(whole, "add person")
    whole.qtbot.keyClick(whole.window.palette_box.field, Qt.Key.Key_Return)
    whole.wait(lambda: QApplication.activeModalWidget() is not None)
    QApplication.activeModalWidget().close()


def test_that_an_integration_is_run_from_any_page(whole: Whole) -> None:
    whole.show("people")

    search(whole, "run now")
    whole.wait(lambda: "Run now: PagerDuty users" in found(whole))
    whole.qtbot.keyClick(whole.window.palette_box.field, Qt.Key.Key_Return)

    whole.wait(lambda: any(session.finished_at for session in list_sessions(whole.office.store)))


def test_that_an_integration_to_run_stands_once_on_its_own_page(whole: Whole) -> None:
    whole.show("integrations")
    whole.wait(lambda: any(command.text.startswith("Run now") for command in whole.window.all_commands()))

    search(whole, "run now: pager")
    whole.qtbot.wait(300)

    assert found(whole).count("Run now: PagerDuty users") == 1


def test_that_settings_have_the_shortcut_that_other_programs_give_them(whole: Whole) -> None:
    shortcuts = {command.text: command.shortcut for command in whole.window.all_commands()}

    assert shortcuts["Settings"] == "Ctrl+,"


def test_that_a_saved_view_is_found_and_its_list_is_shown_through_it(whole: Whole) -> None:
    whole.show("settings")

    search(whole, "no person")
    whole.wait(lambda: "View: No person · SaaS users" in found(whole))
    whole.qtbot.keyClick(whole.window.palette_box.field, Qt.Key.Key_Return)

    page = whole.window.page("listed")
    whole.wait(lambda: whole.window.current_page is page)
    whole.wait(lambda: [chip.label for chip in page.table.filters.chips] == ["Person is empty"])  # type: ignore[attr-defined]
