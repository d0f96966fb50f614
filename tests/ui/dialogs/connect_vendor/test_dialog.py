from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget

from saasdesk.connectors import CONNECTORS
from saasdesk.simulator.faults import Fault, FaultKind
from saasdesk.simulator.pagerduty import KeyKind
from saasdesk.sync.integration import IntegrationState
from saasdesk.sync.integrations import find_integration, list_integrations
from saasdesk.ui.tables.text_table import TextTable
from tests.ui.dialogs.connect_vendor.conftest import PEOPLE, Office
from tests.ui.pages.people.desk import texts, unnamed

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


def words(table: TextTable) -> list[tuple[str, ...]]:
    model = table.texts
    return [
        tuple(model.cell(model.index(row, column)).words for column in range(model.columnCount()))
        for row in range(model.rowCount())
    ]


# The whole way


def test_that_a_vendor_is_connected_from_the_key_to_the_first_run(office: Office) -> None:
    dialog = office.open_at_plan()
    assert office.count("person") == 0

    office.press(dialog.next_button)
    office.qtbot.waitUntil(lambda: dialog.step is dialog.launch)
    assert find_integration(office.store, "PagerDuty users").state is IntegrationState.ACTIVE
    office.press(dialog.launch.run_now)

    office.qtbot.waitUntil(lambda: office.count("person") == PEOPLE)
    assert office.desk.frame.visited == [("integrations", None)]
    office.qtbot.waitUntil(lambda: not office.desk.jobs.running())


def test_that_the_whole_way_can_be_gone_by_keyboard(office: Office) -> None:
    office.connect_vendor()
    dialog = office.dialog
    press = office.qtbot.keyClick
    office.qtbot.keyClicks(dialog.vendor.search, "pag")
    press(dialog.vendor.search, Qt.Key.Key_Return)
    office.qtbot.waitUntil(lambda: dialog.step is dialog.key)
    office.enter_key()
    press(dialog.key.key, Qt.Key.Key_Return)
    office.qtbot.waitUntil(lambda: dialog.step is dialog.check)
    press(dialog, Qt.Key.Key_Return)
    office.qtbot.waitUntil(lambda: dialog.step is dialog.records)
    press(dialog, Qt.Key.Key_Return)
    office.qtbot.waitUntil(lambda: dialog.step is dialog.integration)
    press(dialog.integration.name, Qt.Key.Key_Return)
    office.qtbot.waitUntil(lambda: dialog.step is dialog.plan and dialog.plan.can_go_on)

    press(dialog, Qt.Key.Key_Return)

    office.qtbot.waitUntil(lambda: dialog.step is dialog.launch)


def test_that_everything_the_keyboard_reaches_has_a_name_on_every_step(office: Office) -> None:
    dialog = office.open_at_plan()

    for step in (dialog.vendor, dialog.key, dialog.check, dialog.records, dialog.integration, dialog.plan):
        dialog._show(step)
        assert unnamed(dialog) == [], step.title


def test_that_no_label_takes_markup(office: Office) -> None:
    dialog = office.open_at_plan()

    assert {label.textFormat() for label in dialog.findChildren(QLabel)} == {Qt.TextFormat.PlainText}


# The vendor


def test_that_the_first_match_says_what_is_needed_and_where_to_make_the_key(office: Office) -> None:
    office.connect_vendor()
    office.dialog.vendor.search.setText("pager")

    shown = texts(office.pagerduty)

    assert "Where to make the key" in shown
    assert any("account key" in text for text in shown)


def test_that_the_address_of_the_documentation_is_plain_text_to_copy(office: Office) -> None:
    office.connect_vendor()
    entry = office.pagerduty

    office.press(entry.address.button)

    assert entry.address.field.isReadOnly()
    assert entry.address.field.selectedText() == CONNECTORS["pagerduty"].help.documentation


