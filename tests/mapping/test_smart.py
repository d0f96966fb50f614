"""What smart mapping proposes: for the known vendors and for invented ones, with labels alone and with values."""

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from saasdesk.connectors import CONNECTORS
from saasdesk.fields import Field, FieldType, ObjectKind
from saasdesk.mapping import compile_path
from saasdesk.mapping.smart import Band, Choice, Source, Suggestion, suggest
from saasdesk.simulator.control import Simulator
from saasdesk.sync.samples import read_records
from tests.mapping.golden import INVENTED, TARGETS, Golden, declared, sources_of
from tests.sync.conftest import Office

OURS = tuple(sorted(CONNECTORS))
VENDORS = [CONNECTORS[key].title for key in OURS]


def propose(golden: Golden, values: Mapping[str, Sequence[object]]) -> dict[str, Suggestion]:
    others = [vendor for vendor in VENDORS if vendor != golden.vendor]
    found = suggest(sources_of(golden, values), TARGETS, vendor=golden.vendor, other_vendors=others)
    return {each.target: each for each in found}


def values_of(golden: Golden) -> dict[str, list[object]]:
    return {name: [record.get(name) for record in golden.records] for name, _, _ in golden.fields}


def wrong_among_the_sure(golden: Golden, found: Mapping[str, Suggestion]) -> dict[str, str]:
    return {
        target: each.source
        for target, each in found.items()
        if each.band is Band.HIGH and not golden.accepts(target, each.source)
    }


@pytest.mark.parametrize("key", OURS)
def test_that_labels_alone_find_what_the_article_names(key: str) -> None:
    golden = declared(key)

    found = propose(golden, {})

    assert wrong_among_the_sure(golden, found) == {}
    right = [target for target, source in golden.right.items() if target in found and found[target].source == source]
    assert len(right) >= 0.85 * len(golden.right), set(golden.right) - set(right)


@pytest.fixture(scope="module")
def vendor_records(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[dict[str, object]]]:
    """Fifty users of each vendor, as its simulator sends them."""
    with Simulator(60) as simulator:
        return {key: users_of(simulator, key, tmp_path_factory.mktemp(key)) for key in OURS}


def users_of(simulator: Simulator, key: str, folder: Path) -> list[dict[str, object]]:
    office = Office(folder / "profile", simulator, key)
    integration = office.integrate()
    records = read_records(office.store, office.vault, integration, lambda _news: None, threading.Event())
    office.close()
    return records


def test_that_the_band_of_the_sure_is_right_and_finds_what_the_articles_name(
    vendor_records: Mapping[str, list[dict[str, object]]],
) -> None:
    assert all(len(records) >= 20 for records in vendor_records.values())
    for with_values in (False, True):
        sure = right_and_sure = named = found_named = 0
        for key in OURS:
            golden = declared(key)
            values = values_by_path(key, vendor_records[key]) if with_values else {}
            found = propose(golden, values)
            high = [target for target, each in found.items() if each.band is Band.HIGH]
            wrong = wrong_among_the_sure(golden, found)
            sure, right_and_sure = sure + len(high), right_and_sure + len(high) - len(wrong)
            named += len(golden.right)
            found_named += sum(t in found and found[t].source == s for t, s in golden.right.items())
            assert wrong == {}, (key, with_values)
        assert sure > 0
        assert right_and_sure >= 0.95 * sure
        assert found_named >= 0.85 * named


def values_by_path(key: str, records: Sequence[Mapping[str, object]]) -> dict[str, list[object]]:
    fields = [known for known in CONNECTORS[key].all_fields() if known.path]
    getters = {known.id: compile_path(known.path) for known in fields}
    return {name: [get(dict(record)) for record in records] for name, get in getters.items()}


@pytest.mark.parametrize("golden", INVENTED, ids=lambda golden: golden.vendor)
@pytest.mark.parametrize("with_values", [False, True], ids=["labels", "values"])
def test_that_unkind_names_are_read_and_never_overrated(golden: Golden, *, with_values: bool) -> None:
    found = propose(golden, values_of(golden) if with_values else {})

    assert wrong_among_the_sure(golden, found) == {}
    right = [target for target, source in golden.right.items() if target in found and found[target].source == source]
    assert len(right) >= 0.85 * len(golden.right), {t: s.source for t, s in found.items()}


