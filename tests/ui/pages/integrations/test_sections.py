"""The sections of an integration, each changed in its own form."""

from typing import TypeVar
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtCore import Qt, QTime
from PySide6.QtWidgets import QApplication, QLineEdit, QRadioButton
from pytestqt.qtbot import QtBot

from saasdesk.credentials import Credential
from saasdesk.sync import integrations
from saasdesk.sync.integration import IntegrationDocument
from saasdesk.ui.dialogs.credential.add_dialog import AddCredentialDialog
from saasdesk.ui.pages.integrations.editing.credential_dialog import CredentialDialog
from saasdesk.ui.pages.integrations.editing.details_dialog import DetailsDialog
from saasdesk.ui.pages.integrations.editing.installation_choice import InstallationChoice
from saasdesk.ui.pages.integrations.editing.rules_dialog import RulesDialog
from saasdesk.ui.pages.integrations.editing.schedule_dialog import ScheduleDialog
from saasdesk.ui.pages.integrations.editing.section_dialog import SectionDialog
from saasdesk.ui.pages.integrations.integration_page import IntegrationPage
from saasdesk.ui.pages.software import SoftwarePage
from saasdesk.ui.schedule_form import ScheduleForm, day_of_slot
from saasdesk.ui.widgets.buttons import LinkButton
from saasdesk.workflows import workflows
from saasdesk.workflows.graph import document_from
from saasdesk.workflows.workflow import WorkflowState
from tests.ui.pages.conftest import Whole
from tests.ui.pages.people.desk import light_theme

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

Form = TypeVar("Form", bound=SectionDialog)


@pytest.fixture
def first_page() -> str:
    return "start"


def document(whole: Whole) -> IntegrationDocument:
    (integration,) = integrations.list_integrations(whole.office.store)
    return integration.document


def edit(whole: Whole, section: str, kind: type[Form]) -> Form:
    whole.show("integration", 1)
    page = whole.window.findChild(IntegrationPage)
    assert page is not None
    # What was saved a moment ago has to be on the page before a form is made of it.
    whole.wait(lambda: page._integration is not None and page._integration.document == document(whole))
    assert page._integration is not None
    getattr(page._sections, f"edit_{section}")(page._integration)

    def form() -> Form | None:
        return next((w for w in QApplication.topLevelWidgets() if isinstance(w, kind) and w.isVisible()), None)

    whole.wait(lambda: form() is not None)
    found = form()
    assert found is not None
    return found


def update(whole: Whole, form: SectionDialog) -> None:
    whole.qtbot.mouseClick(form.update_button, Qt.MouseButton.LeftButton)


def test_that_details_are_changed_and_the_page_shows_them(whole: Whole) -> None:
    form = edit(whole, "details", DetailsDialog)
    form.name.setText("PagerDuty EU")
    form.preference.setCurrentIndex(2)
    form.deactivate.setChecked(True)
    form.percent.setValue(15)
    form.contacts.setText("it@example.com, helpdesk@example.com")

    update(whole, form)

    whole.wait(lambda: document(whole).name == "PagerDuty EU")
    saved = document(whole)
    assert (saved.preference, saved.deactivate, saved.deactivate_limit_percent) == ("update_only", True, 15)
    assert saved.contacts == ("it@example.com", "helpdesk@example.com")


def said_under(form: DetailsDialog, key: str) -> str:
    error, _ = form.places[key]
    return error.message if error.isVisible() else ""


def test_that_a_name_without_letters_is_refused_and_nothing_is_lost(whole: Whole) -> None:
    form = edit(whole, "details", DetailsDialog)
    form.name.setText("   ")
    form.contacts.setText("it@example.com")

    update(whole, form)

    assert form.isVisible()
    assert said_under(form, "name") == "An integration needs a name."
    assert QApplication.focusWidget() is form.name
    assert form.contacts.text() == "it@example.com"
    form.reject()


