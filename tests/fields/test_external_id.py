import pytest
from hypothesis import given
from hypothesis import strategies as st

from saasdesk.fields.external_id import RESERVED, canonical_id, external_id


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("JumpCloud User Id", "jump_cloud_user_id"),
        ("PagerDuty User ID", "pager_duty_user_id"),
        ("JetBrains License Id", "jet_brains_license_id"),
        ("Atlassian Last Active", "atlassian_last_active"),
        ("Invitation sent?", "invitation_sent"),
        ("  e-mail   address ", "e_mail_address"),
        ("HTTPServer", "http_server"),
        ("License IDs", "license_ids"),
        ("SaaS User Id", "saas_user_id"),
        ("2FA enabled", "field_2_fa_enabled"),
        ("a__key", "a_key"),
        ("User's desk", "users_desk"),
    ],
)
def test_that_an_external_id_splits_at_spaces_signs_and_inner_capitals(label: str, expected: str) -> None:
    assert external_id(label) == expected


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("Größe", "grosse"),
        ("Gro\u0308ße", "grosse"),
        ("École Supérieure", "ecole_superieure"),
        ("Łódź", "lodz"),
        ("Ærø", "aero"),
        ("STRAẞE", "strasse"),
    ],
)
def test_that_accents_fold_to_plain_letters(label: str, expected: str) -> None:
    assert external_id(label) == expected


@pytest.mark.parametrize("label", ["", "   ", "???", "部署", "Отдел"])
def test_that_a_label_without_a_latin_letter_still_gets_a_name(label: str) -> None:
    assert external_id(label) == "field"
    assert external_id(label, {"field"}) == "field_2"


def test_that_a_taken_name_gets_the_next_free_number() -> None:
    assert external_id("Cost Centre", {"cost_centre", "Cost_Centre_2"}) == "cost_centre_3"


@pytest.mark.parametrize(
    "label", ["Id", "Response", "Created At", "True", "Self", "If", "Rowid", "jjump cloud user id"]
)
def test_that_a_name_with_another_meaning_is_never_given(label: str) -> None:
    assert external_id(label) not in RESERVED
    assert external_id(label).endswith("_2")


def test_that_the_spelling_of_the_article_means_the_right_field() -> None:
    assert canonical_id("jjump_cloud_user_id") == "jump_cloud_user_id"
    assert canonical_id("jump_cloud_user_id") == "jump_cloud_user_id"


@given(st.text(max_size=120), st.sets(st.sampled_from(["field", "a", "name", "field_2", "id_2"])))
def test_that_any_label_gives_a_name_that_files_sql_and_templates_can_use(label: str, taken: set[str]) -> None:
    name = external_id(label, taken)

    assert name.isidentifier()
    assert name.isascii()
    assert name == name.lower()
    assert "__" not in name
    assert name not in RESERVED
    assert name not in taken
    assert len(name) <= 64


@given(st.lists(st.text(max_size=8), max_size=20))
def test_that_fields_made_one_after_the_other_never_share_a_name(labels: list[str]) -> None:
    taken: list[str] = []

    for label in labels:
        taken.append(external_id(label, taken))

    assert len(set(taken)) == len(labels)