def test_that_a_vendor_nobody_knows_is_said_to_be_unknown(office: Office) -> None:
    office.connect_vendor()

    office.dialog.vendor.search.setText("nosuchvendor")

    assert office.dialog.vendor.matches == []
    assert "No vendor of this name is known here." in texts(office.dialog.vendor)


# The key


def test_p07_that_the_key_leaves_the_form_and_every_file_once_it_is_saved(office: Office, tmp_path: Path) -> None:
    dialog = office.open_at_check()
    key = office.simulator.key()

    assert all(key not in edit.text() for edit in dialog.findChildren(QLineEdit))
    assert all(key not in label.text() for label in dialog.findChildren(QLabel))
    assert all(key.encode() not in path.read_bytes() for path in (tmp_path / "profile").rglob("*") if path.is_file())
    assert office.keyring is not None
    assert list(office.keyring.secrets.values()) == [key]


def test_that_a_prefix_that_was_copied_along_is_taken_off(office: Office) -> None:
    dialog = office.open_at_key()
    office.enter_key()
    dialog.key.key.setText(f"  Token token={office.simulator.key()}\n")

    office.press(dialog.next_button)

    office.qtbot.waitUntil(lambda: dialog.step is dialog.check)
    assert office.keyring is not None
    assert list(office.keyring.secrets.values()) == [office.simulator.key()]


def test_that_an_empty_key_is_asked_for_under_its_field(office: Office) -> None:
    dialog = office.open_at_key()

    office.press(dialog.next_button)

    assert dialog.key.key_error.message == "Paste the key that you made at PagerDuty."
    assert dialog.step is dialog.key
    assert office.count("credential") == 0


def test_that_half_a_key_is_noticed_before_anything_is_sent(office: Office) -> None:
    dialog = office.open_at_key()
    dialog.key.key.setText("abc")

    office.press(dialog.next_button)

    assert "has 3 characters" in dialog.key.key_error.message
    assert not office.simulator.requests.summary()


def test_that_what_was_entered_stays_when_something_is_wrong(office: Office) -> None:
    dialog = office.open_at_key()
    dialog.key.name.setText("Ours")
    dialog.key.expires.setText("next year")
    dialog.key.key.setText(office.simulator.key())

    office.press(dialog.next_button)

    assert dialog.key.expires_error.message.startswith("Write the date")
    assert (dialog.key.name.text(), dialog.key.key.text()) == ("Ours", office.simulator.key())


def test_that_a_day_that_has_passed_is_no_expiry(office: Office) -> None:
    dialog = office.open_at_key()
    dialog.key.key.setText(office.simulator.key())
    dialog.key.expires.setText("2020-01-31")

    office.press(dialog.next_button)

    assert dialog.key.expires_error.message.startswith("This day has passed")


def test_that_an_address_that_is_none_is_refused_under_the_region(office: Office) -> None:
    dialog = office.open_at_key()
    office.enter_key()
    dialog.key.address.setText("ftp://example.com")

    office.press(dialog.next_button)

    assert dialog.key.region_error.message
    assert dialog.step is dialog.key


def test_that_a_key_without_rights_is_explained_under_the_key(office: Office) -> None:
    office.simulator.faults.add(Fault(FaultKind.STATUS, status=403))
    dialog = office.open_at_key()
    office.enter_key()

    office.go_on()
    office.qtbot.waitUntil(lambda: bool(dialog.key.key_error.message))

    assert "may not list users" in dialog.key.key_error.message
    assert dialog.step is dialog.key


def test_that_a_web_page_in_between_is_explained_under_the_address(office: Office) -> None:
    office.simulator.faults.add(Fault(FaultKind.WEB_PAGE))
    dialog = office.open_at_key()
    office.enter_key()

    office.go_on()
    office.qtbot.waitUntil(lambda: bool(dialog.key.region_error.message))

    assert "web page" in dialog.key.region_error.message