def test_that_a_contact_that_is_no_address_is_said_under_its_field(whole: Whole) -> None:
    form = edit(whole, "details", DetailsDialog)
    form.contacts.setText("it@example.com, helpdesk")

    update(whole, form)

    whole.wait(lambda: said_under(form, "contacts"))
    assert "“helpdesk” is no e-mail address" in said_under(form, "contacts")
    form.contacts.setText("it@example.com; helpdesk@example.com")
    update(whole, form)
    whole.wait(lambda: document(whole).contacts == ("it@example.com", "helpdesk@example.com"))


def test_that_the_integration_user_is_kept_and_the_page_shows_it(whole: Whole) -> None:
    form = edit(whole, "details", DetailsDialog)
    assert form.acts_as.placeholderText() == document(whole).name
    form.acts_as.setText(" Sync Robot ")

    update(whole, form)

    whole.wait(lambda: document(whole).integration_user == "Sync Robot")


@pytest.mark.parametrize(
    ("typed", "note", "name"),
    [
        ("pagerduty", "It is here", "PagerDuty"),
        ("Jira Software", "In the software catalogue: Jira · Atlassian · Project management", "Jira"),
        ("On-call EU", "The software catalogue does not know it", "On-call EU"),
        ("", "It is here", "PagerDuty"),
    ],
)
def test_that_the_application_says_what_it_is_and_is_settled_on_saving(
    whole: Whole, typed: str, note: str, name: str
) -> None:
    form = edit(whole, "details", DetailsDialog)
    form.application.combo.setEditText(typed)
    form.acts_as.setText("Sync Robot")

    assert form.application.note.startswith(note)
    update(whole, form)

    whole.wait(lambda: document(whole).integration_user == "Sync Robot")
    assert document(whole).application_name == name
    assert (name,) in whole.office.rows("SELECT name FROM saas_application")


def test_that_the_details_lead_to_the_application(whole: Whole) -> None:
    whole.show("integration", 1)
    page = whole.window.findChild(IntegrationPage)
    assert page is not None
    whole.wait(lambda: page._integration is not None)
    link = next(each for each in page.findChildren(LinkButton) if each.text() == "PagerDuty")

    whole.qtbot.mouseClick(link, Qt.MouseButton.LeftButton)

    software = whole.window.findChild(SoftwarePage)
    assert software is not None
    whole.wait(lambda: software.view is not None and software.view.header.title.text() == "PagerDuty")


def test_that_typing_a_part_of_a_name_finds_applications(whole: Whole) -> None:
    form = edit(whole, "details", DetailsDialog)
    completer = form.application.combo.completer()
    assert completer is not None
    completer.setCompletionPrefix("teams")

    found = {completer.completionModel().index(row, 0).data() for row in range(completer.completionCount())}

    assert "Microsoft Teams" in found
    form.reject()


def test_that_cloud_oauth_and_aws_are_shown_and_cannot_be_taken(whole: Whole) -> None:
    form = edit(whole, "details", DetailsDialog)
    buttons = form.findChild(InstallationChoice).findChildren(QRadioButton)  # type: ignore[union-attr]  # it is there

    assert [(button.text(), button.isEnabled()) for button in buttons] == [
        ("Local", True),
        ("Cloud", False),
        ("OAuth", False),
        ("AWS", False),
    ]
    assert all("Not offered: " in button.accessibleDescription() for button in buttons[1:])
    form.reject()


def test_that_a_full_hundred_percent_is_warned_of(whole: Whole) -> None:
    form = edit(whole, "details", DetailsDialog)
    form.deactivate.setChecked(True)
    assert not form._warning.isVisible()

    form.percent.setValue(100)

    assert form._warning.isVisible()
    form.reject()


def launch_role_workflow(whole: Whole, name: str, preset: str) -> None:
    office = whole.office
    wanted = document_from(
        {
            "name": name,
            "object": "saas_users",
            "block": [
                {"id": "begin", "kind": "begin"},
                {"id": "role", "kind": "saas_user_role", "settings": {"preset": preset, "credential": "pd key"}},
                {"id": "done", "kind": "end"},
            ],
            "link": [{"from": "begin", "outlet": "next", "to": "role"}, {"from": "role", "to": "done"}],
        },
        "the test",
    )
    workflows.launch(office.store, office.vault, workflows.save_workflow(office.store, wanted))


