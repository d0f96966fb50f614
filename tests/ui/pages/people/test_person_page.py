"""The page of one person: accounts everywhere, who feeds what, what happened."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from saasdesk.fields import FieldType, ObjectKind
from saasdesk.fields.configuration import Definition, create_field
from saasdesk.jobs import Ended, Job
from saasdesk.services import Services
from saasdesk.sync import integrations
from saasdesk.ui.pages.people.person_page import ACCOUNTS, HISTORY, PersonPage
from saasdesk.ui.pages.record_list import record_page
from saasdesk.ui.pages.record_list.timeline import TimelineEntry
from saasdesk.ui.widgets.buttons import LinkButton
from tests.sync.several import Several, person
from tests.ui.pages.people.desk import Desk, texts, unnamed

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

ANA, BEN, CID = "ana@example.com", "ben@example.com", "cid@example.com"
NAME = {"source": "name", "target": "name"}
TEAM = {"source": "job_title", "target": "department"}
SEEN = "2026-01-02T03:04:05Z"

OpenPage = Callable[..., PersonPage]


def fill(folder: Path) -> Several:
    """Ana at four vendors' organisations, one account of hers gone; her manager Ben; Cid with nothing left."""
    made = Several(folder)
    staff = [person(2, BEN), person(3, CID)]
    made.vendor("JumpCloud", NAME, {"value": BEN, "target": "manager"}, users=[person(1, ANA, name="Ana Ruiz"), *staff])
    made.vendor("Jira Europe", TEAM, saas_application="Jira")
    made.vendor("Jira Asia", saas_application="Jira", users=[person(1, ANA)])
    made.lists(
        "Jira Europe", person(1, ANA, job_title="Legal", role="Admin", seen=SEEN, licences=["Jira", "Confluence"])
    )
    made.vendor("JetBrains", users=[person(1, ANA, licences=["All Products"]), *staff])
    made.run_all()
    made.edit(1, "phone", "+44 1")
    made.lists("JetBrains", *staff)
    made.lists("Jira Europe", person(1, ANA, job_title="Finance", role="Admin", seen=SEEN, licences=["Jira"]))
    made.run_all("JetBrains", "Jira Europe")
    return made


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Several]:
    """Nobody in these tests writes to it."""
    made = fill(tmp_path_factory.mktemp("several") / "profile")
    yield made
    made.close()


@pytest.fixture
def open_page(desk: Desk, several: Several) -> OpenPage:
    """Opens the page on somebody and waits until they are there."""

    def open_it(argument: object = 1, of: Several = several, order: tuple[int, ...] = (3, 1, 2)) -> PersonPage:
        services = Services(of.store.profile, of.store, of.vault)
        page = PersonPage(services, desk.frame, desk.theme, desk.bridge, desk.readers, order=lambda: order)
        desk.show(page)
        page.open(argument)
        desk.qtbot.waitUntil(lambda: page.shown is not None or page.empty.isVisible())
        return page

    return open_it


def names(page: PersonPage) -> list[str]:
    return [card.accessibleName().partition(":")[0] for card in page.strip.cards]


def fed_by(page: PersonPage) -> dict[str, str]:
    said = [label.accessibleName() for label in page.details.findChildren(QLabel)]
    return dict(text.split(": ", 1) for text in said if ": " in text)


def titles(widget: QWidget) -> list[str]:
    return [" ".join(texts(entry)) for entry in widget.findChildren(TimelineEntry) if not entry.isHidden()]


def test_that_every_account_in_every_application_has_a_card(open_page: OpenPage) -> None:
    page = open_page()

    assert names(page) == ["JetBrains", "Jira Europe", "Jira Asia", "JumpCloud"]


def test_that_a_card_says_how_the_account_stands_as_what_and_with_how_many_licences(open_page: OpenPage) -> None:
    card = open_page().strip.cards[1]

    assert card.accessibleName().startswith("Jira Europe: Active, Admin, 1 licence, Active ")
    assert "ana@example.com · P1" in card.toolTip()
    assert "Fed by Jira Europe" in card.toolTip()


