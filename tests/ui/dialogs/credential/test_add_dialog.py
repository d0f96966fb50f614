"""Add new credential: the key is tried before CREATE, and whatever is wrong is said where it can be put right."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from saasdesk.connectors import CONNECTORS
from saasdesk.credentials import UNLISTED, set_secret_variable
from saasdesk.simulator import atlassian, jetbrains
from saasdesk.simulator.pagerduty import KeyKind
from saasdesk.ui.dialogs.credential.add_dialog import AddCredentialDialog
from tests.credentials.keyrings import LockableKeyring
from tests.ui.dialogs.connect_vendor.conftest import Office
from tests.web.servers import LoopbackServer, http

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

Open = Callable[..., AddCredentialDialog]


@pytest.fixture
def open_dialog(office: Office) -> Open:
    """Open the dialog, at the form of a vendor's key where one is named."""

    def open_it(vendor: str = "", *, kind: str = "admin", acts: bool = False) -> AddCredentialDialog:
        dialog = AddCredentialDialog(office.services, office.desk.theme, office.desk.readers)
        office.qtbot.addWidget(dialog)
        dialog.show()
        office.qtbot.waitExposed(dialog)
        if not vendor:
            return dialog
        dialog.vendor.search.setText(vendor)
        office.qtbot.keyClick(dialog.vendor.search, Qt.Key.Key_Return)
        office.qtbot.waitUntil(lambda: dialog.step is dialog.permission)
        for button in dialog.permission._kinds.buttons():
            button.setChecked(button.property("kind") == kind)
        dialog.permission.permission.set_permission("act" if acts else "read")
        office.press(dialog.next)
        fields, access = dialog.key.fields, office.simulator.access()[vendor]
        fields.region.setCurrentIndex(fields.region.count() - 1)
        fields.address.setText(access["base_url"])
        for each in fields._own_inputs.fields:
            each.edit.setText(access.get(each.declared.key, ""))
        fields.key.setText(access["key"])
        return dialog

    return open_it


def press_next(office: Office, dialog: AddCredentialDialog) -> None:
    office.press(dialog.next)
    office.qtbot.waitUntil(lambda: not dialog.is_busy, timeout=10_000)


def input_edit(dialog: AddCredentialDialog, key: str) -> QLineEdit:
    return next(each.edit for each in dialog.key.fields._own_inputs.fields if each.declared.key == key)


def test_that_a_key_is_created_once_the_vendor_has_accepted_it(office: Office, open_dialog: Open) -> None:
    dialog = open_dialog("pagerduty")

    press_next(office, dialog)

    assert dialog.step is dialog.check
    assert office.vault.list() == ()
    assert "The key opens" in dialog.check.answer.text
    with office.qtbot.waitSignal(dialog.created) as made:
        office.press(dialog.next)
    (saved,) = office.vault.list()
    assert made.args == [saved.name]
    assert saved.last_test is not None
    assert (saved.permission, saved.source) == ("read", "keyring")
    assert dialog.key.fields.key.text() == ""


def test_that_cancelling_keeps_nothing(office: Office, open_dialog: Open) -> None:
    dialog = open_dialog("pagerduty")
    press_next(office, dialog)

    office.press(dialog.cancel)

    assert not dialog.isVisible()
    assert office.vault.list() == ()
    assert office.keyring is not None
    assert office.keyring.secrets == {}


@pytest.mark.parametrize(
    ("pasted", "sentence"),
    [
        ("", "Paste the key that you made at PagerDuty."),
        ("u+ab", "The key has 4 characters; a key has between 8 and 1,200."),
        ("u+abcdefgh ijkl", "There is a space in the key, after character 10."),
        ("u+abcdefghü", "Character 11 of the key is not a plain letter, digit or sign."),
    ],
)
def test_that_half_a_key_is_told_at_its_field(office: Office, open_dialog: Open, pasted: str, sentence: str) -> None:
    dialog = open_dialog("pagerduty")
    dialog.key.fields.key.setText(pasted)

    press_next(office, dialog)

    assert dialog.step is dialog.key
    assert dialog.key.fields.key_error.message.startswith(sentence)
    assert dialog.key.fields.key.text() == pasted


