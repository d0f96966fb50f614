"""An account is given to a person in the window, taken away, and given back by Undo."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QMenu

from saasdesk.ui.pages.accounts.match_dialog import MatchDialog
from saasdesk.ui.pages.people import PersonPage
from saasdesk.ui.pages.software import SoftwarePage
from tests.ui.pages.conftest import Whole

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def dialog() -> MatchDialog | None:
    found = QApplication.activeModalWidget()
    return found if isinstance(found, MatchDialog) else None


def test_that_an_account_is_matched_by_hand_and_given_back(whole: Whole) -> None:
    office = whole.office
    office.run()
    account, person = office.rows("SELECT id, person FROM saas_user WHERE person IS NOT NULL ORDER BY id")[0]
    other, name = office.rows("SELECT id, name FROM person WHERE id <> ? ORDER BY id", person)[0]

    def whose() -> object:
        return office.value("SELECT person FROM saas_user WHERE id = ?", account)

    whole.show("software", (office.value("SELECT id FROM saas_application"), "users", account))
    page = whole.window.page("software")
    assert isinstance(page, SoftwarePage)
    whole.wait(lambda: page.view is not None and page.view.users.current_id() == account)
    assert page.view is not None
    menu = QMenu()
    page.view.users.row_menu_shown.emit(menu)
    texts = {action.text(): action for action in menu.actions()}

    texts["Match to a person…"].trigger()
    whole.wait(dialog)
    shown = dialog()
    assert shown is not None
    shown.search.setText(str(name))
    whole.wait(lambda: shown.candidate is not None and shown.candidate.person == other)
    whole.qtbot.keyClick(shown.search, Qt.Key.Key_Return)
    whole.wait(lambda: whose() == other)
    office.simulator.churn(0.2)
    office.run()
    assert whose() == other, "the vendor's next list changes nothing of it"

    whole.show("person", other)
    person_page = whole.window.page("person")
    assert isinstance(person_page, PersonPage)
    whole.wait(lambda: any(card.account.id == account for card in person_page.strip.cards))
    offered = person_page._accounts_menu.actions()[-1].menu()
    assert isinstance(offered, QMenu)
    assert [action.text() for action in offered.actions()] == ["Match to a person…", "Un-match from the person"]
    person_page._matching.unmatch(int(str(account)))
    whole.wait(lambda: whose() is None)
    whole.wait(lambda: all(card.account.id != account for card in person_page.strip.cards))
