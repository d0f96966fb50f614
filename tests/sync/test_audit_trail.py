"""P16: whatever an admin changes of integrations, credentials, variables, fields and settings is in the audit log."""

from collections.abc import Callable

import pytest

from saasdesk.errors import UserError
from saasdesk.notices import outbox
from saasdesk.store.audit import verify
from saasdesk.store.variables import delete_variable, set_variable
from saasdesk.sync import integrations, plans, sessions
from tests.sync.conftest import NAME, Office
from tests.sync.test_safeguards import leave

Deed = Callable[[Office], object]


def found(office: Office):  # type: ignore[no-untyped-def]
    return integrations.find_integration(office.store, NAME)


def change(office: Office, **values: object) -> None:
    integrations.save_integration(office.store, found(office).document.model_copy(update=values))


def credential(office: Office, **options: object) -> None:
    office.vault.set("second key", office.connector, "u+abcdefghijklmnop", **options)  # type: ignore[arg-type]


DEEDS: dict[str, Deed] = {
    "integration.changed": lambda office: change(office, contacts=("it@example.com",)),
    "integration.paused": lambda office: integrations.pause(office.store, found(office)),
    "integration.launched": lambda office: integrations.launch(office.store, found(office), office.vault.known()),
    "integration.deleted": lambda office: integrations.delete_integration(office.store, found(office)),
    "integration.run": lambda office: office.run(),
    "credential.added": credential,
    "setting.changed": lambda office: office.store.save_setting("smtp_host", "smtp.example.com"),
    "variable.set": lambda office: set_variable(office.store, "Company", "Example"),
    "password.set": lambda office: office.vault.place(outbox.PASSWORD).set("correct-horse-battery"),
}


def actions(office: Office) -> list[str]:
    return [str(action) for (action,) in office.rows("SELECT action FROM audit ORDER BY id")]


@pytest.mark.parametrize("action", sorted(DEEDS))
def test_p16_that_a_deed_of_the_admin_is_one_row_more(office: Office, action: str) -> None:
    office.integrate()
    before = actions(office)

    DEEDS[action](office)

    assert actions(office)[len(before) :] == [action]
    assert verify(office.store) == []


def test_p16_that_what_is_taken_away_is_on_record_too(office: Office) -> None:
    office.integrate()
    credential(office)
    set_variable(office.store, "Company", "Example")
    before = len(actions(office))

    office.vault.delete("second key", used_by=lambda _: ())
    delete_variable(office.store, "Company")
    office.vault.place(outbox.PASSWORD).forget()

    assert actions(office)[before:] == [
        "credential.removal_begun", "credential.removed", "variable.deleted", "password.removed",
    ]  # fmt: skip


def test_p16_that_decisions_about_held_plans_and_sessions_are_on_record(office: Office) -> None:
    office.integrate()
    office.run()
    leave(office, 30)
    held = office.run()
    plans.approve(office.store, held.plan or 0, 30)
    approval = int(str(office.value("SELECT max(id) FROM sync_session")))
    sessions.undo_deactivations(office.store, approval)

    assert actions(office)[-3:] == ["integration.run", "plan.approved", "session.undone"]
    assert verify(office.store) == []


def test_p16_that_a_failed_save_leaves_neither_change_nor_row(office: Office) -> None:
    office.integrate()
    before = actions(office)

    with pytest.raises(UserError, match="is not bound to elsewhere"):
        change(office, inputs={"base_url": "https://elsewhere.example.com"})

    assert actions(office) == before
    assert "base_url" not in found(office).document.inputs


def test_p16_that_no_secret_is_in_the_log(office: Office) -> None:
    office.integrate()
    credential(office)
    office.vault.place(outbox.PASSWORD).set("correct-horse-battery")

    written = "".join(str(row) for row in office.rows("SELECT detail, subject FROM audit"))

    assert "abcdefghijklmnop" not in written
    assert "correct-horse" not in written