def test_that_a_wrong_key_is_told_at_its_field_and_stays_to_be_corrected(office: Office, open_dialog: Open) -> None:
    dialog = open_dialog("pagerduty")
    dialog.key.fields.key.setText("u+a-key-of-nobody-here")

    press_next(office, dialog)

    assert dialog.step is dialog.key
    assert "PagerDuty refused the key (401)" in dialog.key.fields.key_error.message
    assert dialog.key.fields.key.text() == "u+a-key-of-nobody-here"
    assert office.vault.list() == ()


def test_that_spaces_line_ends_and_a_prefix_round_a_key_do_no_harm(office: Office, open_dialog: Open) -> None:
    dialog = open_dialog("pagerduty")
    dialog.key.fields.key.setText(f"  Token token= {office.simulator.key()} \n")

    press_next(office, dialog)

    assert dialog.step is dialog.check


def test_that_a_key_of_the_other_region_is_told_with_the_right_one(office: Office, open_dialog: Open) -> None:
    dialog = open_dialog("pagerduty")
    dialog.key.fields.key.setText(office.simulator.key(KeyKind.EU))

    press_next(office, dialog)

    assert dialog.step is dialog.key
    assert "for the other region" in dialog.key.fields.key_error.message


def test_that_an_expired_key_is_told_at_its_field(office: Office, open_dialog: Open) -> None:
    dialog = open_dialog("atlassian")
    dialog.key.fields.key.setText(office.simulator.atlassian.keys[atlassian.KeyKind.EXPIRED])

    press_next(office, dialog)

    assert dialog.step is dialog.key
    assert "expired" in dialog.key.fields.key_error.message


def test_that_a_key_that_only_reads_is_told_where_it_is_to_act(office: Office, open_dialog: Open) -> None:
    dialog = open_dialog("atlassian", acts=True)
    dialog.key.fields.key.setText(office.simulator.atlassian.keys[atlassian.KeyKind.SCOPED])
    press_next(office, dialog)
    assert dialog.step is dialog.check
    assert dialog.check.warning.isVisible()
    assert "not do all that “Read and act” is for" in dialog.check.warning.text

    dialog.check.read_only_wanted.emit()
    with office.qtbot.waitSignal(dialog.created):
        office.press(dialog.next)

    assert office.vault.list()[0].permission == "read"


def test_that_what_no_test_can_show_of_a_key_that_is_to_act_is_said(office: Office, open_dialog: Open) -> None:
    dialog = open_dialog("pagerduty", acts=True)
    dialog.key.fields.key.setText(office.simulator.key(KeyKind.READ_ONLY))

    press_next(office, dialog)

    assert dialog.step is dialog.check
    assert "It has to be an account key with full access" in dialog.check.warning.text


def test_that_the_organisation_of_somebody_else_is_told_at_its_id(office: Office, open_dialog: Open) -> None:
    dialog = open_dialog("atlassian")
    input_edit(dialog, "organization_id").setText("00000000-dead-beef-0000-000000000000")

    press_next(office, dialog)

    (error,) = [each.error for each in dialog.key.fields._own_inputs.fields]
    assert "does not open the organisation 00000000-dead-beef-0000-000000000000" in error.message
    assert dialog.key.fields.problems == [error.message]
    assert input_edit(dialog, "organization_id").text() == "00000000-dead-beef-0000-000000000000"


def test_that_a_directory_id_pasted_as_a_whole_address_is_cut_down(office: Office, open_dialog: Open) -> None:
    access = office.simulator.access()["atlassian"]
    dialog = open_dialog("atlassian", kind="scim")
    edit = input_edit(dialog, "directory_id")
    edit.setText(f"https://api.atlassian.com/scim/directory/{access['directory_id']}")
    dialog.key.fields.key.setText(access["directory_key"])

    press_next(office, dialog)

    assert dialog.step is dialog.check
    assert edit.text() == access["directory_id"]
    with office.qtbot.waitSignal(dialog.created):
        office.press(dialog.next)
    assert office.vault.list()[0].kind == "scim"


