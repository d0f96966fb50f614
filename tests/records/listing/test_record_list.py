import threading
from array import array
from collections.abc import Sequence

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from saasdesk.errors import Cancelled, UserError
from saasdesk.fields import Field, FieldType, ObjectKind
from saasdesk.records.listing import Account, AccountState, ListQuery, RecordList, Special, as_json
from saasdesk.rules import Rule, condition
from saasdesk.store import Store
from tests.records.listing.company import Company

PEOPLE = ObjectKind.PEOPLE


def names(people: RecordList, query: ListQuery) -> list[object]:
    """The user names of what is listed, through ids and rows as a window reads them."""
    ids = people.ids(query)
    rows = people.rows(ids, ["username"])
    return [rows[number][0] for number in ids]


def test_that_the_columns_are_the_fields_and_what_we_compute(store: Store) -> None:
    keys = [column.key for column in RecordList(store, PEOPLE).columns()]

    assert keys[:6] == ["name", "email", "job_title", "record_state", "accounts", "last_activity"]
    assert {"username", "role", "employee_id", "fed_by", "created_by", "deactivated", "deactivated_at"} <= set(keys)
    assert len(keys) == len(set(keys))


def test_that_a_custom_field_becomes_a_column_by_its_external_id(store: Store, company: Company) -> None:
    company.field(Field(PEOPLE, "pager_duty_user_id", "PagerDuty User ID", FieldType.SHORT_TEXT, unique=True))
    company.person("ann", pager_duty_user_id="P1")
    people = RecordList(store, PEOPLE)

    columns = {column.key: column for column in people.columns()}

    assert columns["pager_duty_user_id"].title == "PagerDuty User ID"
    assert people.rows(people.ids(ListQuery()), ["pager_duty_user_id"]) == {1: ("P1",)}


def test_that_a_custom_field_with_the_name_of_a_computed_column_is_what_is_shown(
    store: Store, company: Company
) -> None:
    company.field(Field(PEOPLE, "last_activity", "Last seen in the office", FieldType.DATE))
    company.person("ann", last_activity="2026-05-06")
    people = RecordList(store, PEOPLE)

    columns = {column.key: column for column in people.columns()}

    assert columns["last_activity"].title == "Last seen in the office"
    assert people.rows(people.ids(ListQuery()), ["last_activity"]) == {1: ("2026-05-06",)}


def test_that_a_field_made_later_is_seen_after_the_columns_were_asked_for_again(store: Store, company: Company) -> None:
    people = RecordList(store, PEOPLE)
    people.columns()

    company.field(Field(PEOPLE, "badge", "Badge"))

    assert "badge" in [column.key for column in people.columns()]


@pytest.mark.parametrize(
    ("active", "listed"), [(True, ["ann"]), (False, ["bob", "cleo"]), (None, ["ann", "bob", "cleo"])]
)
def test_that_the_switch_chooses_active_inactive_or_all(
    store: Store, company: Company, active: bool | None, listed: list[str]
) -> None:
    company.person("ann")
    company.person("bob", deactivated=1)
    company.person("cleo", archived=1)

    assert names(RecordList(store, PEOPLE), ListQuery(active=active)) == listed


@pytest.mark.parametrize("key", ["username", "department"])
@pytest.mark.parametrize("descending", [False, True])
def test_that_empty_values_come_last_whichever_way_a_list_is_sorted(
    store: Store, company: Company, key: str, descending: bool
) -> None:
    for value in ("beta", None, "alpha"):
        company.person(value, department=value)
    people = RecordList(store, PEOPLE)

    rows = people.iterate(ListQuery(sort=((key, descending),)), [key])

    filled = ["beta", "alpha"] if descending else ["alpha", "beta"]
    assert [value for (value,) in rows] == [*filled, None]


