"""Starters: each can be launched as it is once its credentials are chosen, and does what it says."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from saasdesk.connectors import CONNECTORS
from saasdesk.credentials import Credential
from saasdesk.errors import UserError
from saasdesk.fields import ObjectKind
from saasdesk.workflows.blocks import World
from saasdesk.workflows.planning import plan_workflow
from saasdesk.workflows.starters import find_starter, list_starters
from saasdesk.workflows.validation import problems_of
from saasdesk.workflows.workflows import world_of
from tests.workflows.conftest import Workshop

KEYS = [starter.key for starter in list_starters()]


def credential(vendor: str, name: str = "", permission: str = "act") -> Credential:
    connector = CONNECTORS[vendor]
    inputs = {known.key: "4711" for known in connector.inputs if known.required}
    return Credential(
        f"{vendor} {name}", name or f"{vendor} key", vendor, "2026-01-01T00:00:00Z", permission=permission,
        inputs=inputs,
    )  # fmt: skip


def everybody() -> list[Credential]:
    return [credential(vendor) for vendor in ("atlassian", "jetbrains", "jumpcloud", "pagerduty")]


def world(workshop: Workshop, kind: ObjectKind, credentials: Sequence[Credential]) -> World:
    """What there is once every vendor's integration has been set up."""
    known = world_of(workshop.store, workshop.vault, kind)
    made = {row.target for connector in CONNECTORS.values() for row in connector.default_mapping}
    some = next(iter(known.fields.values()))
    fields = {**dict.fromkeys(made, some), **known.fields}
    accounts = {**dict.fromkeys(made, some), **world_of(workshop.store, workshop.vault, ObjectKind.SAAS_USERS).fields}
    return replace(known, fields=fields, account_fields=accounts, credentials={each.name: each for each in credentials})


def test_that_every_starter_can_be_launched_once_its_credentials_are_there(workshop: Workshop) -> None:
    for starter in list_starters():
        document = starter.copy(everybody())
        found = problems_of(document, world(workshop, document.record_kind, everybody()))
        assert found == [], (starter.key, found)


@pytest.mark.parametrize("key", KEYS)
def test_that_a_starter_says_what_it_does_and_where_its_blocks_stand(key: str) -> None:
    starter = find_starter(key)

    assert starter.vendors
    assert len(starter.description) > 80
    assert "\n" not in starter.description
    places = [block.position for block in starter.document.blocks]
    assert None not in places
    assert len(set(places)) == len(places)


def test_that_there_is_a_role_workflow_for_each_vendor() -> None:
    roles = {starter.vendors for starter in list_starters() if starter.document.of_kind("saas_user_role")}

    assert roles == {("Atlassian",), ("JetBrains",), ("JumpCloud",), ("PagerDuty",)}


def test_that_a_credential_is_filled_in_only_where_one_alone_can_be_meant() -> None:
    starter = find_starter("pagerduty_delete_idle")
    reading, acting = credential("pagerduty", "reads", "read"), credential("pagerduty", "acts")

    def chosen(*known: Credential) -> object:
        block = starter.copy(known, "Mine").block("delete")
        assert block is not None
        return block.settings.get("credential")

    assert chosen(reading, acting, credential("jumpcloud")) == "acts"
    assert chosen(reading) is None
    assert chosen(acting, credential("pagerduty", "acts too")) is None


def test_that_a_starter_that_is_not_there_is_named_with_those_that_are() -> None:
    with pytest.raises(UserError, match=r"There is no starter “x”\. There are: atlassian_roles"):
        find_starter("x")


def test_that_unknown_activity_is_never_idle_and_is_counted(workshop: Workshop) -> None:
    idle, unknown = workshop.addresses(2)
    workshop.write("UPDATE saas_user SET last_activity = datetime('now', '-10 days')")
    workshop.write("UPDATE saas_user SET last_activity = datetime('now', '-400 days') WHERE email = ?", idle)
    workshop.write("UPDATE saas_user SET last_activity = NULL WHERE email = ?", unknown)
    document = find_starter("pagerduty_delete_idle").copy(workshop.vault.list())

    plan = plan_workflow(workshop.store, workshop.vault, document)

    (way,) = plan.ways
    assert idle in way.names
    assert plan.unknown == 1
    assert (
        plan.unknown_sentence == "1 more record has no Last Activity: whether it fits is not known, and it is left out."
    )
    # Whoever runs it for a few is told of those few.
    (of_idle,) = (way.record for way in plan.ways)
    assert plan_workflow(workshop.store, workshop.vault, document, only=[of_idle]).unknown == 0
