"""The search index finds what looking at every record finds, whoever wrote last; and it is asked, not passed by."""

import threading
import unicodedata
from array import array
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saasdesk.errors import Cancelled
from saasdesk.fields import Field, FieldType, ObjectKind
from saasdesk.fields.rows import delete_field, list_fields
from saasdesk.profile import open_profile
from saasdesk.records.apply import apply_edits
from saasdesk.records.changes import Cause, ChangeKind, FieldEdit, RecordEdit
from saasdesk.records.editing import add_record, edit_record, form_of, set_archived
from saasdesk.records.listing import ListQuery, RecordList
from saasdesk.records.past import moment_of_text, past_store
from saasdesk.records.search import bring_up_to_date, filling, find_candidates, rows
from saasdesk.rules import condition
from saasdesk.store import Store
from saasdesk.text import fold_text, sort_key
from tests.records.listing.company import MOMENT, Company
from tests.sync.several import Several

PEOPLE, USERS = ObjectKind.PEOPLE, ObjectKind.SAAS_USERS


@pytest.fixture
def store(profile_dir: Path) -> Iterator[Store]:
    with Store.open(open_profile(profile_dir)) as opened:
        yield opened


@pytest.fixture
def company(store: Store) -> Company:
    return Company(store)


def found(store: Store, quick: str, kind: ObjectKind = PEOPLE, **question: object) -> list[int]:
    return list(RecordList(store, kind).ids(ListQuery(quick=quick, active=None, **question)))  # type: ignore[arg-type]


def candidates(store: Store, *words: str, kind: ObjectKind = PEOPLE, most: int = 1000) -> set[int] | None:
    """What the index says, before anybody looks at the records; None where it was not asked."""
    with store.reading(snapshot=True) as db:
        among = find_candidates(db, kind, rows.searched_columns(db, kind), words, most)
        if among is None:
            return None
        return {each for (each,) in db.execute_sql(f"SELECT id FROM {kind.table} r WHERE {among.text}", among.params)}


def edit(store: Store, record: int, field: str, after: str | None, at: str = MOMENT) -> None:
    def work(db: object) -> None:
        (before,) = db.execute_sql(f"SELECT {field} FROM person WHERE id = ?", (record,)).fetchone()  # type: ignore[attr-defined]
        change = RecordEdit(ChangeKind.UPDATE, record, "", "", (FieldEdit(field, before, after),))
        assert apply_edits(db, PEOPLE, [change], Cause("by hand", "admin"), at) == []  # type: ignore[arg-type]

    store.write(work)


PARTS = st.sampled_from(
    [
        *("Ann", "ann", "ANDERS", "Zoë", "ZOË", "Ångström", "Straße", "佐藤", "健", "Ανδρέας", "ΣΟΦΟΣ", "Łukasz"),
        *(
            "İstanbul",
            "\N{LATIN SMALL LETTER DOTLESS I}s",
            "🙂",
            "👩‍🔧",
            "e\u0301",
            "a\u00adb",
            "\u202eevil",
            "100%",
            "a_b",
            "\\",
            '"',
            "*",
            "[x]",
            "-",
            "7",
        ),
        *("example.com", "x", "ﬁn", "Ⅷ", " ", "\n", "שלום", "مرحبا"),
    ]
)
TEXTS = st.none() | st.lists(PARTS, max_size=5).map("".join) | st.text(max_size=12).filter(lambda t: "\0" not in t)
STEPS = st.lists(st.tuples(st.sampled_from(["add", "edit", "fill"]), TEXTS, TEXTS, st.integers(0, 30)), max_size=14)
SPELLINGS = st.sampled_from(
    [str, sort_key, str.lower, str.upper, str.casefold, lambda text: unicodedata.normalize("NFD", text)]
)