def test_that_several_levels_sort_one_after_the_other_and_ids_decide_at_last(store: Store, company: Company) -> None:
    for username, department, role in (("d", "IT", "b"), ("c", "IT", "a"), ("b", "Ops", "a"), ("a", "IT", "a")):
        company.person(username, department=department, role=role)
    people = RecordList(store, PEOPLE)

    assert names(people, ListQuery(sort=(("department", True), ("role", False)))) == ["b", "c", "a", "d"]
    assert names(people, ListQuery(sort=(("username", False), ("role", False)))) == ["a", "b", "c", "d"]


def test_that_words_are_sorted_where_a_reader_looks_for_them(store: Store, company: Company) -> None:
    for name in ("Zoe", "Ökonom", "adam", "Łukasz", "Åsa", "Lotte", "Mona"):
        company.person(name, name=name)
    people = RecordList(store, PEOPLE)

    listed = [name for (name,) in people.iterate(ListQuery(sort=(("name", False),)), ["name"])]

    assert listed == ["adam", "Åsa", "Lotte", "Łukasz", "Mona", "Ökonom", "Zoe"]
    assert people.is_first_page_quick(ListQuery(sort=(("name", True),)))


@pytest.mark.parametrize(
    ("quick", "listed"),
    [
        ("lee", ["ann", "bob"]),
        ("LEE finance", ["bob"]),
        ("żak", ["cleo"]),
        ("ŻAK", ["cleo"]),
        ("zak", ["cleo"]),
        ("straße", ["cleo", "dan"]),
        ("STRASSE", ["dan"]),
        ("佐藤", ["eva"]),
        ("100%", ["dan"]),
        ("%", ["dan"]),
        ("_", ["eva"]),
        ("\\", ["bob"]),
        ("'; DROP TABLE person; --", []),
        ("παππασ", ["fay"]),
        ("ΠΑΠΠΑΣ", ["fay"]),
        ("[", ["fay"]),
        ("é[", ["fay"]),
        ("E\u0301[", ["fay"]),
        ("  ", ["ann", "bob", "cleo", "dan", "eva", "fay"]),
    ],
)
def test_that_the_quick_filter_finds_every_word_in_any_text_whatever_its_case(
    store: Store, company: Company, quick: str, listed: list[str]
) -> None:
    company.person("ann", name="Ann Lee", department="IT")
    company.person("bob", name="Bob LEE", department="Finance", location="C:\\office")
    company.person("cleo", name="Cleo Żak", location="Lange Straße 1")
    company.person("dan", name="Dan", job_title="100% remote", location="Lange Strasse 2")
    company.person("eva", name="佐藤", job_title="a_b")
    company.person("fay", name="Παππας", job_title="Cafe\u0301[1]")

    assert names(RecordList(store, PEOPLE), ListQuery(quick=quick)) == listed


def test_that_the_quick_filter_finds_a_unique_value_by_its_folded_key(store: Store, company: Company) -> None:
    company.person("ann", email="Ann.Ångström@example.com")

    assert names(RecordList(store, PEOPLE), ListQuery(quick="ångSTRÖM")) == ["ann"]


def test_that_saas_users_are_found_by_their_application(store: Store, company: Company) -> None:
    company.saas_user(company.application("Atlassian"), email="ann@example.com")
    company.saas_user(company.application("PagerDuty"), email="bob@example.com")
    users = RecordList(store, ObjectKind.SAAS_USERS)

    rows = users.iterate(ListQuery(quick="pager"), ["email", "saas_application"])

    assert list(rows) == [("bob@example.com", "PagerDuty")]


@pytest.mark.parametrize(
    ("rule", "listed"),
    [
        (condition("department", "equals", "finance"), ["bob"]),
        (condition("accounts", "contains", "Atlassian"), ["ann"]),
        (condition("accounts", "is_empty"), ["bob", "cleo"]),
        (condition("active_accounts", "at_least", 1), ["ann"]),
        (condition("active_licences", "equals", 0), ["ann", "bob", "cleo"]),
        (condition("record_state", "equals", "deactivated"), ["cleo"]),
        (condition("deactivated", "equals", "true"), ["cleo"]),
        (condition("last_activity", "greater_than", "2026-01-01"), ["ann"]),
        (Rule(any=(condition("username", "equals", "ANN"), condition("role", "equals", "Boss"))), ["ann", "bob"]),
    ],
)
def test_that_rules_may_speak_of_fields_and_of_computed_columns(
    store: Store, company: Company, rule: Rule, listed: list[str]
) -> None:
    ann = company.person("ann")
    company.person("bob", department="Finance", role="Boss")
    company.person("cleo", deactivated=1)
    company.saas_user(company.application("Atlassian"), person=ann, last_activity="2026-05-01T00:00:00Z")

    assert names(RecordList(store, PEOPLE), ListQuery(rule=rule, active=None)) == listed


