"""The accounts of a person as cards."""

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from saasdesk.records.history import AccountFacts
from saasdesk.records.listing import AccountState
from saasdesk.ui.pages.people.account_strip import AccountStrip
from saasdesk.ui.theme import Theme

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def account(number: int, status: str, role: str) -> AccountFacts:
    return AccountFacts(
        number,
        number,
        f"Vendor {number}",
        str(number),
        "Ann",
        "ann@example.com",
        AccountState.ACTIVE,
        status,
        role,
        None,
        None,
        "",
        "",
        None,
    )


@pytest.mark.parametrize("zoom", [100, 200])
def test_that_a_long_state_makes_no_card_wider_or_higher_than_the_others(
    qapp: QApplication, qtbot: QtBot, zoom: int
) -> None:
    theme = Theme(qapp, "light", zoom)
    strip = AccountStrip(theme, columns=2)
    qtbot.addWidget(strip)
    long = "Suspended in the directory, cannot be verified"
    strip.show_accounts([account(1, long, "Observer"), account(2, "active", ""), account(3, "active", long)], [])
    strip.resize(theme.px(300), theme.px(400))
    with qtbot.waitExposed(strip):
        strip.show()

    assert len({card.size().toTuple() for card in strip.cards}) == 1
    assert strip.width() == theme.px(300)
    assert long in strip.cards[0].toolTip()