def test_that_an_account_that_is_gone_stays_with_the_word_for_it(open_page: OpenPage) -> None:
    card = open_page().strip.cards[0]

    assert "JetBrains: Deactivated" in card.accessibleName()
    assert "absent from a complete listing" in card.toolTip()


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return])
def test_that_a_card_opens_its_account_by_keyboard(
    open_page: OpenPage, desk: Desk, several: Several, key: Qt.Key
) -> None:
    page = open_page()
    card = page.strip.cards[1]
    card.setFocus()

    desk.qtbot.keyClick(card, key)

    application, user = several.rows("SELECT saas_application, id FROM saas_user WHERE role = 'Admin'")[0]
    assert desk.frame.visited == [("software", (application, "users", user))]


def test_that_a_card_opens_its_account_by_a_click_anywhere_on_it(open_page: OpenPage, desk: Desk) -> None:
    page = open_page()
    card = page.strip.cards[0]
    desk.qtbot.waitUntil(lambda: card.visibleRegion().boundingRect() == card.rect())

    desk.qtbot.mouseClick(card, Qt.MouseButton.LeftButton, pos=card.rect().center())

    assert desk.frame.visited[0][0] == "software"


def test_that_cards_stand_beside_each_other_where_there_is_room_and_below_where_there_is_none(
    open_page: OpenPage, desk: Desk
) -> None:
    page = open_page()
    assert len({card.y() for card in page.strip.cards}) == 1

    page.resize(560, 760)

    desk.qtbot.waitUntil(lambda: len({card.y() for card in page.strip.cards}) == 2)


def test_that_each_value_says_who_feeds_it(open_page: OpenPage) -> None:
    said = fed_by(open_page())

    assert (said["Email"], said["Name"], said["Department"], said["Phone"]) == (
        "Fed by JumpCloud",
        "Fed by JumpCloud",
        "Fed by Jira Europe",
        "By hand",
    )


def test_that_a_value_of_a_deleted_integration_says_so(open_page: OpenPage, tmp_path: Path) -> None:
    of = fill(tmp_path / "profile")
    for name in ("Jira Europe", "JumpCloud"):
        integrations.delete_integration(of.store, integrations.find_integration(of.store, name))

    said = fed_by(open_page(of=of))

    assert (said["Department"], said["Email"], said["Phone"]) == (
        "From an integration that was deleted",
        "From an integration that was deleted",
        "By hand",
    )
    of.close()


def test_that_the_manager_is_a_way_to_their_page(open_page: OpenPage, desk: Desk) -> None:
    page = open_page()

    def links() -> list[LinkButton]:
        return [link for link in page.details.findChildren(LinkButton) if link.label == BEN and link.isVisible()]

    desk.qtbot.waitUntil(lambda: bool(links()))
    desk.qtbot.mouseClick(links()[0], Qt.MouseButton.LeftButton)

    assert desk.frame.visited == [("person", 2)]


def test_that_any_field_that_names_a_person_is_a_way_to_their_page(
    open_page: OpenPage, desk: Desk, tmp_path: Path
) -> None:
    of = fill(tmp_path / "profile")
    create_field(of.store, ObjectKind.PEOPLE, FieldType.PERSON, Definition("Mentor"))
    of.edit(1, "mentor", CID)

    page = open_page(of=of)
    desk.qtbot.waitUntil(lambda: any(link.label == CID for link in page.details.findChildren(LinkButton)))
    link = next(link for link in page.details.findChildren(LinkButton) if link.label == CID)
    desk.qtbot.mouseClick(link, Qt.MouseButton.LeftButton)

    assert desk.frame.visited == [("person", 3)]
    of.close()


def test_that_the_list_s_order_gives_the_one_before_and_the_one_after(open_page: OpenPage, desk: Desk) -> None:
    page = open_page()

    desk.qtbot.mouseClick(page.steps.previous, Qt.MouseButton.LeftButton)
    desk.qtbot.mouseClick(page.steps.next, Qt.MouseButton.LeftButton)

    assert desk.frame.visited == [("person", 3), ("person", 2)]
    assert "2 of 3" in texts(page)