def test_that_a_vendor_that_does_not_answer_is_said_while_it_is_tried_again(office: Office) -> None:
    fault = Fault(FaultKind.STATUS, endpoint="", status=429, amount=30)
    office.simulator.faults.add(fault)
    dialog = office.open_at_key()
    office.enter_key()

    office.press(dialog.next_button)

    office.qtbot.waitUntil(lambda: "asks to wait" in dialog.busy_text.text(), timeout=10_000)
    office.press(dialog.cancel_button)
    office.wait_idle()
    assert dialog.busy_text.text() == "Stopped."


def test_that_a_saved_key_need_not_be_entered_again_to_try_it_again(office: Office) -> None:
    fault = office.simulator.faults.add(Fault(FaultKind.STATUS, status=403))
    dialog = office.open_at_key()
    office.enter_key()
    office.go_on()
    office.qtbot.waitUntil(lambda: bool(dialog.key.key_error.message))
    assert fault is not None
    office.simulator.faults.clear()

    office.press(dialog.next_button)

    office.qtbot.waitUntil(lambda: dialog.step is dialog.check)


def test_that_a_key_of_this_vendor_can_be_used_again(office: Office) -> None:
    access = office.simulator.access()["pagerduty"]
    office.vault.set("Shared key", CONNECTORS["pagerduty"], access["key"], base_url=access["base_url"])
    dialog = office.open_at_key()
    dialog.key.source.setCurrentIndex(1)

    office.press(dialog.next_button)
    office.qtbot.waitUntil(lambda: dialog.step is dialog.check)

    assert dialog.connecting is not None
    assert dialog.connecting.credential == "Shared key"
    assert not dialog.connecting.has_something_to_lose


def test_that_the_name_of_another_credential_is_not_taken(office: Office) -> None:
    office.vault.set("PagerDuty key", CONNECTORS["pagerduty"], "u+0123456789abcdef")
    dialog = office.open_at_key()
    assert dialog.key.name.text() == "PagerDuty key 2"
    dialog.key.name.setText("pagerduty KEY")
    dialog.key.key.setText(office.simulator.key())

    office.press(dialog.next_button)

    assert "There is a credential of this name" in dialog.key.name_error.message


# Without a keyring


@pytest.mark.parametrize("keyring", [None])
def test_p08_that_without_a_keyring_the_key_is_refused_and_may_be_kept_for_this_start(office: Office) -> None:
    dialog = office.open_at_key()
    office.enter_key()

    office.press(dialog.next_button)
    office.qtbot.waitUntil(dialog.key.problem.isVisible)

    assert "saasdesk does not store keys in files" in dialog.key.problem.text
    assert office.count("credential") == 0
    dialog.key.keep_in_memory_wanted.emit()
    office.qtbot.waitUntil(lambda: dialog.step is dialog.check)
    assert dialog.check.memory.isVisible()


def test_that_a_locked_keyring_can_be_unlocked_and_tried_again(office: Office) -> None:
    assert office.keyring is not None
    office.keyring.is_locked = True
    dialog = office.open_at_key()
    office.enter_key()
    office.press(dialog.next_button)
    office.qtbot.waitUntil(dialog.key.problem.isVisible)
    assert "Unlock it" in dialog.key.problem.text

    office.keyring.is_locked = False
    dialog.key.unlock_wanted.emit()

    office.qtbot.waitUntil(lambda: dialog.step is dialog.check)


# What the vendor says


def test_that_the_check_names_features_and_what_to_change(office: Office) -> None:
    dialog = office.open_at_check(KeyKind.NO_EXTRAS)

    rows = {feature: (works, advice) for feature, works, advice in words(dialog.check.table)}

    assert rows["List users"] == ("Yes", "")
    assert rows["Licences"][0] == "No"
    assert "admin" in rows["Licences"][1]
    assert rows["Delete users"][0] == "Not checked"


def test_that_the_first_users_are_shown_and_none_of_them_kept(office: Office) -> None:
    dialog = office.open_at_check()

    office.go_on()

    assert dialog.step is dialog.records
    first = office.simulator.truth("pagerduty")[0]
    rows = words(dialog.records.table)
    assert len(rows) == 10
    assert rows[0][:2] == (first.name, first.email)
    assert office.count("person") == office.count("integration") == 0


