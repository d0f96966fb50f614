from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from saasdesk.credentials import Vault
from saasdesk.definitions import to_toml
from saasdesk.licences.priced_lists import ListObject
from saasdesk.profile import open_profile
from saasdesk.reports.views import ViewDocument, add_view, list_views
from saasdesk.rules import condition
from saasdesk.services import Services
from saasdesk.store import Store
from saasdesk.ui.dialogs.details_dialog import DetailsDialog
from saasdesk.ui.saved_views import SavedViews
from saasdesk.ui.tables import RecordTable
from saasdesk.ui.widgets.buttons import PrimaryButton
from tests.ui.pages.people.desk import Desk
from tests.ui.tables.conftest import settle, shown_names
from tests.ui.tables.fake_source import FakeSource

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

Open = Callable[[], SavedViews]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(open_profile(tmp_path / "profile")) as opened:
        yield opened


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication) -> Iterator[Desk]:
    opened = Desk(qtbot, qapp)
    yield opened
    opened.close()


@pytest.fixture
def open_views(desk: Desk, store: Store) -> Open:
    """A list of people with the control of its views, as often as somebody starts the program."""

    def open_it() -> SavedViews:
        source = FakeSource(8)
        table = RecordTable(source, desk.theme, desk.readers, desk.memory, "people", sort=(("name", False),))
        services = Services(store.profile, store, Vault(store))
        views = SavedViews(services, desk.frame, desk.theme, desk.readers, desk.memory, table, ListObject.PEOPLE)
        table.add_tool(views.button)
        desk.show(table, 1000, 500)
        settle(desk.qtbot, table)
        desk.qtbot.waitUntil(lambda: bool(views.choices))
        return views

    return open_it


def table_of(views: SavedViews) -> RecordTable:
    table = views.parent()
    assert isinstance(table, RecordTable)
    return table


def view(name: str, **what: object) -> ViewDocument:
    return ViewDocument.model_validate({"name": name, "object": "people", **what})


def press(views: SavedViews, text: str) -> None:
    """Choose a line of the button's menu, as a click would."""
    menu = views.button.menu()
    assert isinstance(menu, QMenu)
    menu.aboutToShow.emit()
    action = next(action for action in menu.actions() if action.text() == text)
    assert action.isEnabled(), text
    action.trigger()


def name_it(desk: Desk, name: str) -> DetailsDialog:
    def opened() -> list[DetailsDialog]:
        return [each for each in QApplication.topLevelWidgets() if isinstance(each, DetailsDialog) and each.isVisible()]

    desk.qtbot.waitUntil(lambda: bool(opened()))
    dialog = opened()[0]
    dialog.name.setText(name)
    dialog.keep.click()
    return dialog


def test_that_a_view_is_saved_changed_renamed_and_deleted(open_views: Open, desk: Desk, store: Store) -> None:
    views = open_views()
    table, wait = table_of(views), desk.qtbot.waitUntil
    assert views.button.label == "Usual view"
    assert not views.is_modified

    table.arrangement.choose(["email", "name", "department", "seats", "badge", "record_state"], {"seats", "badge"})
    table.set_compact(is_compact=True)
    table.filters.put(condition("department", "equals", "IT"))
    settle(desk.qtbot, table)
    assert views.button.is_modified
    press(views, "Save as…")
    name_it(desk, "IT, low")
    wait(lambda: views.button.label == "IT, low" and not views.is_modified)

    (kept,) = list_views(store)
    assert kept.document.columns == ("email", "name", "department", "record_state")
    assert (kept.document.density, kept.document.sort) == ("compact", ("name",))
    table.sort_by((("name", True),))
    assert views.is_modified
    assert "modified" in views.button.accessibleName()
    press(views, "Back to as saved")
    assert table.query.sort == (("name", False),)
    wait(lambda: not views.is_modified)
    table.sort_by((("name", True),))
    press(views, "Save")
    wait(lambda: not views.is_modified)
    assert list_views(store)[0].document.sort == ("-name",)

    press(views, "Rename…")
    dialog = name_it(desk, " ")
    assert dialog.banner.isVisible()
    name_it(desk, "IT")
    wait(lambda: views.button.label == "IT")
    press(views, "Delete")
    wait(lambda: views.button.label == "Usual view")
    assert list_views(store) == []
    text, bring_back = desk.frame.last_action
    assert text == "Undo"
    bring_back()
    wait(lambda: views.button.label == "IT")