def test_that_nobody_comes_before_the_first_and_nobody_after_the_last(open_page: OpenPage, desk: Desk) -> None:
    first, last = open_page(3), open_page(2)

    assert (first.steps.previous.isEnabled(), first.steps.next.isEnabled()) == (False, True)
    assert (last.steps.previous.isEnabled(), last.steps.next.isEnabled()) == (True, False)
    last.steps.go_to_next()
    assert desk.frame.visited == []


def test_that_somebody_whom_the_list_does_not_show_has_no_place_in_it(open_page: OpenPage) -> None:
    page = open_page(order=(2, 3))

    assert not page.steps.previous.isEnabled()
    assert not page.steps.next.isEnabled()


def test_that_the_tab_stays_from_one_person_to_the_next(open_page: OpenPage, desk: Desk) -> None:
    page = open_page((1, ACCOUNTS))

    page.open(2)

    desk.qtbot.waitUntil(lambda: page.shown is not None and page.shown.id == 2)
    assert page.tabs.current == ACCOUNTS
    assert page.account_table.isVisible()


def test_that_the_timeline_can_be_narrowed_to_one_application(open_page: OpenPage, desk: Desk) -> None:
    page = open_page()
    desk.qtbot.waitUntil(lambda: len(titles(page.latest)) == 9)
    chip = next(chip for chip in page.latest.chips if chip.label == "JetBrains")

    desk.qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)

    desk.qtbot.waitUntil(lambda: len(titles(page.latest)) == 2)
    assert all("JetBrains" in title for title in titles(page.latest))


def test_that_what_a_run_changed_in_the_person_belongs_to_the_application_it_read(
    open_page: OpenPage, desk: Desk
) -> None:
    page = open_page()
    chip = next(chip for chip in page.latest.chips if chip.label == "Jira")

    desk.qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)

    desk.qtbot.waitUntil(lambda: any("Legal → Finance" in title for title in titles(page.latest)))


def test_that_a_run_that_could_not_read_is_part_of_the_story(open_page: OpenPage, desk: Desk, tmp_path: Path) -> None:
    of = fill(tmp_path / "profile")
    of.store.write(
        lambda db: db.execute_sql(
            "UPDATE sync_session SET status = 'failed', message = 'The key was refused.' WHERE id = 4"
        )
    )

    page = open_page(of=of)

    said = "JetBrains could not be read The key was refused."
    desk.qtbot.waitUntil(lambda: any(title.startswith(said) for title in titles(page.latest)))
    of.close()


def test_that_licences_are_listed_and_those_that_ended_are_one_step_away(open_page: OpenPage, desk: Desk) -> None:
    page = open_page()
    assert "Licences · 1" in texts(page.licences)

    desk.qtbot.mouseClick(page.licences.link, Qt.MouseButton.LeftButton)

    assert page.tabs.current == ACCOUNTS
    lines = page.licence_table.model_of_lines.lines
    assert [(line.cells[0].text, line.cells[3].words) for line in lines] == [
        ("Jira", "Active"),
        ("All Products", "Ended"),
        ("Confluence", "Ended"),
    ]


def test_that_the_cards_of_a_low_window_are_whole_and_scroll(open_page: OpenPage, desk: Desk) -> None:
    desk.theme.zoom = 200
    page = open_page()
    page.resize(1168, 640)
    desk.qtbot.waitUntil(lambda: page.strip.cards[0].height() == page.strip.cards[0].minimumSizeHint().height())

    area = page.strip.parentWidget()
    assert area is not None
    desk.qtbot.waitUntil(lambda: area.height() >= page.strip.cards[0].height())
    assert page.strip.height() > area.height()


def test_that_in_a_low_window_the_accounts_leave_their_room_to_every_tab_but_the_overview(
    open_page: OpenPage, desk: Desk
) -> None:
    page = open_page()
    page.resize(1168, 640)
    page.tabs.set_current("history")
    assert page.strip.isVisible()

    desk.theme.zoom = 200
    page.resize(1168, 640)
    desk.qtbot.waitUntil(lambda: not page.strip.isVisible())
    rows = page.history.table
    desk.qtbot.waitUntil(lambda: rows.viewport().height() >= 4 * rows.rowHeight(0))

    page.tabs.set_current("overview")
    assert page.strip.isVisible()