# The integration


def test_that_the_draft_has_the_mapping_of_the_article_and_does_not_deactivate(office: Office) -> None:
    dialog = office.open_at_integration()

    rows = words(dialog.integration.mapping)

    assert [(row[0], row[2], row[3]) for row in rows[:2]] == [
        ("Email", "Username", ""),
        ("Email", "Email", "Sync key 1"),
    ]
    assert ("Id", "PagerDuty User ID (new field, Unique)") in [(row[0], row[2]) for row in rows]
    assert dialog.integration.document.deactivate is False


def test_that_deactivate_for_people_alone_concerns_people(office: Office) -> None:
    dialog = office.open_at_integration()

    dialog.integration.only.setChecked(True)
    dialog.integration.deactivate.setChecked(True)

    assert dialog.integration.document.deactivate_people
    assert not dialog.integration.application.isEnabled()


def test_that_the_choices_reach_the_document(office: Office) -> None:
    dialog = office.open_at_integration()
    step = dialog.integration

    step.name.setText("PagerDuty EU")
    step.application.setText("PagerDuty Europe")
    step.role.setText("Contractor")
    step.preference.setCurrentIndex(step.preference.findData("create_only"))
    step.deactivate.setChecked(True)
    step.percent.setValue(10)
    step.count.setValue(7)

    document = step.document
    assert (document.name, document.saas_application, document.preference) == (
        "PagerDuty EU",
        "PagerDuty Europe",
        "create_only",
    )
    assert (document.deactivate_limit_percent, document.deactivate_limit_count) == (10, 7)
    assert [row.value for row in document.mapping if row.target == "role"] == ["Contractor"]


@pytest.mark.parametrize(
    ("field", "error"), [("name", "name_error"), ("application", "application_error"), ("role", "role_error")]
)
def test_that_what_is_missing_is_said_under_its_field(office: Office, field: str, error: str) -> None:
    dialog = office.open_at_integration()
    getattr(dialog.integration, field).setText("  ")

    office.press(dialog.next_button)

    assert getattr(dialog.integration, error).message
    assert dialog.step is dialog.integration
    assert list_integrations(office.store) == []


# The plan


def test_that_the_plan_counts_what_a_run_would_do_and_writes_nothing(office: Office) -> None:
    dialog = office.open_at_plan()

    shown = texts(dialog.plan)

    assert str(2 * PEOPLE) in shown
    assert f"That is {PEOPLE} people and {PEOPLE} SaaS users" in " ".join(shown)
    assert office.count("person") == office.count("saas_user") == 0


def test_that_the_plan_can_be_looked_at_and_the_way_be_gone_on_with(office: Office) -> None:
    dialog = office.open_at_plan()
    assert dialog.connecting is not None
    assert dialog.connecting.plan is not None

    office.press(dialog.plan.link)
    assert not dialog.isVisible()
    assert office.desk.frame.visited == [("plan", dialog.connecting.plan.plan)]
    office.connect_vendor()

    assert office.dialog is dialog
    assert dialog.isVisible()


def test_that_a_cancelled_plan_says_that_nothing_was_written_and_can_be_made_again(office: Office) -> None:
    dialog = office.open_at_integration()
    office.simulator.faults.add(Fault(FaultKind.HANG, amount=30))
    office.press(dialog.next_button)
    office.qtbot.waitUntil(lambda: dialog.step is dialog.plan and dialog.plan.cancel.isVisible())
    office.press(dialog.plan.cancel)
    office.qtbot.waitUntil(lambda: not dialog.is_busy)
    assert "The plan was cancelled." in dialog.plan.outcome.text
    assert not dialog.next_button.isEnabled()
    office.simulator.faults.clear()

    dialog.plan.begin_wanted.emit()

    office.qtbot.waitUntil(lambda: dialog.plan.can_go_on)