def test_that_filter_words_rule_and_sort_work_together(store: Store, company: Company) -> None:
    for number in range(6):
        company.person(f"user{number}", name="Ann" if number % 2 else "Bob", department="IT" if number < 4 else "Ops")
    people = RecordList(store, PEOPLE)
    query = ListQuery(rule=condition("department", "equals", "IT"), quick="ann", sort=(("username", True),))

    assert names(people, query) == ["user3", "user1"]
    assert people.count(query) == 2
    assert list(people.first_ids(query, 1)) == [4]


def test_that_a_list_is_of_one_application_or_of_one_integration(store: Store, company: Company) -> None:
    atlassian, pagerduty = company.application("Atlassian"), company.application("PagerDuty")
    feed = company.integration("PagerDuty EU")
    company.saas_user(atlassian, saas_user_id="A1")
    company.saas_user(pagerduty, saas_user_id="P1", owner_integration=feed)

    of_application = RecordList(store, ObjectKind.SAAS_USERS, application=atlassian)
    of_integration = RecordList(store, ObjectKind.SAAS_USERS, integration=feed)

    assert list(of_application.iterate(ListQuery(), ["saas_user_id"])) == [("A1",)]
    assert list(of_integration.iterate(ListQuery(), ["saas_user_id", "fed_by"])) == [("P1", "PagerDuty EU")]


def test_that_the_account_strip_shows_the_most_alive_account_of_each_application(
    store: Store, company: Company
) -> None:
    ann = company.person("ann")
    atlassian, jumpcloud, pagerduty = (company.application(name) for name in ("Atlassian", "JumpCloud", "PagerDuty"))
    company.saas_user(pagerduty, person=ann, status="active", deactivated=1)
    company.saas_user(atlassian, person=ann, status="suspended")
    company.saas_user(atlassian, person=ann, status="ACTIVE")
    company.saas_user(jumpcloud, person=ann, status="who knows")
    people = RecordList(store, PEOPLE)

    columns = {column.key: column for column in people.columns()}
    rows = people.rows([ann], ["accounts"])

    assert columns["accounts"].type is Special.ACCOUNTS
    assert columns["accounts"].choices == ("Atlassian", "JumpCloud", "PagerDuty")
    assert rows[ann] == (
        (
            Account("Atlassian", AccountState.ACTIVE),
            Account("JumpCloud", AccountState.UNKNOWN),
            Account("PagerDuty", AccountState.GONE),
        ),
    )


def test_that_a_person_is_fed_by_every_integration_that_knows_them(store: Store, company: Company) -> None:
    ann = company.person("ann", created_by="PagerDuty EU")
    company.link(company.integration("PagerDuty EU"), "P1", ann)
    company.link(company.integration("JumpCloud"), "J1", ann)

    assert RecordList(store, PEOPLE).rows([ann], ["fed_by", "created_by"]) == {
        ann: ("JumpCloud, PagerDuty EU", "PagerDuty EU")
    }


