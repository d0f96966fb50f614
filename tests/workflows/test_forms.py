"""The forms of blocks: what the window shows for settings that are there, half filled or not at all."""

from dataclasses import replace
from pathlib import Path

import pytest

from saasdesk.connectors import Danger
from saasdesk.workflows.blocks import KINDS
from saasdesk.workflows.blocks.form import FieldKind, FormField
from saasdesk.workflows.graph import WorkflowDocument
from saasdesk.workflows.validation import Severity, problems_of
from tests.workflows.conftest import DELETE, document
from tests.workflows.test_graph import BEGIN, END, WAY, WORLD, drawn

ICONS = Path(__file__).parents[2] / "resources" / "icons"


def form_of(kind: str, **settings: object) -> dict[str, FormField]:
    return {field.key: field for field in KINDS[kind].form(settings, document(), WORLD)}


@pytest.mark.parametrize("kind", KINDS)
def test_that_a_kind_stands_in_the_palette_and_has_a_form_for_every_setting(kind: str) -> None:
    known = KINDS[kind]

    assert (ICONS / f"{known.icon}.svg").is_file()
    assert known.group
    assert set(form_of(kind)) <= set(known.settings_type.model_fields)
    assert all(field.label for field in form_of(kind).values())


def test_that_a_preset_shows_only_the_inputs_and_the_credentials_that_it_takes() -> None:
    bare, chosen = form_of("api"), form_of("api", preset="jumpcloud_delete_user")

    assert "inputs" not in bare
    assert {choice.value for choice in bare["credential"].choices} == {"pd key", "reader", "jc key"}
    assert [part.key for part in chosen["inputs"].parts] == ["cascade_manager"]
    assert [choice.value for choice in chosen["credential"].choices] == ["jc key"]
    assert chosen["preset"].link.startswith("https://")


def test_that_begin_asks_for_a_schedule_and_for_fields_only_where_they_count() -> None:
    assert set(form_of("begin")) == {"actions", "run_for", "criteria"}
    assert set(form_of("begin", actions=["schedule", "edited"])) >= {"schedule", "fields"}
    assert form_of("begin", actions=["schedule"])["schedule"].kind is FieldKind.SCHEDULE


def test_that_a_block_says_what_it_does_to_the_vendor() -> None:
    api = KINDS["api"]

    assert api.danger({"preset": DELETE}, WORLD) is Danger.DESTROYS
    assert api.danger({}, WORLD) is None


def half_filled(kind: str) -> WorkflowDocument:
    return drawn(BEGIN, {"id": "delete", "kind": kind}, END, links=WAY)


def test_that_a_problem_names_its_block_and_what_would_mend_it() -> None:
    told = {problem.message: problem for problem in problems_of(half_filled("api"), WORLD)}
    gone = drawn(
        BEGIN,
        {"id": "delete", "kind": "api", "settings": {"preset": DELETE, "credential": "gone"}},
        links=[WAY[0]],
    )
    others = {problem.fix: problem for problem in problems_of(gone, WORLD)}

    assert [(each.block, each.fix, each.subject) for each in told.values()] == [("delete", "fill_in", "preset")]
    assert (others["choose_credential"].block, others["choose_credential"].subject) == ("delete", "credential")
    assert (others["add_end"].block, others["add_end"].severity) == (None, Severity.ERROR)
    assert others["connect_outlet"].subject == "success"


def test_that_a_template_that_names_a_field_that_is_gone_is_told_with_the_setting() -> None:
    wanted = drawn(
        BEGIN,
        {"id": "delete", "kind": "update", "settings": {"values": {"name": "{{ nick_name }}"}}},
        END,
        links=WAY,
    )

    (problem,) = problems_of(wanted, WORLD)

    assert problem.message == ("The value of name speaks of nick_name, which is no field of people and no variable.")
    assert problem.subject == "values.name"


def test_that_writing_a_field_that_is_not_editable_by_hand_is_said_and_keeps_nothing_from_being_launched() -> None:
    locked = replace(WORLD, fields={**WORLD.fields, "email": replace(WORLD.fields["email"], editable=False)})
    update = {"id": "delete", "kind": "update", "settings": {"values": {"email": "x@example.com"}}}

    (told,) = problems_of(drawn(BEGIN, update, END, links=WAY), locked)

    assert told.severity is Severity.WARNING
    assert told.message == "Email is not editable by hand; this workflow writes it all the same."


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("conditional", "There is no branch yet."),
        ("update", "No field is set yet."),
        ("delay", "How long it waits is not said yet."),
        ("set_variable", "Name is missing."),
    ],
)
def test_that_what_is_not_filled_in_yet_is_said_as_people_say_it(kind: str, sentence: str) -> None:
    assert sentence in [problem.message for problem in problems_of(half_filled(kind), WORLD)]


def test_that_a_chosen_preset_brings_its_credential_where_only_one_can_be_meant() -> None:
    take = KINDS["api"].taken_over
    chosen = {"preset": DELETE, "credential": "jc key"}

    assert take(chosen, "preset", WORLD)["credential"] == "pd key"
    assert take({"preset": "pagerduty_saas_user_role"}, "preset", WORLD) == {"preset": "pagerduty_saas_user_role"}
    assert take(chosen, "credential", WORLD) == chosen
