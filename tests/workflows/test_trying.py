"""A block tried on a record while its workflow is still half drawn."""

from dataclasses import replace
from typing import Any

from saasdesk.fields import ObjectKind
from saasdesk.workflows import editing
from saasdesk.workflows.record import RecordView
from saasdesk.workflows.trying import Trial, try_block
from tests.workflows.test_graph import WORLD

ANN = RecordView(
    ObjectKind.PEOPLE, 7, "Ann", {"email": "ann@example.com", "role": "admin", "pager_duty_user_id": "PANN1"}, True
)


def tried(kind: str, record: RecordView = ANN, **settings: Any) -> Trial:
    document, block = editing.add_block(editing.new_document("Leavers", "people"), kind, settings=settings)
    return try_block(document, block, WORLD, record)


def test_that_the_request_is_shown_with_the_records_values_and_without_the_key() -> None:
    trial = tried("api", preset="pagerduty_delete_user", credential="pd key")

    assert trial.requests == ("DELETE api.pagerduty.com/users/PANN1",)
    assert trial.problem == ""


def test_that_what_a_record_lacks_is_said() -> None:
    nobody = RecordView(ObjectKind.PEOPLE, 8, "Ben", {"email": "ben@example.com"}, True)

    trial = tried("api", nobody, preset="pagerduty_delete_user", credential="pd key")

    assert "Pager_Duty_User_Id is empty on Ben" in trial.problem
    assert trial.requests == ()


def test_that_a_change_is_shown_from_what_is_to_what_would_be() -> None:
    trial = tried("update", values={"role": "was {{ role }}"})

    (change,) = trial.changes
    assert (change.before, change.after) == ("admin", "was admin")


def test_that_half_filled_settings_are_a_problem_and_not_the_end() -> None:
    assert tried("api").problem
    document = editing.new_document("Leavers", "people")
    assert "cannot be tried" in try_block(document, "gone", WORLD, ANN).problem


def test_that_what_blocks_before_set_is_known_to_the_block() -> None:
    document = editing.new_document("Leavers", "people")
    document, before = editing.add_block(
        document, "set_variable", after=("begin", "next"), settings={"name": "why", "value": "left: {{ role }}"}
    )
    document, block = editing.add_block(
        document, "update", after=(before, "success"), settings={"values": {"role": "{{ why }}"}}
    )

    (change,) = try_block(document, block, WORLD, ANN).changes

    assert change.after == "left: admin"


def test_that_a_block_for_each_account_is_tried_on_an_account() -> None:
    account = RecordView(ObjectKind.SAAS_USERS, 70, "ann in PagerDuty", {"email": "ann@work.example.com"}, True)
    world = replace(WORLD, account_fields=WORLD.fields, accounts_of=lambda person: [account] if person == 7 else [])
    document = editing.new_document("Leavers", "people")
    document, each = editing.add_block(document, "for_each_account", after=("begin", "next"))
    document, block = editing.add_block(
        document, "notification", after=(each, "each"), settings={"subject": "{{ email }}"}
    )

    assert "ann@work.example.com" in try_block(document, block, world, ANN).message
    nobody = RecordView(ObjectKind.PEOPLE, 8, "Ben", {"email": "ben@example.com"}, True)
    assert "no active account" in try_block(document, block, world, nobody).problem