def test_that_deactivate_names_the_workflow_it_makes_needless_and_pauses_it(whole: Whole) -> None:
    launch_role_workflow(whole, "PagerDuty roles", "pagerduty_saas_user_role")
    form = edit(whole, "details", DetailsDialog)
    form.deactivate.setChecked(False)
    assert not form.needless.isVisible()

    form.deactivate.setChecked(True)

    assert form.needless.isVisible()
    assert "“PagerDuty roles”" in form.needless.lines["PagerDuty roles"].text()
    whole.qtbot.mouseClick(form.needless.buttons["PagerDuty roles"], Qt.MouseButton.LeftButton)
    whole.wait(lambda: "is paused" in form.needless.lines["PagerDuty roles"].text())
    assert workflows.find_workflow(whole.office.store, "PagerDuty roles").state is WorkflowState.PAUSED
    form.reject()


def test_that_no_workflow_is_named_where_none_looks_up_roles(whole: Whole) -> None:
    form = edit(whole, "details", DetailsDialog)

    form.deactivate.setChecked(True)

    assert not form.needless.isVisible()
    form.reject()


def test_that_archived_records_are_restored_by_the_rules(whole: Whole) -> None:
    form = edit(whole, "rules", RulesDialog)
    form.restore.setChecked(True)

    update(whole, form)

    whole.wait(lambda: document(whole).restore_archived)
    assert document(whole).filters == ()


def test_that_a_schedule_shows_its_next_runs_and_is_kept(whole: Whole) -> None:
    form = edit(whole, "schedule", ScheduleDialog)
    form.form.every.setCurrentIndex(form.form.every.findData("week"))
    for day, box in form.form.days.items():
        box.setChecked(day in {"tuesday", "friday"})
    form.form.at.setTime(QTime(2, 30))
    form.form.zone.setCurrentText("Europe/Dublin")
    # Wherever this computer stands: what is said is in its time, what is meant in Dublin's.
    in_dublin = {f"{slot.astimezone(ZoneInfo('Europe/Dublin')):%a %H:%M}" for slot in form.form.next_slots}
    assert in_dublin == {"Tue 02:30", "Fri 02:30"}
    assert form.form.next_runs == tuple(map(day_of_slot, form.form.next_slots))
    assert len(form.form.next_runs) == 5

    update(whole, form)

    whole.wait(lambda: document(whole).schedule.every == "week")
    schedule = document(whole).schedule
    assert (schedule.at, schedule.timezone, schedule.days) == ("02:30", "Europe/Dublin", ("tuesday", "friday"))


def test_that_a_week_begins_with_one_day_and_runs_on_those_that_are_ticked(whole: Whole) -> None:
    form = edit(whole, "schedule", ScheduleDialog)

    form.form.every.setCurrentIndex(form.form.every.findData("week"))

    assert [day for day, box in form.form.days.items() if box.isChecked()] == ["monday"]
    for box in form.form.days.values():
        box.setChecked(True)
    assert len(form.form.schedule().days) == 7
    form.form.every.setCurrentIndex(form.form.every.findData("day"))
    assert form.form.schedule().days == ()
    form.reject()


def test_that_any_number_of_minutes_or_hours_is_kept_and_one_too_small_is_refused_in_a_sentence(whole: Whole) -> None:
    form = edit(whole, "schedule", ScheduleDialog)
    every, count = form.form.every, form.form.count
    assert not count.isVisible()

    every.setCurrentIndex(every.findData("minute"))
    assert count.isVisible()
    assert not form.form.at.isVisible()
    assert not form.form.day.isVisible()
    count.setValue(14)
    assert form.form.next_runs == ("The shortest interval is 15 minutes.",)
    update(whole, form)
    assert form.isVisible()
    count.setValue(1440)
    assert form.form.schedule().every == "1440 minutes"
    every.setCurrentIndex(every.findData("hour"))
    assert count.value() == 6
    count.setValue(7)
    update(whole, form)

    whole.wait(lambda: document(whole).schedule.every == "7 hours")
    again = ScheduleForm(whole.desk.theme, document(whole).schedule)
    whole.qtbot.addWidget(again)
    assert (again.every.currentData(), again.count.value()) == ("hour", 7)


