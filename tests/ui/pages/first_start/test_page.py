from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from saasdesk.store.backup import backup_to
from saasdesk.ui.pages.first_start import FirstStartPage
from tests.ui.pages.people.desk import Company, Desk, texts, unnamed

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


class Start:
    """The page, and what was asked for."""

    def __init__(self, desk: Desk, company: Company) -> None:
        self.asked: list[object] = []
        self.page = FirstStartPage(
            company.store.profile,
            desk.frame,
            desk.theme,
            desk.readers,
            explore_demo=lambda: self.asked.append("demo"),
            connect_vendor=lambda: self.asked.append("connect"),
            restore=self.asked.append,
        )
        desk.show(self.page)


@pytest.fixture
def company(tmp_path: Path) -> Iterator[Company]:
    made = Company(tmp_path / "profile", 5, runs=0)
    yield made
    made.close()


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication) -> Iterator[Desk]:
    made = Desk(qtbot, qapp)
    yield made
    made.close()


@pytest.fixture
def start(desk: Desk, company: Company) -> Start:
    return Start(desk, company)


def test_that_enter_explores_the_demo_because_it_is_the_safe_way(start: Start, desk: Desk) -> None:
    assert start.page.focusProxy() is start.page.demo_button

    desk.qtbot.keyClick(start.page.demo_button, Qt.Key.Key_Space)

    assert start.asked == ["demo"]


def test_that_the_second_card_connects_a_vendor(start: Start, desk: Desk) -> None:
    desk.qtbot.mouseClick(start.page.connect_button, Qt.MouseButton.LeftButton)

    assert start.asked == ["connect"]


def test_that_the_page_stands_alone_without_a_rail(start: Start) -> None:
    assert start.page.bare


def test_that_the_promises_name_the_folder_of_the_data(start: Start, company: Company) -> None:
    assert f"Data stays in {company.store.profile.folder}" in texts(start.page)


def test_that_a_folder_in_ones_own_is_told_as_people_write_it(
    desk: Desk, company: Company, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "home", lambda: tmp_path)

    assert "Data stays in ~/profile" in texts(Start(desk, company).page)


def test_that_a_file_that_is_no_backup_is_refused_with_the_reason(start: Start, desk: Desk, tmp_path: Path) -> None:
    other = tmp_path / "holiday.db"
    other.write_text("no database")

    start.page.restoring.consider(other)

    desk.qtbot.waitUntil(lambda: bool(start.page.error.message))
    assert "is not a saasdesk database" in start.page.error.message
    assert start.asked == []


def test_that_nothing_is_restored_before_somebody_read_what_it_does(
    start: Start, desk: Desk, company: Company, tmp_path: Path
) -> None:
    backup = backup_to(company.store, tmp_path / "copy.db")

    start.page.restoring.consider(backup)
    desk.qtbot.waitUntil(lambda: start.page.restoring.question is not None)
    question = start.page.restoring.question

    assert question is not None
    assert start.asked == []
    assert "put aside, not deleted" in question.text.text()
    assert "Schedules wait" in question.text.text()


def test_that_yes_restores_the_file(start: Start, desk: Desk, company: Company, tmp_path: Path) -> None:
    backup = backup_to(company.store, tmp_path / "copy.db")
    start.page.restoring.consider(backup)
    desk.qtbot.waitUntil(lambda: start.page.restoring.question is not None)
    question = start.page.restoring.question
    assert question is not None

    desk.qtbot.mouseClick(question.buttons[1], Qt.MouseButton.LeftButton)

    assert start.asked == [backup]


def test_that_escape_keeps_what_is_here(start: Start, desk: Desk, company: Company, tmp_path: Path) -> None:
    start.page.restoring.consider(backup_to(company.store, tmp_path / "copy.db"))
    desk.qtbot.waitUntil(lambda: start.page.restoring.question is not None)
    question = start.page.restoring.question
    assert question is not None

    desk.qtbot.keyClick(question, Qt.Key.Key_Escape)

    desk.qtbot.waitUntil(lambda: start.page.restoring.question is None)
    assert start.asked == []


def test_that_everything_the_keyboard_reaches_has_a_name(start: Start) -> None:
    assert unnamed(start.page) == []


def test_that_the_cards_stand_below_each_other_where_there_is_no_room(start: Start, desk: Desk) -> None:
    start.page.resize(1200, 800)
    tops = {card.geometry().top() for card in start.page._all_cards}

    start.page.resize(500, 800)

    desk.qtbot.waitUntil(lambda: len({card.geometry().top() for card in start.page._all_cards}) == 3)
    assert len(tops) == 1
