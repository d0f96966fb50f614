"""The bell counts what nobody read; its list leads to the place of each notice, by mouse and by keyboard."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from saasdesk.jobs import Jobs
from saasdesk.notices import News, NoticeKind, list_notices, settle, tell
from saasdesk.profile import open_profile
from saasdesk.store import Store
from saasdesk.ui.bridge import Bridge
from saasdesk.ui.formats import choose_formats
from saasdesk.ui.main_window import MainWindow
from saasdesk.ui.notices import NoticeCentre
from saasdesk.ui.notices.line import when
from saasdesk.ui.tables import TableReaders
from saasdesk.ui.tables.times import local_time
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.paragraph import Paragraph
from tests.ui.conftest import DummyPage

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

AT = "2026-03-02T08:00:00Z"
FAILED = News("failed:1", NoticeKind.RUN_FAILED, "“PagerDuty” failed", "<b>The key</b> was refused.", "activity:4")
HELD = News("held:2", NoticeKind.PLAN_HELD, "A plan waits for you", "37 of 40 users would become inactive.", "people:9")


@pytest.fixture
def store(profile_dir: Path) -> Iterator[Store]:
    with Store.open(open_profile(profile_dir)) as opened:
        yield opened


@pytest.fixture
def centre(store: Store, window: MainWindow, theme: Theme, bridge: Bridge, qtbot: QtBot) -> Iterator[NoticeCentre]:
    readers = TableReaders()
    made = NoticeCentre(store, window, theme, bridge, readers)
    yield made
    qtbot.waitUntil(lambda: not readers.is_reading)
    readers.close()


def say(store: Store, *news: News) -> None:
    for each in news:
        store.write(lambda db, each=each: tell(db, each, AT))


def show(qtbot: QtBot, centre: NoticeCentre, lines: int) -> None:
    centre.toggle()
    qtbot.waitUntil(lambda: len(centre.panel.lines) == lines)


def test_that_the_bell_counts_what_nobody_read_and_says_so(qtbot: QtBot, centre: NoticeCentre, store: Store) -> None:
    say(store, FAILED, HELD)
    centre.refresh()

    qtbot.waitUntil(lambda: centre.bell.unread == 2)
    assert QAccessible.queryAccessibleInterface(centre.bell).text(QAccessible.Text.Name) == "Notices, 2 unread"


def test_that_the_bell_hears_of_a_job_that_ended(qtbot: QtBot, centre: NoticeCentre, store: Store, jobs: Jobs) -> None:
    jobs.start(lambda _tell, _stop: say(store, FAILED), "PagerDuty")

    qtbot.waitUntil(lambda: centre.bell.unread == 1)


def test_that_a_notice_leads_to_its_place_and_is_read_then(
    qtbot: QtBot, centre: NoticeCentre, store: Store, window: MainWindow
) -> None:
    say(store, HELD)
    show(qtbot, centre, 1)

    qtbot.mouseClick(centre.panel.lines[0].place, Qt.MouseButton.LeftButton)

    page = window.current_page
    assert isinstance(page, DummyPage)
    assert (page.title, page.opened[-1]) == ("People", 9)
    assert not centre.panel.isVisible()
    qtbot.waitUntil(lambda: centre.bell.unread == 0)


def test_that_everything_is_marked_as_read_and_one_kept_for_later(
    qtbot: QtBot, centre: NoticeCentre, store: Store
) -> None:
    say(store, FAILED, HELD)
    show(qtbot, centre, 2)
    qtbot.mouseClick(centre.panel.read_all, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: centre.bell.unread == 0)
    assert not centre.panel.read_all.isVisible()

    qtbot.mouseClick(centre.panel.lines[1].turn, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: centre.bell.unread == 1)
    assert [notice.is_unread for notice in list_notices(store)] == [False, True]


def test_that_the_keyboard_opens_walks_and_closes_the_list(qtbot: QtBot, centre: NoticeCentre, store: Store) -> None:
    say(store, FAILED, HELD)
    centre.refresh()
    qtbot.waitUntil(lambda: len(centre.panel.lines) == 2)
    centre.bell.setFocus()
    qtbot.keyClick(centre.bell, Qt.Key.Key_Space)
    assert QApplication.focusWidget() is centre.panel.lines[0].place

    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Down)
    assert QApplication.focusWidget() is centre.panel.lines[1].place
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is centre.panel.lines[1].turn
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Escape)

    assert not centre.panel.isVisible()
    assert QApplication.focusWidget() is centre.bell


def test_that_escape_gives_the_keyboard_back_to_where_it_was(
    qtbot: QtBot, centre: NoticeCentre, window: MainWindow
) -> None:
    page = window.current_page
    assert isinstance(page, DummyPage)
    page.search.setFocus()
    centre.toggle()
    assert QApplication.focusWidget() is centre.panel.close_button

    qtbot.keyClick(centre.panel.close_button, Qt.Key.Key_Escape)

    assert QApplication.focusWidget() is page.search


def test_that_marking_one_as_read_leaves_the_keyboard_on_its_line(
    qtbot: QtBot, centre: NoticeCentre, store: Store
) -> None:
    say(store, FAILED, HELD)
    show(qtbot, centre, 2)
    centre.panel.lines[1].turn.setFocus()

    qtbot.keyClick(centre.panel.lines[1].turn, Qt.Key.Key_Space)

    qtbot.waitUntil(lambda: centre.bell.unread == 1)
    assert QApplication.focusWidget() is centre.panel.lines[1].turn


def test_that_a_click_elsewhere_closes_the_list(
    qtbot: QtBot, centre: NoticeCentre, store: Store, window: MainWindow
) -> None:
    say(store, FAILED)
    show(qtbot, centre, 1)

    window.rail.setFocus()

    assert not centre.panel.isVisible()


def test_that_an_empty_list_says_what_would_be_in_it(qtbot: QtBot, centre: NoticeCentre) -> None:
    centre.toggle()

    qtbot.waitUntil(lambda: not centre.panel.read_all.isVisible())
    assert centre.panel._empty.isVisible()
    assert not centre.panel._scroll.isVisible()


def test_that_the_days_of_a_notice_are_written_as_chosen(qtbot: QtBot, centre: NoticeCentre, store: Store) -> None:
    choose_formats("1,234.56", "day-first")
    say(store, News("renewal:1", NoticeKind.RENEWAL, "It renews on 2026-12-01", "Cancel until 2026-11-15.", "software"))
    show(qtbot, centre, 1)

    (line,) = centre.panel.lines
    told = [each.text() for each in line.findChildren(Paragraph)]
    assert told == ["It renews on 01/12/2026", "Cancel until 15/11/2026."]
    assert line.accessibleName() == "It renews on 01/12/2026"


def test_that_only_what_comes_after_the_window_is_news(qtbot: QtBot, centre: NoticeCentre, store: Store) -> None:
    heard: list[list[str]] = []
    centre.arrived.connect(lambda notices: heard.append([notice.cause for notice in notices]))
    say(store, FAILED)
    centre.refresh()
    qtbot.waitUntil(lambda: centre.bell.unread == 1)
    assert heard == []

    say(store, HELD)
    centre.refresh()
    qtbot.waitUntil(lambda: heard == [["held:2"]])
    say(store, FAILED)
    centre.refresh()

    qtbot.waitUntil(lambda: heard == [["held:2"], ["failed:1"]])


def test_that_all_in_the_list_has_a_name_and_shows_the_keyboard(
    qtbot: QtBot, centre: NoticeCentre, store: Store, theme: Theme
) -> None:
    say(store, FAILED, HELD)
    show(qtbot, centre, 2)
    for mode in ("light", "dark"):
        theme.mode = mode
        QApplication.processEvents()
        for widget in centre.panel.findChildren(QWidget):
            if widget.isVisible() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
                assert QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
                assert min(widget.width(), widget.height()) >= 24
                centre.panel.setFocus()
                before = widget.grab().toImage()
                widget.setFocus(Qt.FocusReason.TabFocusReason)
                assert widget.grab().toImage() != before


def test_that_a_notice_says_how_often_since_when_and_that_it_was_seen_to(store: Store) -> None:
    say(store, FAILED, FAILED, FAILED)
    store.write(lambda db: settle(db, "failed:1", AT))
    (notice,) = list_notices(store)
    moment = local_time(AT)
    assert moment is not None

    words = when(notice, moment)

    assert words == f"Today {moment:%H:%M} · 3 times since 2 Mar 2026 {moment:%H:%M} · seen to"