def test_that_a_time_that_the_clocks_skip_or_show_twice_is_said(whole: Whole) -> None:
    form = edit(whole, "schedule", ScheduleDialog)
    form.form.zone.setCurrentIndex(form.form.zone.findData("Europe/Berlin"))
    assert not form.form.odd.isVisible()

    form.form.at.setTime(QTime(2, 30))

    assert "the clocks skip 02:30: that run begins at 03:00." in form.form.odd.text()
    assert "the clocks show 02:30 twice: it runs the first time." in form.form.odd.text()
    form.form.every.setCurrentIndex(form.form.every.findData("hour"))
    assert not form.form.odd.isVisible()
    form.reject()


def test_that_a_schedule_that_never_runs_is_refused(whole: Whole) -> None:
    form = edit(whole, "schedule", ScheduleDialog)
    form.form.quiet.on.setChecked(True)
    assert form.form.next_runs[0].startswith("The time lies in the quiet time")

    update(whole, form)

    assert form.isVisible()
    form.form.quiet.begin.setTime(QTime(10, 0))
    update(whole, form)
    whole.wait(lambda: document(whole).schedule.not_between == ("10:00", "18:00"))


def test_that_rules_are_tried_on_the_records_of_the_last_run(whole: Whole) -> None:
    whole.office.run()
    form = edit(whole, "rules", RulesDialog)
    form.only_if.setChecked(True)
    (row,) = form.group.conditions
    row.field.setCurrentText("Role")
    row.operator.setCurrentIndex(row.operator.findData("equals"))
    line = row.value.first
    assert isinstance(line, QLineEdit)
    line.setText("limited_user")

    truth = whole.office.simulator.truth("pagerduty")
    taken = sum(1 for account in truth if account.role == "limited_user")
    # Before the line was typed all of them matched, or none.
    whole.wait(lambda: form.outcome.text().startswith(f"{taken} of 60 match"))
    form.show_left_out.setChecked(True)
    assert len(form.left_out.toPlainText().splitlines()) == 60 - taken

    update(whole, form)
    whole.wait(lambda: len(document(whole).filters) == 1)
    assert document(whole).filters[0].value == "limited_user"


def test_that_rules_are_tried_before_the_first_run_on_records_that_are_read_for_it(whole: Whole) -> None:
    form = edit(whole, "rules", RulesDialog)
    whole.wait(lambda: "no records at hand" in form.outcome.text())

    whole.qtbot.mouseClick(form.read, Qt.MouseButton.LeftButton)

    whole.wait(lambda: form.outcome.text() == "50 of 50 match")
    assert not form.read.isVisible()
    form.reject()


def test_that_the_rules_say_why_no_records_were_read(whole: Whole) -> None:
    whole.office.vault.delete("pd key", used_by=lambda _name: (), force=True)
    form = edit(whole, "rules", RulesDialog)
    whole.wait(lambda: "no records at hand" in form.outcome.text())

    whole.qtbot.mouseClick(form.read, Qt.MouseButton.LeftButton)

    whole.wait(form.read.isEnabled)
    assert "“pd key”" in form.outcome.text()
    form.reject()


def test_that_groups_stand_in_each_other_and_come_back_as_they_were(whole: Whole) -> None:
    form = edit(whole, "rules", RulesDialog)
    form.only_if.setChecked(True)
    form.group.conditions[0].operator.setCurrentIndex(form.group.conditions[0].operator.findData("is_not_empty"))
    inner = form.group.add_group()
    inner.conditions[0].operator.setCurrentIndex(inner.conditions[0].operator.findData("is_empty"))
    inner.add_condition()
    inner.conditions[1].operator.setCurrentIndex(inner.conditions[1].operator.findData("is_empty"))

    update(whole, form)

    whole.wait(lambda: len(document(whole).filters) == 2)
    again = edit(whole, "rules", RulesDialog)
    assert again.rules() == document(whole).filters
    assert document(whole).filters[1].any is not None
    again.reject()


def test_that_an_unfinished_condition_is_named(whole: Whole) -> None:
    form = edit(whole, "rules", RulesDialog)
    form.only_if.setChecked(True)

    update(whole, form)

    assert form.isVisible()
    assert form._banner.text == "Id: “contains” needs a value; “is empty” finds what has none."
    form.reject()


