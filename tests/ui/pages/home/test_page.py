from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from saasdesk.connectors import CONNECTORS
from saasdesk.ui.pages.home import HomePage
from tests.ui.pages.conftest import Whole

# The offscreen platform says this of every window; it says nothing about ours.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def test_that_home_tells_what_needs_attention_and_each_row_and_figure_leads_to_its_place(whole: Whole) -> None:
    office = whole.office
    office.run()
    office.vault.set(
        "Old key",
        CONNECTORS["pagerduty"],
        "another-secret",
        permission="read",
        inputs={},
        expires=datetime.now().astimezone().date() + timedelta(days=3),
        in_memory=True,
    )
    office.store.write(lambda db: db.execute_sql("UPDATE person SET deactivated = 1 WHERE id IN (1, 2)"))

    whole.show("home")
    page = whole.window.page("home")
    assert isinstance(page, HomePage)
    whole.wait(lambda: getattr(page, "buttons", None) and all(card.figure for card in page.cards))

    names = [button.accessibleName() for button in page.buttons]
    assert names == [
        "Show them: 2 people left and still have active accounts",
        "Replace key: The key “Old key” expires in 3 days",
        *names[2:],
    ]
    assert [card.figure.whole.value for card in page.cards if card.figure] == [58, 60, 2, 60]

    page.cards[2].findChild(type(page.saving.link)).click()
    people = whole.window.page("people")
    whole.wait(lambda: not people.table.is_reading and people.table.model.rowCount() == 2)
    whole.show("people")
    whole.wait(lambda: not people.table.is_reading and people.table.model.rowCount() == 58)
    whole.window.go_back()
    whole.window.go_back()
    assert whole.window.here == "home"
    QTest.keyClick(page.buttons[1], Qt.Key.Key_Return)
    assert whole.window.here == "configuration"
    whole.window.go_back()
    page.happenings.setCurrentIndex(page.happenings.model_of_lines.index(0, 0))
    QTest.keyClick(page.happenings, Qt.Key.Key_Return)
    assert whole.window.here == "activity"
