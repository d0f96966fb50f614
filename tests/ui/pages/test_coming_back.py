"""Back and forward show each place as it was left: tab, filter, the line one was at, how far it was scrolled."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from saasdesk.ui.coming_back import look_of
from tests.ui.pages.conftest import Whole

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_that_each_place_comes_back_as_it_was_left(lived_in: Whole) -> None:
    window, looks = lived_in.window, []

    def leave_like_this() -> None:
        looks.append(look_of(window.current_page))

    lived_in.show("people")
    people = window.page("people").table  # type: ignore[attr-defined]
    lived_in.wait(lambda: people.columns and not people.is_reading and people.model.rowCount() > 30)
    people.show_query(replace(people.query, quick="a", sort=(("email", True),)))
    lived_in.wait(lambda: not people.is_reading and people.model.rowCount() > 25)
    people.view.make_current(20)
    # What stands beside the list is part of how it looks.
    lived_in.wait(lambda: window.page("people").inspector.shown is not None)  # type: ignore[attr-defined]
    people.view.verticalScrollBar().setValue(200)
    leave_like_this()

    lived_in.show("software", 1)
    software = window.page("software")
    lived_in.wait(lambda: any(each.endswith(" record") and value for each, value in look_of(software).items()))
    leave_like_this()

    lived_in.show("activity", "audit")
    audit = window.page("activity").audit.table  # type: ignore[attr-defined]
    lived_in.wait(lambda: not audit.is_reading and audit.model.rowCount() > 3)
    audit.view.make_current(2)
    leave_like_this()
    lived_in.show("activity", "approvals")
    leave_like_this()
    lived_in.show("settings", "storage")
    lived_in.show("home")

    window.go_back()
    window.go_back()
    for place in reversed(range(len(looks))):
        lived_in.wait(lambda place=place: look_of(window.current_page) == looks[place])
        if place:
            window.go_back()
    window.go_forward()
    lived_in.wait(lambda: look_of(window.current_page) == looks[1])


def test_that_whoever_touches_the_page_is_left_alone(lived_in: Whole) -> None:
    window = lived_in.window
    lived_in.show("people")
    people = window.page("people").table  # type: ignore[attr-defined]
    lived_in.wait(lambda: people.columns and not people.is_reading and people.model.rowCount() > 30)
    people.view.verticalScrollBar().setValue(200)
    lived_in.show("home")
    window.go_back()

    lived_in.qtbot.keyClick(people.view, Qt.Key.Key_Home)

    assert not window._coming_back.is_busy