def test_that_another_credential_is_chosen(whole: Whole) -> None:
    form = edit(whole, "credential", CredentialDialog)
    assert form.credential.currentText() == document(whole).credential
    form.credential.setCurrentIndex(0)

    update(whole, form)

    whole.wait(lambda: document(whole).credential == "")


@pytest.mark.parametrize(("vendor", "is_asked"), [("atlassian", True), ("pagerduty", False)])
def test_that_a_directorys_keys_are_offered_apart_where_the_vendor_has_one(
    qtbot: QtBot, qapp: QApplication, vendor: str, is_asked: bool
) -> None:
    directory = "directory" if is_asked else ""
    known = IntegrationDocument(name="x", connector=vendor, credential="key", directory_credential=directory)
    credentials = [
        Credential(name, name, vendor, "2026-11-21T10:00:00Z", kind=kind)
        for name, kind in (("key", "admin"), ("directory", "scim"), ("other", "scim"))
    ]
    form = CredentialDialog(light_theme(qapp), known, lambda _document, _then: None, credentials)
    qtbot.addWidget(form)

    assert form.changed_document() == known
    assert [form.credential.itemText(row) for row in range(form.credential.count())] == ["None chosen", "key"]
    assert form.directory.isVisibleTo(form) is is_asked
    if is_asked:
        form.directory.setCurrentIndex(2)
        assert form.changed_document().directory_credential == "other"


def test_that_a_new_credential_is_made_where_it_is_chosen(whole: Whole) -> None:
    form = edit(whole, "credential", CredentialDialog)
    whole.qtbot.mouseClick(form.new, Qt.MouseButton.LeftButton)
    whole.wait(lambda: form.findChild(AddCredentialDialog) is not None)
    dialog = form.findChild(AddCredentialDialog)
    assert dialog is not None
    whole.wait(lambda: dialog.step is dialog.permission)
    assert not dialog.back.isVisible()
    whole.qtbot.mouseClick(dialog.next, Qt.MouseButton.LeftButton)
    access, fields = whole.office.simulator.access()["pagerduty"], dialog.key.fields
    fields.region.setCurrentIndex(fields.region.count() - 1)
    fields.address.setText(access["base_url"])
    fields.key.setText(access["key"])
    whole.qtbot.mouseClick(dialog.next, Qt.MouseButton.LeftButton)
    whole.wait(lambda: dialog.step is dialog.check and not dialog.is_busy)
    whole.qtbot.mouseClick(dialog.next, Qt.MouseButton.LeftButton)

    whole.wait(lambda: form.credential.currentText() == "PagerDuty key")
    assert form.scope.isVisible()
    update(whole, form)

    whole.wait(lambda: document(whole).credential == "PagerDuty key")


def test_that_the_chosen_credential_is_tested_where_it_is_chosen(whole: Whole) -> None:
    form = edit(whole, "credential", CredentialDialog)
    assert not form.scope.isVisible()

    whole.qtbot.mouseClick(form.test, Qt.MouseButton.LeftButton)

    whole.wait(form.scope.isVisible)
    assert form.credential.currentText() == "pd key"
    form.reject()


def test_that_a_test_run_makes_a_session_marked_so_and_writes_no_record(whole: Whole) -> None:
    whole.show("integration", 1)
    page = whole.window.findChild(IntegrationPage)
    assert page is not None
    whole.wait(lambda: page._integration is not None)
    first, hundred, everything = page.test.menu().actions()
    assert (first.text(), hundred.text(), everything.text()) == (
        "The first 10 records",
        "The first 100 records",
        "All records",
    )

    first.trigger()

    sql = "SELECT kind, status, json_extract(counts, '$.fetched'), message FROM sync_session WHERE finished_at > ''"
    whole.wait(lambda: whole.office.rows(sql))
    message = "The first 10 records were tried; nothing was written."
    assert whole.office.rows(sql) == [("test", "completed", 10, message)]
    assert whole.office.value("SELECT count(*) FROM person") == 0