def test_that_a_company_code_with_spaces_is_trimmed_and_one_with_words_refused(
    office: Office, open_dialog: Open
) -> None:
    dialog = open_dialog("jetbrains")
    edit = input_edit(dialog, "company_code")
    code = edit.text()
    edit.setText("my company")
    press_next(office, dialog)
    assert dialog.step is dialog.key
    assert any("“my company” is no JetBrains Company Code" in each for each in dialog.key.fields.problems)

    edit.setText(f"  {code} ")
    press_next(office, dialog)

    assert dialog.step is dialog.check
    assert edit.text() == code


def test_that_a_secret_variable_fills_in_the_company_code(office: Office, open_dialog: Open) -> None:
    code = office.simulator.access()["jetbrains"]["company_code"]
    set_secret_variable(office.store, office.vault, "JetBrains.Company Code", code)
    dialog = open_dialog("jetbrains")
    edit = input_edit(dialog, "company_code")
    edit.setText("")
    assert edit.placeholderText() == "From the secret variable JetBrains.Company Code"

    press_next(office, dialog)
    assert dialog.step is dialog.check
    with office.qtbot.waitSignal(dialog.created):
        office.press(dialog.next)

    assert office.vault.list()[0].inputs == {}


def test_that_a_team_key_is_told_what_it_lacks(office: Office, open_dialog: Open) -> None:
    dialog = open_dialog("jetbrains")
    dialog.key.fields.key.setText(office.simulator.jetbrains.keys[jetbrains.KeyKind.TEAM])

    press_next(office, dialog)

    assert dialog.step is dialog.check
    assert "fill in the Team ID" in dialog.check.table.texts.cell(dialog.check.table.texts.index(0, 2)).text


def test_that_a_locked_keyring_is_told_and_the_key_may_stay_in_memory(
    office: Office, open_dialog: Open, keyring: LockableKeyring
) -> None:
    dialog = open_dialog("pagerduty")
    press_next(office, dialog)
    keyring.is_locked = True
    press_next(office, dialog)
    assert "Your login keyring is locked" in dialog.check.problem.text
    assert office.vault.list() == ()

    with office.qtbot.waitSignal(dialog.created):
        dialog.check.memory_wanted.emit()

    assert office.vault.list()[0].source == "memory"


def test_that_a_taken_name_is_told_at_its_field(office: Office, open_dialog: Open) -> None:
    office.vault.set("PagerDuty key", CONNECTORS["pagerduty"], office.simulator.key())
    dialog = open_dialog("pagerduty")
    assert dialog.key.fields.name.text() == "PagerDuty key 2"
    dialog.key.fields.name.setText("pagerduty KEY")

    press_next(office, dialog)

    assert dialog.key.fields.name_error.message == "There is a credential of this name. Choose another name."


# Advanced Mode


def go_advanced(office: Office, dialog: AddCredentialDialog) -> None:
    office.press(dialog.vendor.advanced)
    assert dialog.step is dialog.advanced


def test_that_advanced_mode_makes_a_credential_for_any_host(office: Office, open_dialog: Open) -> None:
    dialog = open_dialog()
    go_advanced(office, dialog)
    page = dialog.advanced
    with LoopbackServer(lambda _heard: http(200, b"{}")) as server:
        page.name.setText("Own")
        page.hosts.setPlainText(server.url)
        page.test_address.setText("/v1/me")
        page.authorization.token_name.setText("X-Own-Key")
        page.authorization.key.setText("a-key-of-somebody")
        press_next(office, dialog)
        assert dialog.step is dialog.check
        assert "127.0.0.1 (status 200)" in dialog.check.answer.text
        assert server.heard[0].headers["x-own-key"] == "a-key-of-somebody"
        with office.qtbot.waitSignal(dialog.created):
            office.press(dialog.next)
        hosts = (server.url,)

    (saved,) = office.vault.list()
    assert (saved.connector, saved.hosts) == (UNLISTED, hosts)