def test_that_nobody_is_fed_by_an_integration_that_lists_them_no_more(store: Store, company: Company) -> None:
    ann, bob = company.person("ann"), company.person("bob")
    old, new = company.integration("Old"), company.integration("new")
    company.link(old, "1", ann)
    company.link(old, "2", bob)
    company.link(new, "3", ann)
    # Somebody whom the vendor calls inactive is still listed there.
    for vendor_id, gone in (("1", 1), ("3", 2)):
        values = (gone, vendor_id)
        store.write(lambda db, v=values: db.execute_sql("UPDATE source_link SET gone = ? WHERE vendor_id = ?", v))
    people = RecordList(store, PEOPLE)

    assert people.rows([ann, bob], ["fed_by"]) == {ann: ("new",), bob: ("Old",)}
    assert list(people.ids(ListQuery(sort=(("fed_by", False),)))) == [ann, bob]
    assert list(people.ids(ListQuery(sort=(("fed_by", True),)))) == [bob, ann]
    fed = ListQuery(condition("fed_by", "contains", "old"))
    assert (list(people.ids(fed)), people.count(fed)) == ([bob], 1)


def test_that_several_records_of_a_person_at_one_vendor_name_its_integration_once(
    store: Store, company: Company
) -> None:
    ann = company.person("ann")
    integration = company.integration("JetBrains")
    company.link(integration, "L1", ann)
    company.link(integration, "L2", ann)

    assert RecordList(store, PEOPLE).rows([ann], ["fed_by"]) == {ann: ("JetBrains",)}


def test_that_software_counts_its_active_users_and_licences(store: Store, company: Company) -> None:
    app = company.application("JetBrains")
    user = company.saas_user(app, last_activity="2026-03-01T00:00:00Z")
    company.saas_user(app, deactivated=1, last_activity="2026-01-01T00:00:00Z")
    company.licence(app, "L1", saas_user=user)
    company.licence(app, "L2")
    company.licence(app, "L3", deactivated=1)
    software = RecordList(store, ObjectKind.SAAS_APPLICATIONS)

    rows = software.iterate(
        ListQuery(), ["name", "active_users", "all_users", "licences", "free_licences", "last_activity"]
    )

    assert list(rows) == [("JetBrains", 1, 2, 2, 1, "2026-03-01T00:00:00Z")]


def test_that_rows_that_are_gone_are_left_out(store: Store, company: Company) -> None:
    company.person("ann")

    assert RecordList(store, PEOPLE).rows([1, 99], ["username"]) == {1: ("ann",)}


def test_that_only_chosen_rows_are_iterated_in_the_order_of_the_list(store: Store, company: Company) -> None:
    for name in ("cleo", "ann", "bob"):
        company.person(name)
    people = RecordList(store, PEOPLE)

    rows = people.iterate(ListQuery(sort=(("username", False),)), ["username"], only=[1, 2])

    assert list(rows) == [("ann",), ("cleo",)]


def test_that_an_iteration_does_not_see_what_is_written_meanwhile(store: Store, company: Company) -> None:
    company.person("ann")
    company.person("bob")
    rows = RecordList(store, PEOPLE).iterate(ListQuery(sort=(("username", False),)), ["username"])

    first = next(rows)
    company.person("cleo")

    assert [first, *rows] == [("ann",), ("bob",)]


def test_that_a_stop_ends_a_question(store: Store, company: Company) -> None:
    company.person("ann")
    stop = threading.Event()
    stop.set()
    people = RecordList(store, PEOPLE)
    people.columns()

    with pytest.raises(Cancelled):
        people.ids(ListQuery(), stop)
    with pytest.raises(Cancelled):
        list(people.iterate(ListQuery(), ["username"], stop))


@pytest.mark.parametrize(
    "query", [ListQuery(sort=(("nonsense", False),)), ListQuery(sort=(('username" DESC; --', False),))]
)
def test_that_an_unknown_column_is_named_and_never_reaches_the_database(store: Store, query: ListQuery) -> None:
    with pytest.raises(UserError, match="There is no column"):
        RecordList(store, PEOPLE).ids(query)
    with pytest.raises(UserError, match="There is no column"):
        RecordList(store, PEOPLE).rows([1], ["nonsense"])


def test_that_the_question_is_told_as_a_sentence(store: Store, company: Company) -> None:
    app = company.application("Atlassian")
    query = ListQuery(
        condition("email", "contains", "example"), "ann lee", (("name", False), ("role", True)), active=None
    )

    sentence = RecordList(store, ObjectKind.SAAS_USERS, application=app).sentence(query)

    assert sentence == (
        'All SaaS users of Atlassian where Email contains example, containing "ann", containing "lee", '
        "sorted by Name, SaaS Role (descending)"
    )