@given(steps=STEPS, data=st.data())
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_that_the_index_finds_what_looking_at_every_record_finds(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str | None, str | None, int]], data: st.DataObject
) -> None:
    with Store.open(open_profile(tmp_path_factory.mktemp("p"))) as store:
        company, texts, people = Company(store), ["ann"], []
        for step, first, second, number in steps:
            texts += [text for text in (first, second) if text]
            if step == "add":
                people.append(company.person(f"u{len(people)}", name=first, email=f"{len(people)} {second}"))
            elif step == "edit" and people:
                edit(store, people[number % len(people)], ("name", "department")[number % 2], first)
            else:
                bring_up_to_date(store)
        text = data.draw(st.sampled_from(texts))
        start = data.draw(st.integers(0, len(text)))
        word = data.draw(SPELLINGS)(text[start : start + data.draw(st.integers(1, 6))])
        sort = data.draw(st.sampled_from([(), (("name", False),), (("email", True), ("name", False))]))
        operator = data.draw(st.sampled_from(["contains", "begins_with", "ends_with", "equals", "does_not_contain"]))
        rule = condition("name", operator, word) if fold_text(word) and data.draw(st.booleans()) else None
        quick = word if rule is None or data.draw(st.booleans()) else ""
        query = ListQuery(rule=rule, quick=quick, active=None, sort=sort)
        indexed, plain = RecordList(store, PEOPLE), RecordList(store, PEOPLE)
        plain.columns()
        object.__setattr__(plain._known_shape(), "is_indexed", False)

        assert indexed.ids(query) == plain.ids(query)
        assert indexed.first_ids(query, 3) == plain.first_ids(query, 3)
        assert indexed.count(query) == plain.count(query)


def test_that_only_those_who_may_have_the_word_are_looked_at(store: Store, company: Company) -> None:
    ann, bob = company.person("ann", name="Ann Anders"), company.person("bob", name="佐藤 健")
    company.person("cleo", name="Cleo")
    assert candidates(store, "anders") is None

    bring_up_to_date(store)

    assert candidates(store, "ANDERS") == {ann}
    assert candidates(store, "ann", "anders") == {ann}
    assert candidates(store, "佐藤") == {bob}
    assert candidates(store, "健") == {bob}
    assert candidates(store, "nobody") == set()
    assert candidates(store, "qx") == set()
    assert found(store, "anders") == [ann]
    assert found(store, "健") == [bob]


def test_that_a_word_of_too_many_is_looked_for_record_by_record(store: Store, company: Company) -> None:
    everybody = [company.person(f"user{number}", name="Ann") for number in range(5)]
    bring_up_to_date(store)

    assert candidates(store, "ann", most=4) is None
    assert candidates(store, "ann", most=5) == set(everybody)
    assert found(store, "ann") == everybody


def test_that_a_change_is_found_at_once_and_the_index_is_told_of_it_later(store: Store) -> None:
    ann = add_record(store, PEOPLE, {"username": "ann", "email": "ann@example.com", "role": "Employee"})
    bring_up_to_date(store)

    form = form_of(store, PEOPLE, ann)
    texts = {field.external_id: form.text(field) for field in form.fields} | {"name": "Zoë"}
    edit_record(store, form, texts)

    assert found(store, "zoë") == [ann]
    assert candidates(store, "nobody") == {ann}
    bring_up_to_date(store)
    assert found(store, "zoë") == [ann]
    assert candidates(store, "nobody") == set()


def test_that_archiving_and_restoring_leave_the_index_alone(store: Store) -> None:
    ann = add_record(store, PEOPLE, {"username": "ann", "email": "ann@example.com", "role": "Employee"})
    bring_up_to_date(store)

    set_archived(store, PEOPLE, [ann], "left", archived=True)
    assert candidates(store, "nobody") == set()
    assert list(RecordList(store, PEOPLE).ids(ListQuery(quick="ann"))) == []
    set_archived(store, PEOPLE, [ann], "back", archived=False)

    assert list(RecordList(store, PEOPLE).ids(ListQuery(quick="ann"))) == [ann]


def test_that_what_a_run_wrote_is_found(tmp_path: Path) -> None:
    several = Several(tmp_path / "profile")
    came_by = {"source": "connect:credentials", "target": "location"}
    several.vendor("One", {"source": "name", "target": "name"}, came_by, users=[{"id": "P1", "name": "Ana"}])
    several.run("One")
    bring_up_to_date(several.store)
    assert found(several.store, "ana") == [1]
    assert candidates(several.store, "nobody") == set()

    several.lists("One", {"id": "P1", "name": "Zoë"}, {"id": "P2", "name": "Zoltan", "email": "z@example.com"})
    several.run("One")

    assert found(several.store, "zo") == [1, 2]
    assert found(several.store, "zo", USERS) == [1, 2]
    bring_up_to_date(several.store)
    assert found(several.store, "zo") == [1, 2]
    assert candidates(several.store, "zol") == {2}
    several.close()