def test_that_each_application_among_licences_and_costs_is_a_link(open_page: OpenPage, desk: Desk) -> None:
    page = open_page()
    desk.qtbot.waitUntil(page.cost.isVisible)

    for name in ("Licences of Jira", "Costs of Jira"):
        links = page.findChildren(LinkButton)
        desk.qtbot.mouseClick(next(link for link in links if link.accessibleName() == name), Qt.MouseButton.LeftButton)

    assert desk.frame.visited == [("software", (2, "licences")), ("software", (2, "costs"))]


def test_that_enter_on_an_account_or_a_licence_opens_it(open_page: OpenPage, desk: Desk) -> None:
    page = open_page((1, ACCOUNTS))

    for table in (page.account_table, page.licence_table):
        table.setFocus()
        desk.qtbot.keyClick(table, Qt.Key.Key_Return)

    assert [key for key, _ in desk.frame.visited] == ["software", "software"]
    assert desk.frame.visited[1][1] == (2, "licences")


def test_that_earlier_changes_come_when_they_are_asked_for(
    open_page: OpenPage, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(record_page, "CHANGES_AT_ONCE", 2)
    page = open_page((1, HISTORY))
    assert page.history.table.model_of_lines.rowCount() == 2
    assert page.history.earlier.isVisible()

    desk.qtbot.mouseClick(page.history.earlier, Qt.MouseButton.LeftButton)

    desk.qtbot.waitUntil(lambda: page.history.table.model_of_lines.rowCount() == 10)


def test_that_the_history_tells_each_change_with_its_run(open_page: OpenPage, desk: Desk) -> None:
    page = open_page((1, HISTORY))
    lines = [[cell.words for cell in line.cells] for line in page.history.table.model_of_lines.lines]

    (change,) = [line for line in lines if line[3] == "Department" and line[4]]
    assert change[1:7] == ["Changed", "Person", "Department", "Legal", "Finance", "Jira Europe"]
    assert ["By hand" if line[6] == "by hand" else "" for line in lines].count("By hand") == 1

    page.history.table.setFocus()
    desk.qtbot.keyClick(page.history.table, Qt.Key.Key_Return)
    assert desk.frame.visited[0][0] == "activity"


def test_that_somebody_who_is_gone_is_said_to_be(open_page: OpenPage, desk: Desk) -> None:
    page = open_page(99)

    assert "No longer here" in texts(page.empty)


def test_that_a_finished_run_is_seen_without_asking(open_page: OpenPage, desk: Desk, tmp_path: Path) -> None:
    of = fill(tmp_path / "profile")
    page = open_page(of=of)
    of.lists("Jira Europe", person(1, ANA, job_title="Sales"))
    of.run("Jira Europe")

    desk.bridge.heard.emit(Ended(Job(1, "Jira Europe", "integration:2")))

    desk.qtbot.waitUntil(lambda: "Sales" in texts(page.details))
    of.close()


@pytest.mark.parametrize("tab", ["overview", "accounts", "timeline", "history"])
def test_that_everything_the_keyboard_reaches_has_a_name(open_page: OpenPage, tab: str) -> None:
    assert unnamed(open_page((1, tab))) == []


def test_that_markup_in_names_stays_text(open_page: OpenPage, tmp_path: Path) -> None:
    of = Several(tmp_path / "profile")
    hostile = "<img src=x><b>Ana</b>"
    of.vendor("<b>A</b>", NAME, users=[person(1, ANA, name=hostile, role="<i>x</i>")])
    of.run_all()

    page = open_page(of=of, order=())

    assert {label.textFormat() for label in page.findChildren(QLabel)} == {Qt.TextFormat.PlainText}
    assert page.name.text() == hostile
    assert "&lt;b&gt;" in page.strip.cards[0].toolTip() or "<b>" not in page.strip.cards[0].toolTip()
    of.close()


def test_that_the_page_fits_a_narrow_window_and_large_letters(open_page: OpenPage, desk: Desk, qtbot: QtBot) -> None:
    page = open_page()

    desk.theme.zoom = 200
    page.resize(960, 600)

    qtbot.waitUntil(lambda: page.latest.width() <= 960)
    desk.theme.zoom = 100
