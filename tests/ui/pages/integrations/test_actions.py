"""What the menu of an integration does: rename, duplicate, export, import, pause, delete."""

from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QRadioButton

from saasdesk.sync import integrations
from saasdesk.sync.beginning import add_draft, gallery
from saasdesk.sync.files import read_document
from saasdesk.sync.integration import IntegrationState
from saasdesk.sync.muting import muted_integrations
from saasdesk.ui.pages.integrations import IntegrationsPage
from saasdesk.ui.pages.integrations.editing.rename_dialog import RenameDialog
from saasdesk.ui.pages.integrations.import_dialog import ImportDialog
from saasdesk.ui.pages.integrations.integration_page import IntegrationPage
from saasdesk.ui.pages.integrations.tile import Tile
from saasdesk.ui.pages.settings import SettingsPage
from saasdesk.ui.widgets.buttons import LinkButton
from saasdesk.ui.widgets.question import Question
from saasdesk.ui.widgets.toast import Toast
from tests.sync.conftest import NAME
from tests.ui.pages.conftest import Whole

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def page_of(whole: Whole) -> IntegrationsPage:
    page = whole.window.page("integrations")
    assert isinstance(page, IntegrationsPage)
    return page


def tile_of(whole: Whole) -> Tile:
    page = page_of(whole)
    whole.wait(lambda: page.blocks.tiles)
    return next(iter(page.blocks.tiles.values()))


def names(whole: Whole) -> list[str]:
    return [known.name for known in integrations.list_integrations(whole.office.store)]


def choose(tile: Tile, text: str) -> None:
    """Take an entry of the tile's menu."""
    menu = tile.menu()
    next(action for action in menu.actions() if action.text() == text).trigger()
    menu.close()


Kind = TypeVar("Kind", bound=QDialog)


def dialog_of(whole: Whole, kind: type[Kind]) -> Kind:
    def find() -> Kind | None:
        found = QApplication.activeModalWidget()
        return found if isinstance(found, kind) else None

    whole.wait(find)
    found = find()
    assert found is not None
    return found


def test_that_f2_renames_and_the_name_of_another_is_refused_with_nothing_lost(whole: Whole) -> None:
    whole.office.integrate("Other")
    tile = tile_of(whole)
    whole.window.activateWindow()
    tile.run.setFocus()

    whole.qtbot.keyClick(tile.run, Qt.Key.Key_F2)
    dialog = dialog_of(whole, RenameDialog)
    whole.qtbot.keyClicks(dialog.name, "other")
    whole.qtbot.keyClick(dialog.name, Qt.Key.Key_Return)
    whole.wait(lambda: "already" in dialog._banner.text)
    assert dialog.name.text() == "other"
    dialog.name.setText("PagerDuty EU")
    whole.qtbot.keyClick(dialog.name, Qt.Key.Key_Return)

    whole.wait(lambda: tile.name.label == "PagerDuty EU")
    assert names(whole) == ["PagerDuty EU", "Other"]


def test_that_duplicate_opens_the_page_of_a_draft(whole: Whole) -> None:
    choose(tile_of(whole), "Duplicate")

    whole.wait(lambda: names(whole) == [NAME, f"{NAME} 2"])
    whole.wait(lambda: whole.window.current_page is whole.window.page("integration"))


def test_that_what_was_exported_is_imported_as_a_draft_beside_the_first(whole: Whole, tmp_path: Path) -> None:
    page, file = page_of(whole), tmp_path / "it.toml"
    integration = tile_of(whole).facts.integration
    page._files.export_to(file, integration)
    whole.wait(file.exists)
    assert read_document(file) == integration.document

    page._files.import_from(file)
    dialog = dialog_of(whole, ImportDialog)
    assert dialog.add.text() == f"Add it as “{NAME} 2”"
    whole.qtbot.mouseClick(dialog.take, Qt.MouseButton.LeftButton)

    whole.wait(lambda: names(whole) == [NAME, f"{NAME} 2"])


def test_that_an_import_may_change_the_integration_of_the_same_name_instead(whole: Whole, tmp_path: Path) -> None:
    page, file = page_of(whole), tmp_path / "it.toml"
    integration = tile_of(whole).facts.integration
    page._files.export_to(file, integration)
    whole.wait(file.exists)
    file.write_text(file.read_text("utf-8").replace("deactivate = true", "deactivate = false"), "utf-8")

    page._files.import_from(file)
    dialog = dialog_of(whole, ImportDialog)
    dialog.replace.setChecked(True)
    assert "Changed: deactivate." in dialog._consequence.text()
    whole.qtbot.mouseClick(dialog.take, Qt.MouseButton.LeftButton)

    whole.wait(lambda: not integrations.find_integration(whole.office.store, NAME).document.deactivate)
    assert names(whole) == [NAME]


def test_that_a_bad_file_is_explained_and_leaves_everything_as_it_was(whole: Whole, tmp_path: Path) -> None:
    page, file = page_of(whole), tmp_path / "bad.toml"
    file.write_text('name = "X"\nconnector = "pagerduty"\ncolour = "red"', "utf-8")

    page._files.import_from(file)
    question = dialog_of(whole, Question)

    assert question.text.text() == "bad.toml: colour is not a known key. Nothing was changed."
    assert names(whole) == [NAME]
    question.buttons[0].click()