def test_that_an_account_is_found_by_its_application_and_a_word_of_its_own(store: Store, company: Company) -> None:
    pager, planner = company.application("PagerDuty"), company.application("Planner")
    one = company.saas_user(pager, saas_user_id="U1", name="Ann")
    two = company.saas_user(planner, saas_user_id="U2", name="Bob")
    bring_up_to_date(store)

    assert found(store, "pager", USERS) == [one]
    assert found(store, "pager ann", USERS) == [one]
    assert found(store, "ann", USERS) == [one, two]
    assert found(store, "bob", USERS) == [two]


def test_that_a_field_made_later_is_searched_too(store: Store, company: Company) -> None:
    ann = company.person("ann")
    bring_up_to_date(store)
    company.field(Field(PEOPLE, "badge", "Badge", FieldType.SHORT_TEXT))
    assert candidates(store, "B-17") is None

    edit(store, ann, "badge", "B-17")
    assert found(store, "b-17") == [ann]
    bring_up_to_date(store)

    assert found(store, "b-17") == [ann]
    assert candidates(store, "b-17") == {ann}


def test_that_a_field_made_anew_after_it_was_deleted_is_searched(store: Store, company: Company) -> None:
    ann = company.person("ann")
    badge = Field(PEOPLE, "badge", "Badge", FieldType.SHORT_TEXT)
    company.field(badge)
    bring_up_to_date(store)
    store.write(lambda db: delete_field(db, next(f for f in list_fields(db, PEOPLE) if f.external_id == "badge")))
    bring_up_to_date(store)
    company.field(badge)
    store.write(lambda db: db.execute_sql("UPDATE person SET badge = 'B-17'"))

    bring_up_to_date(store)

    assert found(store, "b-17") == [ann]
    assert candidates(store, "b-17") == {ann}


def test_that_a_worn_index_is_made_anew(store: Store, company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filling, "_LEAST_WORN", 2)
    ann = company.person("ann", name="Ann")
    bring_up_to_date(store)
    for name in ("Bea", "Cleo", "Dora"):
        edit(store, ann, "name", name)
        bring_up_to_date(store)
    assert candidates(store, "bea") == {ann}

    bring_up_to_date(store)

    assert candidates(store, "bea") == set()
    assert found(store, "dora") == [ann]


def test_that_filling_tells_how_far_it_is_stops_when_told_and_goes_on_where_it_was(
    store: Store, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(filling, "_AT_ONCE", 2)
    for number in range(6):
        company.person(f"user{number}")
    stop, told = threading.Event(), []

    def tell(news: object) -> None:
        told.append(news)
        stop.set()

    with pytest.raises(Cancelled):
        bring_up_to_date(store, tell, stop)
    assert found(store, "user5") == [6]
    bring_up_to_date(store, told.append)

    assert told == [filling.Indexed(2, 6), filling.Indexed(2, 4), filling.Indexed(4, 4)]
    assert candidates(store, "user5") == {6}


def test_that_nothing_is_written_where_nothing_is_new(store: Store, company: Company) -> None:
    company.person("ann")
    bring_up_to_date(store)
    with store.reading() as db:
        before = db.execute_sql("PRAGMA data_version").fetchone()

        bring_up_to_date(store)

        assert db.execute_sql("PRAGMA data_version").fetchone() == before


def test_that_without_trigrams_every_record_is_looked_at(
    store: Store, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = company.person("ann", name="Ann")
    monkeypatch.setattr(rows, "_NEEDED", (99, 0, 0))

    bring_up_to_date(store)

    assert candidates(store, "ann") is None
    assert found(store, "ann") == [ann]


def test_that_the_past_is_searched_as_it_was(store: Store, company: Company) -> None:
    ann = company.person("ann", name="Ann")
    edit(store, ann, "name", "Zoë")
    edit(store, ann, "name", "Bea", "2026-03-01T00:00:00Z")
    bring_up_to_date(store)

    with past_store(store, moment_of_text(store, "2026-02-01"), lambda _share: None) as past:
        assert found(past, "zoë") == [ann]
        assert found(past, "bea") == []
    assert found(store, "bea") == [ann]
    assert array("q", found(store, "zoë")) == array("q")