def test_that_a_chosen_view_shows_its_records_and_the_next_start_remembers_it(
    open_views: Open, desk: Desk, store: Store
) -> None:
    rule = {"field": "department", "operator": "equals", "value": "Finance"}
    row = add_view(store, view("Finance", columns=["name", "gone", "seats"], widths={"name": 300}, filter=rule))
    views = open_views()
    table = table_of(views)
    table.search.setText("00001")
    settle(desk.qtbot, table)

    press(views, "Finance")
    settle(desk.qtbot, table)

    assert len(shown_names(table)) == 4
    assert table.visible_keys == ("name", "seats")
    assert table.arrangement.widths["name"] == 300
    assert not views.is_modified
    table.hide()
    again = open_views()
    desk.qtbot.waitUntil(lambda: again.button.label == "Finance")
    assert not again.is_modified
    assert table_of(again).visible_keys == ("name", "seats")
    press(again, "Usual view")
    settle(desk.qtbot, table_of(again))
    assert len(shown_names(table_of(again))) == 8
    assert table_of(again).visible_keys == ("name", "email", "department", "seats")
    again.show(str(row.id + 100))
    desk.qtbot.waitUntil(lambda: ("This view is no longer here.", "warn") in desk.frame.toasts)


def test_that_a_view_goes_to_a_file_and_comes_back(open_views: Open, desk: Desk, store: Store, tmp_path: Path) -> None:
    views = open_views()
    table, wait = table_of(views), desk.qtbot.waitUntil
    add_view(store, view("Taken"))
    table.sort_by((("seats", True),))
    file = tmp_path / "view.toml"
    views.files.export_to(file, view("Taken", sort=["-seats"]))
    wait(file.exists)

    views.files.import_from(file)

    wait(lambda: views.button.label == "Taken 2")
    assert table.query.sort == (("seats", True),)
    file.write_text(to_toml(view("Newer")).replace("version = 1", 'version = 99\nshape = "round"'))
    views.files.import_from(file)
    wait(lambda: any("a newer saasdesk made this saved view" in text for text, _ in desk.frame.toasts))
    assert [kept.document.name for kept in list_views(store)] == ["Taken", "Taken 2"]
    newer = (
        "INSERT INTO saved_view (object, name, document, created_at, updated_at) VALUES ('people', 'Later', ?, '', '')"
    )
    store.write(lambda db: db.execute_sql(newer, ('{"version": 99}',)))
    views.refresh()
    menu = views.button.menu()

    def offers_it() -> bool:
        menu.aboutToShow.emit()
        return any(each.text() == "Later (from a newer saasdesk)" and not each.isEnabled() for each in menu.actions())

    wait(offers_it)


def test_that_a_filter_on_a_field_that_was_deleted_is_shown_broken_and_nothing_is_listed_for_it(
    open_views: Open, desk: Desk, store: Store
) -> None:
    two = {
        "all": [
            {"field": "shoe_size", "operator": "equals", "value": "44"},
            {"field": "department", "operator": "equals", "value": "IT"},
        ]
    }
    add_view(store, view("Old", filter=two))
    views = open_views()
    table = table_of(views)

    press(views, "Old")

    assert [chip.is_broken for chip in table.filters.chips] == [True, False]
    assert "“shoe_size” is no longer a field here" in table.filters.chips[0].toolTip()
    assert table.empty.isVisible()
    assert (table.model.rowCount(), table.count_label.text()) == (0, "")
    assert not views.is_modified
    # What is asked for again, such as after a run, is still not asked.
    table.refresh()
    desk.qtbot.waitUntil(lambda: not table.is_reading)
    assert table.empty.isVisible()

    def buttons() -> list[PrimaryButton]:
        return [each for each in table.empty.findChildren(PrimaryButton) if each.isVisible()]

    desk.qtbot.waitUntil(lambda: len(buttons()) == 1)
    buttons()[0].click()
    settle(desk.qtbot, table)

    assert len(shown_names(table)) == 4
    assert [chip.is_broken for chip in table.filters.chips] == [False]
    assert views.is_modified