def test_that_a_plan_that_fails_says_why_and_cannot_be_launched(office: Office) -> None:
    dialog = office.open_at_integration()
    office.simulator.faults.add(Fault(FaultKind.STATUS, status=403))

    office.press(dialog.next_button)
    office.qtbot.waitUntil(
        lambda: dialog.step is dialog.plan and not dialog.is_busy and dialog.plan.outcome.isVisible()
    )

    assert "may not list users" in dialog.plan.outcome.text
    assert not dialog.next_button.isEnabled()


# Leaving


def test_that_cancel_before_anything_was_made_just_closes(office: Office) -> None:
    dialog = office.open_at_key()

    office.qtbot.keyClick(dialog, Qt.Key.Key_Escape)

    assert office.connect_vendor.dialog is None


def test_that_remove_takes_back_draft_field_and_key(office: Office) -> None:
    dialog = office.open_at_plan()
    fields = office.count("field")

    office.qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.question is not None
    assert "the draft “PagerDuty users” and the credential “PagerDuty key”" in dialog.question.text.text()
    office.press(dialog.question.buttons[2])

    office.qtbot.waitUntil(lambda: office.connect_vendor.dialog is None)
    assert office.count("integration") == office.count("credential") == 0
    assert office.count("field") == fields - 1
    assert office.keyring is not None
    assert office.keyring.secrets == {}
    assert office.desk.frame.visited == []


def test_that_the_draft_can_be_kept_for_later(office: Office) -> None:
    dialog = office.open_at_plan()

    dialog.close()
    assert dialog.question is not None
    office.press(dialog.question.buttons[1])

    assert office.connect_vendor.dialog is None
    assert find_integration(office.store, "PagerDuty users").state is IntegrationState.DRAFT
    assert office.desk.frame.visited == [("integrations", None)]


def test_that_the_safe_answer_goes_on(office: Office) -> None:
    dialog = office.open_at_check()
    dialog.reject()
    assert dialog.question is not None

    office.qtbot.keyClick(dialog.question, Qt.Key.Key_Escape)

    assert dialog.isVisible()
    assert dialog.question is None
    assert dialog.step is dialog.check


def test_that_a_launched_integration_is_not_taken_back(office: Office) -> None:
    dialog = office.open_at_plan()
    office.press(dialog.next_button)
    office.qtbot.waitUntil(lambda: dialog.step is dialog.launch)

    office.press(dialog.cancel_button)

    assert office.connect_vendor.dialog is None
    assert find_integration(office.store, "PagerDuty users").state is IntegrationState.ACTIVE


def test_that_going_back_keeps_what_was_entered(office: Office) -> None:
    dialog = office.open_at_integration()
    dialog.integration.name.setText("Another name")

    office.press(dialog.back_button)
    office.go_on()

    assert dialog.integration.name.text() == "Another name"


def test_that_a_changed_draft_is_saved_under_its_new_name_and_planned_anew(office: Office) -> None:
    dialog = office.open_at_plan()
    office.press(dialog.back_button)
    dialog.integration.name.setText("Renamed")

    office.press(dialog.next_button)
    office.qtbot.waitUntil(lambda: dialog.step is dialog.plan and dialog.plan.can_go_on)

    assert [integration.name for integration in list_integrations(office.store)] == ["Renamed"]


def test_that_the_focus_is_never_lost_between_steps(office: Office) -> None:
    dialog = office.open_at_key()

    focus: QWidget | None = dialog.focusWidget()

    assert focus is dialog.key.key


def test_that_stop_gives_the_form_back_within_moments(office: Office) -> None:
    office.simulator.faults.add(Fault(FaultKind.HANG, amount=30))
    dialog = office.open_at_key()
    office.enter_key()
    office.press(dialog.next_button)
    office.qtbot.waitUntil(lambda: office.count("credential") == 1 and dialog.is_busy)

    office.press(dialog.cancel_button)

    office.qtbot.waitUntil(lambda: not dialog.is_busy)
    assert dialog.step is dialog.key
    assert dialog.isVisible()
    assert dialog.busy_text.text() == "Stopped."