def test_that_scripts_read_external_ids_true_and_false_and_utc(store: Store, company: Company) -> None:
    app = company.application("PagerDuty")
    ann = company.person(
        "ann", email="ann@example.com", role="Employee", deactivated=1, deactivated_at="2026-01-02T03:04:05Z"
    )
    user = company.saas_user(
        app,
        saas_user_id="P1",
        email="ann@example.com",
        person=ann,
        status="active",
        last_activity="2026-02-03T04:05:06Z",
    )
    company.licence(app, "L1", licence_id="L1", saas_user=user, product="IDE", valid_until="2026-12-31")
    company.licence(app, "L2", licence_id="L2")

    person = next(RecordList(store, PEOPLE).iterate_json(ListQuery(active=None)))
    saas_user = next(RecordList(store, ObjectKind.SAAS_USERS).iterate_json(ListQuery()))
    licences = list(RecordList(store, ObjectKind.LICENCES).iterate_json(ListQuery()))

    assert {key: person[key] for key in ("username", "email", "role", "deactivated", "deactivated_at")} == {
        "username": "ann",
        "email": "ann@example.com",
        "role": "Employee",
        "deactivated": True,
        "deactivated_at": "2026-01-02T03:04:05Z",
    }
    assert person["accounts"] == {"PagerDuty": "active"}
    wanted = ("saas_application", "saas_user_id", "email", "status", "last_activity", "person", "deactivated")
    assert [saas_user[key] for key in wanted] == [
        "PagerDuty",
        "P1",
        "ann@example.com",
        "active",
        "2026-02-03T04:05:06Z",
        "ann",
        False,
    ]
    assert [(each["licence_id"], each["saas_user_id"], each["deactivated"]) for each in licences] == [
        ("L1", "P1", False),
        ("L2", None, False),
    ]
    assert licences[0]["product"] == "IDE"
    assert {"team", "last_used", "valid_until", "saas_application"} <= licences[0].keys()


def test_that_a_row_becomes_json_by_its_columns(store: Store, company: Company) -> None:
    company.field(Field(PEOPLE, "is_admin", "Is Admin", FieldType.FLAG))
    people = RecordList(store, PEOPLE)
    columns = [column for column in people.columns() if column.key in {"username", "is_admin"}]

    values = {"username": "ann", "is_admin": 1}

    assert as_json(columns, tuple(values[column.key] for column in columns)) == {"username": "ann", "is_admin": True}


sorts = st.lists(
    st.tuples(st.sampled_from(["username", "email", "department", "name", "deactivated"]), st.booleans()),
    max_size=3,
    unique_by=lambda level: level[0],
).map(tuple)


@given(sort=sorts, quick=st.sampled_from(["", "a", "é", "z"]), active=st.sampled_from([True, False, None]))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_that_the_first_page_the_list_the_count_and_the_iteration_agree(
    filled: Store, sort: tuple[tuple[str, bool], ...], quick: str, active: bool | None
) -> None:
    people = RecordList(filled, PEOPLE)
    query = ListQuery(quick=quick, sort=sort, active=active)

    ids = people.ids(query)

    rows = people.rows(ids, ["username"])
    assert people.first_ids(query, 7) == ids[:7]
    assert people.count(query) == len(ids)
    assert [rows[number] for number in ids] == list(people.iterate(query, ["username"]))
    assert ids == array("q", people.ids(query))


@pytest.fixture
def filled(store: Store, company: Company) -> Store:
    departments: Sequence[str | None] = ("Ä", "a", None, "É", "e", "z")
    for number in range(24):
        company.person(
            None if number % 5 == 4 else f"user{(number * 7) % 24:02d}",
            email=None if number % 3 == 0 else f"Zoé{(number * 11) % 24}@example.com",
            department=departments[number % 6],
            name=departments[(number * 5) % 6],
            deactivated=int(number % 4 == 0),
            archived=int(number % 9 == 0),
        )
    return store
