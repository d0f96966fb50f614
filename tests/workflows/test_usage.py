"""Who uses a field or a variable."""

from saasdesk.fields import Field, FieldType, ObjectKind
from saasdesk.fields.configuration import Definition, create_field
from saasdesk.store.variables import set_variable
from saasdesk.workflows import workflows
from saasdesk.workflows.usage import users_of_field, users_of_variable
from tests.workflows.conftest import Workshop, document


def field(external_id: str) -> Field:
    return Field(ObjectKind.PEOPLE, external_id, external_id)


def test_that_a_workflow_uses_the_fields_of_its_rules_presets_and_texts(workshop: Workshop) -> None:
    workflows.save_workflow(workshop.store, document())

    assert users_of_field(workshop.store, field("role")) == ["PagerDuty users", "Leavers"]
    assert users_of_field(workshop.store, field("pager_duty_user_id")) == ["PagerDuty users", "Leavers"]
    assert users_of_field(workshop.store, field("phone")) == []


def test_that_a_word_inside_another_is_not_the_field(workshop: Workshop) -> None:
    made = create_field(workshop.store, ObjectKind.PEOPLE, FieldType.SHORT_TEXT, Definition("Duty"))
    workflows.save_workflow(workshop.store, document())

    assert users_of_field(workshop.store, made) == []


def test_that_a_workflow_uses_a_variable_that_its_texts_name(workshop: Workshop) -> None:
    set_variable(workshop.store, "Helpdesk", "it@example.com")
    blocks = document().model_dump(by_alias=True)["block"]
    tell = {"id": "delete", "kind": "notification", "settings": {"subject": "x", "to": ["{{ Helpdesk }}"]}}
    workflows.save_workflow(workshop.store, document(block=[blocks[0], tell, blocks[2]]))

    assert users_of_variable(workshop.store, "Helpdesk") == ["Leavers"]


def test_that_what_was_launched_still_uses_a_field_that_the_draft_gave_up(workshop: Workshop) -> None:
    workshop.launch()
    bare = {"id": "begin", "kind": "begin"}
    blocks = document().model_dump(by_alias=True)["block"]
    workflows.save_workflow(workshop.store, document(block=[bare, *blocks[1:]]))

    assert users_of_field(workshop.store, field("role")) == ["PagerDuty users", "Leavers"]