def field(label: str, *, unique: bool = False, kind: FieldType = FieldType.SHORT_TEXT) -> Field:
    return Field(ObjectKind.PEOPLE, label.lower().replace(" ", "_"), label, kind, unique=unique)


def one(source: Source, target: Field, **more: object) -> Suggestion | None:
    found = suggest([source], [target], vendor="Acme", **more)  # type: ignore[arg-type]  # whatever the test says
    return found[0] if found else None


def test_that_a_reason_tells_what_speaks_for_a_pair() -> None:
    found = one(Source("mail", "E-mail", values=[f"a{n}@example.com" for n in range(5)]), field("Email", unique=True))

    assert found is not None
    assert found.band is Band.HIGH
    assert found.reason == "same name; 5 of 5 look like e-mail addresses"


def test_that_values_of_another_kind_outweigh_a_name() -> None:
    found = one(Source("mail", "Email", values=["yes", "no", "yes", "no"]), field("Email", unique=True))

    assert found is not None
    assert found.band is not Band.HIGH


def test_that_an_identifier_shared_by_two_records_is_none() -> None:
    target = field("Acme User ID", unique=True)
    assert one(Source("id", "Id", values=["A1B2C3", "A1B2C4", "A1B2C5"]), target).band is Band.HIGH  # type: ignore[union-attr]  # it is there
    shared = one(Source("id", "Id", values=["A1B2C3", "A1B2C3", "A1B2C5"]), target)
    assert shared is None or shared.band is not Band.HIGH


def test_that_the_role_of_a_person_is_left_to_people() -> None:
    assert one(Source("role", "Role"), field("Role")) is None


def test_that_a_field_named_after_another_vendor_is_theirs() -> None:
    assert one(Source("id", "User Id"), field("JumpCloud User Id", unique=True), other_vendors=["JumpCloud"]) is None


def test_that_the_address_fills_the_username_before_a_log_in_name_does() -> None:
    targets = [field("Username", unique=True), field("Email", unique=True)]

    found = suggest([Source("login", "Username"), Source("mail", "Email")], targets, vendor="Acme")

    assert {each.target: each.source for each in found} == {"email": "mail", "username": "mail"}


def test_that_a_log_in_name_fills_the_username_where_there_is_no_address() -> None:
    found = one(Source("login", "Login"), field("Username", unique=True))

    assert found is not None
    assert found.source == "login"


def test_that_what_a_person_mapped_is_left_alone() -> None:
    target = field("Name")
    mapped = [Choice("other", ObjectKind.PEOPLE, "name")]

    assert one(Source("name", "Name"), target, mapped=mapped) is None


def test_that_a_source_in_use_is_not_offered_again() -> None:
    mapped = [Choice("name", ObjectKind.PEOPLE, "nickname")]

    assert one(Source("name", "Name"), field("Name"), mapped=mapped) is None


def test_that_a_rejected_pair_is_never_offered_again() -> None:
    rejected = [Choice("name", ObjectKind.PEOPLE, "name")]

    assert one(Source("name", "Name"), field("Name"), rejected=rejected) is None


def test_that_the_address_in_use_for_email_is_offered_for_the_username() -> None:
    targets = [field("Username", unique=True), field("Email", unique=True)]
    mapped = [Choice("mail", ObjectKind.PEOPLE, "email")]

    found = suggest([Source("mail", "Email")], targets, vendor="Acme", mapped=mapped)

    assert [(each.source, each.target) for each in found] == [("mail", "username")]


def test_that_a_choice_made_before_counts() -> None:
    source, target = Source("nickname", "Nickname"), field("Display Name")
    before = one(source, target)
    after = one(source, target, past=[Choice("nickname", ObjectKind.PEOPLE, "display_name")])

    assert after is not None
    assert "chosen before for this vendor" in after.reason
    assert before is None or after.score > before.score