def test_that_advanced_mode_opens_a_listed_vendor_with_a_header_of_ones_own(office: Office, open_dialog: Open) -> None:
    dialog = open_dialog()
    go_advanced(office, dialog)
    page, access = dialog.advanced, office.simulator.access()["pagerduty"]
    page.vendor.setCurrentIndex(page.vendor.findData("pagerduty"))
    assert (page.authorization.token_name.text(), page.authorization.scheme.currentData()) == (
        "Authorization",
        "Token token=",
    )
    page.name.setText("Own")
    page.address.setText(access["base_url"])
    page.authorization.scheme.setCurrentIndex(0)
    page.authorization.key.setText(f"Token token= {access['key']}")

    press_next(office, dialog)

    assert dialog.step is dialog.check
    assert page.authorization.scheme.currentData() == "Token token="
    assert page.authorization.key.text() == access["key"]


def test_that_what_is_missing_in_advanced_mode_is_told_in_its_tab(office: Office, open_dialog: Open) -> None:
    dialog = open_dialog()
    go_advanced(office, dialog)
    page = dialog.advanced
    page.tabs.set_current("authorization")
    press_next(office, dialog)
    assert page.tabs.current == "information"
    assert page.name_error.message == "Give the credential a name."

    page.name.setText("Own")
    page.hosts.setPlainText("http://api.example.com")
    press_next(office, dialog)
    assert "reached over plain HTTP" in page.hosts_error.message

    page.hosts.setPlainText("api.example.com")
    page.test_address.setText("https://api.example.org/me")
    press_next(office, dialog)
    assert "api.example.org is not among the allowed hosts" in page.test_error.message

    page.test_address.setText("/me")
    page.authorization.token_name.setText("X Key")
    press_next(office, dialog)
    assert page.tabs.current == "authorization"
    assert "is not a header name" in page.authorization.name_error.message


def test_that_basic_auth_takes_a_name_and_a_password(office: Office, open_dialog: Open) -> None:
    dialog = open_dialog()
    go_advanced(office, dialog)
    page = dialog.advanced
    with LoopbackServer(lambda _heard: http(403, b"{}")) as server:
        page.name.setText("Own")
        page.hosts.setPlainText(server.url)
        page.test_address.setText("/me")
        page.authorization._set_type("basic")
        page.authorization.username.setText("ada")
        page.authorization.password.setText("pass word")
        press_next(office, dialog)
        assert server.heard[0].headers["authorization"] == "Basic YWRhOnBhc3Mgd29yZA=="

    assert dialog.step is dialog.advanced
    assert page.tabs.current == "authorization"
    assert "answered 403" in page.authorization.password_error.message


def test_that_a_half_pasted_key_is_told_by_its_length_where_it_is_seen(office: Office, open_dialog: Open) -> None:
    dialog = open_dialog("pagerduty")
    fields = dialog.key.fields
    fields.key.setText(office.simulator.key()[:9])

    press_next(office, dialog)

    assert "What was pasted has 9 characters: is that all of it?" in fields.key_error.message
    # The form is longer than the dialog: the sentence is not below its edge.
    office.qtbot.waitUntil(lambda: not fields.key_error.visibleRegion().isEmpty())


def test_that_spaces_inside_a_company_code_are_named(office: Office, open_dialog: Open) -> None:
    dialog = open_dialog("jetbrains")
    edit = input_edit(dialog, "company_code")
    edit.setText(" 26 000 07 ")

    press_next(office, dialog)

    assert dialog.key.fields.problems == ["“26 000 07” is no JetBrains Company Code: there are spaces in it."]
    assert edit.text() == " 26 000 07 "