def test_that_nothing_to_choose_is_shown_where_nobody_has_the_name(whole: Whole, tmp_path: Path) -> None:
    page, file = page_of(whole), tmp_path / "it.toml"
    document = tile_of(whole).facts.integration.document
    page._files.export_to(file, tile_of(whole).facts.integration)
    whole.wait(file.exists)
    file.write_text(file.read_text("utf-8").replace(f'name = "{NAME}"', 'name = "New one"'), "utf-8")

    page._files.import_from(file)
    dialog = dialog_of(whole, ImportDialog)

    assert not any(button.isVisible() for button in dialog.findChildren(QRadioButton))
    dialog.take.click()
    whole.wait(lambda: names(whole) == [NAME, "New one"])
    assert integrations.find_integration(whole.office.store, "New one").document.mapping == document.mapping


def test_that_deleting_says_what_it_feeds_and_keeps_the_records(whole: Whole) -> None:
    whole.office.run()
    tile = tile_of(whole)

    choose(tile, "Delete…")
    question = dialog_of(whole, Question)
    assert "60 people and 60 SaaS users" in question.text.text()
    question.buttons[1].click()

    whole.wait(lambda: names(whole) == [])
    assert whole.office.value("SELECT count(*) FROM person WHERE NOT deactivated") == 60


def test_that_what_was_deleted_is_made_anew_as_a_draft_that_is_set_up_the_same(whole: Whole) -> None:
    tile = tile_of(whole)
    document = tile.facts.integration.document
    choose(tile, "Delete…")
    dialog_of(whole, Question).buttons[1].click()
    whole.wait(lambda: names(whole) == [])

    def find() -> list[LinkButton]:
        return [
            toast.action
            for toast in whole.window.findChildren(Toast)
            if toast.action is not None and toast.action.label == "Make it anew"
        ]

    whole.wait(find)

    whole.qtbot.mouseClick(find()[0], Qt.MouseButton.LeftButton)

    whole.wait(lambda: names(whole) == [NAME])
    draft = integrations.find_integration(whole.office.store, NAME)
    assert (draft.document, draft.state) == (document, IntegrationState.DRAFT)


def test_that_a_draft_that_lacks_something_is_gone_on_with_from_its_tile(whole: Whole) -> None:
    add_draft(whole.office.store, gallery()[0])
    page = page_of(whole)
    page.refresh()
    whole.wait(lambda: len(page.blocks.tiles) == 2)
    tile = page.blocks.tiles[2]
    assert tile.go_on.isVisibleTo(tile)
    assert not tile.launch.isVisibleTo(tile)

    whole.qtbot.mouseClick(tile.go_on, Qt.MouseButton.LeftButton)

    whole.wait(lambda: whole.window.current_page is whole.window.page("integration"))


def test_that_deleting_a_draft_says_that_it_feeds_nothing(whole: Whole) -> None:
    choose(tile_of(whole), "Delete…")

    question = dialog_of(whole, Question)

    assert "It feeds no record." in question.text.text()
    question.buttons[0].click()
    assert names(whole) == [NAME]


def test_that_an_integration_is_muted_from_its_tile_and_told_of_again_from_its_page_or_the_settings(
    whole: Whole,
) -> None:
    tile, store = tile_of(whole), whole.office.store
    menu = tile.menu()
    choices = next(action.menu() for action in menu.actions() if action.text() == "Mute notices")
    assert [action.text() for action in choices.actions()] == ["For 8 hours", "For a day", "For a week", "For good"]
    choices.actions()[3].trigger()
    menu.close()

    whole.wait(lambda: muted_integrations(store) == {1: None})
    whole.wait(lambda: "Muted for good" in tile._head.subtitle.text())

    whole.show("settings", "notices")
    settings = whole.window.current_page
    assert isinstance(settings, SettingsPage)
    whole.wait(lambda: "for good" in [label.text() for label in settings.notices.findChildren(QLabel)])

    whole.show("integration", 1)
    page = whole.window.current_page
    assert isinstance(page, IntegrationPage)
    whole.wait(page.muted.isVisible)
    assert page.muted.status.word == "Muted for good"
    (unmute,) = [command for command in page.commands() if command.text == "Unmute"]
    unmute.run()

    whole.wait(lambda: muted_integrations(store) == {})
    whole.wait(lambda: not page.muted.isVisible())
    next(command for command in page.commands() if command.text == "Mute notices: For a day").run()
    whole.wait(lambda: list(muted_integrations(store)) == [1])
    whole.wait(lambda: page.muted.status.word.startswith("Muted until tomorrow"))

    whole.show("settings", "notices")

    def links() -> list[LinkButton]:
        return [each for each in settings.notices.findChildren(LinkButton) if each.accessibleName() == f"Unmute {NAME}"]

    whole.wait(links)
    links()[0].click()

    whole.wait(lambda: muted_integrations(store) == {})
