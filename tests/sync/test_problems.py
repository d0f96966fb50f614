"""Four hundred records with one cause are one problem, and the line of the mapping at fault is found."""

from saasdesk.fields import ObjectKind
from saasdesk.mapping.editing import Place
from saasdesk.sync.integration import IntegrationDocument
from saasdesk.sync.problems import grouped
from saasdesk.sync.rows import SessionError

DOCUMENT = IntegrationDocument.model_validate(
    {
        "name": "PagerDuty users",
        "connector": "pagerduty",
        "map": [
            {"source": "email", "target": "email", "sync_key": 1},
            {"source": "name", "target": "name"},
            {"source": "job_title", "target": "name_tag"},
        ],
    }
)
LABELS = {("people", "email"): "Email", ("people", "name"): "Name", ("people", "name_tag"): "Name Tag"}


def error(cause: str, message: str, *, accepted: bool = False, number: int = 1) -> SessionError:
    return SessionError(f"P{number}", f"User {number}", cause, message, accepted)


def place(target: str) -> Place:
    return Place(ObjectKind.PEOPLE, target)


def test_that_many_records_with_one_cause_are_one_group() -> None:
    errors = [error("mapping", f"Name Tag: “{n}” is not a whole number", number=n) for n in range(400)]
    errors.append(error("mapping", "Name: the text has 300 characters; 256 fit"))

    groups = grouped(errors, DOCUMENT, LABELS)

    assert [(group.place, len(group.errors)) for group in groups] == [(place("name_tag"), 400), (place("name"), 1)]


def test_that_what_claims_one_person_is_about_the_sync_key() -> None:
    (group,) = grouped([error("duplicate", "2 PagerDuty users share e-mail x; neither was changed.")], DOCUMENT, LABELS)

    assert group.place == place("email")


def test_that_what_was_accepted_comes_last_and_is_settled() -> None:
    errors = [error("duplicate", "x", accepted=True, number=n) for n in range(9)] + [error("shape", "no id")]

    groups = grouped(errors, DOCUMENT, LABELS)

    assert [(group.cause, group.is_settled) for group in groups] == [("shape", False), ("accepted", True)]


def test_that_a_deleted_integration_has_no_line_at_fault() -> None:
    assert grouped([error("mapping", "Name: x")], None, LABELS)[0].place is None


def test_that_what_shares_a_unique_value_is_about_the_field_that_has_it() -> None:
    message = "3 PagerDuty users share Name Tag Name 7; none of them was changed."

    (group,) = grouped([error("duplicate", message)], DOCUMENT, LABELS)

    assert group.place == place("name_tag")
