"""The page of one device: who has it, what is known of it, its history, and the one before and after it."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from saasdesk.fields import ObjectKind
from saasdesk.records.editing import edit_record, form_of
from saasdesk.services import Services
from saasdesk.simulator.control import Simulator
from saasdesk.ui.pages.hardware import AssetPage
from saasdesk.ui.pages.record_list.record_page import HISTORY, WORKFLOWS
from saasdesk.ui.pages.record_list.timeline import TimelineEntry
from saasdesk.ui.widgets.buttons import OutlinedButton
from tests.sync.conftest import Office
from tests.ui.pages.people.desk import Desk, texts, unnamed

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

NOTE = "On loan until spring"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """Users and devices were read, and one device got another model by hand."""
    with Simulator(12) as simulator:
        made = Office(tmp_path_factory.mktemp("company") / "profile", simulator, "jumpcloud")
        made.integrate()
        made.integrate("Devices", object="assets")
        made.run()
        made.run("Devices")
        form = form_of(made.store, ObjectKind.ASSETS, owned(made)[0])
        known = {field.external_id: form.text(field) for field in form.fields}
        edit_record(made.store, form, {**known, "model": NOTE})
        yield made
        made.close()


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication) -> Iterator[Desk]:
    made = Desk(qtbot, qapp)
    yield made
    made.close()


@pytest.fixture
def page(desk: Desk, office: Office) -> AssetPage:
    """The page of the first device that somebody has; it stands between two others in the list."""
    asset, _ = owned(office)
    others = [number for (number,) in office.rows("SELECT id FROM asset WHERE id <> ? ORDER BY id LIMIT 2", asset)]
    services = Services(office.store.profile, office.store, office.vault)
    opened = AssetPage(
        services,
        desk.frame,
        desk.theme,
        desk.bridge,
        desk.readers,
        order=lambda: (others[0], asset, others[1]),
    )
    desk.show(opened)
    opened.open(asset)
    desk.qtbot.waitUntil(lambda: opened.shown is not None)
    return opened


def owned(office: Office) -> tuple[int, int]:
    ((asset, person),) = office.rows("SELECT id, person FROM asset WHERE person IS NOT NULL ORDER BY id LIMIT 1")
    return asset, person


def test_that_it_says_what_is_known_and_who_has_it_and_leads_to_them(
    page: AssetPage, office: Office, desk: Desk
) -> None:
    asset, person = owned(office)
    ((name, serial),) = office.rows("SELECT name, serial_number FROM asset WHERE id = ?", asset)

    assert page.name.text() == name
    assert NOTE in page._line.text()
    assert {"Serial Number", serial, "Fed by", "Devices"} <= set(texts(page.details))
    assert [crumb.title for crumb in page.breadcrumb()] == ["Hardware", name]
    assert page.owner.text() == office.value("SELECT name FROM person WHERE id = ?", person)
    page.owner.click()
    assert desk.frame.visited == [("person", person)]


def test_that_its_history_is_told_field_by_field_and_on_the_timeline(page: AssetPage, desk: Desk) -> None:
    page.tabs.set_current(HISTORY)

    lines = [[cell.words for cell in line.cells] for line in page.history.table.model_of_lines.lines]
    (edited,) = [line for line in lines if NOTE in line]
    assert edited[1:4] == ["Changed", "Asset", "Model"]
    assert "by hand" in edited
    assert any("Asset added" in texts(entry) for entry in page.timeline.findChildren(TimelineEntry))


def test_that_mouse_and_keyboard_lead_to_the_one_before_and_the_one_after(page: AssetPage, desk: Desk) -> None:
    before, _, after = page._order()

    assert page.steps.position.text() == "2 of 3"
    desk.qtbot.mouseClick(page.steps.previous, Qt.MouseButton.LeftButton)
    desk.qtbot.mouseClick(page.steps.next, Qt.MouseButton.LeftButton)
    commands = {command.shortcut: command for command in page.commands()}
    commands["Alt+Up"].run()
    commands["Alt+Down"].run()

    assert desk.frame.visited == [("asset", number) for number in (before, after, before, after)]


def test_that_a_device_that_is_gone_is_said_to_be_with_a_way_to_the_list(page: AssetPage, desk: Desk) -> None:
    page.open(999_999)
    desk.qtbot.waitUntil(page.empty.isVisible)

    assert "No longer here" in texts(page.empty)
    (back,) = page.empty.findChildren(OutlinedButton)
    back.click()
    assert desk.frame.visited == [("hardware", None)]


def test_that_everything_the_keyboard_reaches_has_a_name(page: AssetPage) -> None:
    for tab in (HISTORY, WORKFLOWS):
        page.tabs.set_current(tab)
        assert unnamed(page) == []
