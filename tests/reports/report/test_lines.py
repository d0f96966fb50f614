from collections.abc import Iterator
from pathlib import Path

import pytest

from saasdesk.definitions import to_toml
from saasdesk.errors import UserError
from saasdesk.fields import ObjectKind
from saasdesk.licences.seats import read_application_seats
from saasdesk.profile import open_profile
from saasdesk.records.listing import ListQuery, RecordList
from saasdesk.reports.report.document import (
    ReportDocument,
    ReportObject,
    Total,
    TotalMeasure,
    parse_report,
    report_from,
)
from saasdesk.reports.report.lines import ReportLines, columns_of
from saasdesk.reports.report.standard import list_standard
from saasdesk.rules import Operator, Rule
from saasdesk.store import Store
from tests.reports.dashboards.company import fill


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with Store.open(open_profile(tmp_path_factory.mktemp("reports") / "profile")) as opened:
        fill(opened, seed=7, people=60)
        yield opened


def rows_of(store: Store, document: ReportDocument) -> list[tuple[object, ...]]:
    lines = ReportLines(store, document)
    return list(lines.iterate(lines.query, [column.key for column in lines.columns()]))


def report(**what: object) -> ReportDocument:
    return ReportDocument.model_validate({"name": "Mine", "object": "saas_users", **what})


@pytest.mark.parametrize("document", list_standard(), ids=lambda document: document.name)
def test_that_a_standard_report_runs_and_says_what_it_asks(store: Store, document: ReportDocument) -> None:
    lines = ReportLines(store, document)

    rows = rows_of(store, document)

    assert len(rows) == lines.count(lines.query) == lines.altogether().lines
    assert lines.sentence(lines.query).startswith(("Active ", "Deactivated ", "All "))
    assert all(column.title and not column.title.startswith("person.") for column in lines.columns())


@pytest.mark.parametrize("document", list_standard(), ids=lambda document: document.name)
def test_that_a_file_holds_all_of_a_report(document: ReportDocument) -> None:
    assert parse_report(to_toml(document)) == document


@pytest.mark.parametrize("active", [True, False, None])
@pytest.mark.parametrize("group", ["saas_application", "role", "person.department", "person", "last_activity"])
def test_that_groups_together_are_the_records_of_the_list(store: Store, group: str, active: bool | None) -> None:
    states = {True: "active", False: "deactivated", None: "all"}
    document = report(group_by=[group], records=states[active])

    rows = rows_of(store, document)

    listed = RecordList(store, ObjectKind.SAAS_USERS).count(ListQuery(active=active))
    assert sum(int(str(count)) for _, count in rows) == listed
    assert ReportLines(store, document).altogether().sums[0][1] == listed


def test_that_spellings_that_mean_the_same_are_one_group(store: Store) -> None:
    departments = [row[0] for row in rows_of(store, report(object="people", group_by=["department"]))]

    folded = [str(name).strip().casefold() for name in departments if name]
    assert "finance" in folded
    assert len(folded) == len(set(folded))


def test_that_the_seats_of_a_report_are_those_of_the_figures(store: Store) -> None:
    rows = rows_of(store, report(object="seats", group_by=["saas_application"], total=[{}]))

    figures = {each.name: each.total.seats for each in read_application_seats(store)}
    assert sorted(rows) == sorted(figures.items())


def test_that_columns_of_the_person_stand_beside_those_of_the_account(store: Store) -> None:
    document = report(columns=["person.username", "saas_application"], records="all", sort=["person.username"])

    rows = rows_of(store, document)

    users = RecordList(store, ObjectKind.SAAS_USERS)
    wanted = list(users.iterate(ListQuery(active=None), ["person", "saas_application"]))
    assert sorted(map(repr, rows)) == sorted(map(repr, wanted))
    titles = [column.title for column in ReportLines(store, document).columns()]
    assert titles == ["Username (person)", "SaaS Application"]


def test_that_a_filter_may_speak_of_the_person_and_of_the_account_at_once(store: Store) -> None:
    rule = Rule(
        all=(
            Rule(field="person.department", operator=Operator.EQUALS, value="finance"),
            Rule(field="saas_application", operator=Operator.EQUALS, value="Alpha"),
        )
    )

    rows = rows_of(store, report(columns=["saas_application", "person.department"], filter=rule))

    assert rows
    assert {(name, str(department).strip().casefold()) for name, department in rows} == {("Alpha", "finance")}


def test_that_totals_are_those_of_the_values(store: Store) -> None:
    measures = [Total(measure=measure, of="last_activity") for measure in (TotalMeasure.MIN, TotalMeasure.MAX)]
    document = report(group_by=["saas_application"], total=[Total(), *measures])

    rows = rows_of(store, document)

    users = RecordList(store, ObjectKind.SAAS_USERS)
    values = list(users.iterate(ListQuery(), ["saas_application", "last_activity"]))
    for application, count, least, most in rows:
        known = [str(value) for name, value in values if name == application and value]
        assert (count, least, most) == (sum(name == application for name, _ in values), min(known), max(known))


@pytest.mark.parametrize(
    "wrong",
    [
        {"columns": ["shoe_size"]},
        {"filter": {"field": "shoe_size", "operator": "is_empty"}},
        {"group_by": ["person.shoe_size"]},
        {"group_by": ["role"], "total": [{"measure": "sum", "of": "shoe_size"}]},
    ],
)
def test_p12_that_a_report_on_a_deleted_field_says_so_and_nothing_is_lost(
    store: Store, wrong: dict[str, object]
) -> None:
    with pytest.raises(UserError, match=r"There is no field “.*shoe_size” any more") as refused:
        ReportLines(store, report(**wrong)).columns()

    assert "nothing else of it is lost" in str(refused.value)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"version": 2}, "a newer saasdesk made this report"),
        ({"columns": ["name", "name"]}, "columns: the same one stands there twice"),
        ({"columns": ["name"], "group_by": ["role"]}, "a report that is grouped"),
        ({"total": [{}]}, "totals need group_by"),
        ({"group_by": ["role"], "total": [{"measure": "sum"}]}, "sum needs the column"),
        ({"format": {"delimiter": "x"}}, "cannot separate"),
        ({"colour": "red"}, "colour is not a known key"),
    ],
)
def test_that_a_file_that_is_wrong_is_refused_with_its_key(wrong: dict[str, object], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        report_from({"name": "Mine", "object": "saas_users", **wrong}, "mine.toml")


def test_that_text_is_not_added_up(store: Store) -> None:
    with pytest.raises(UserError, match="is no number"):
        ReportLines(store, report(group_by=["role"], total=[{"measure": "sum", "of": "name"}])).columns()


def test_that_a_sort_by_what_is_not_shown_is_refused(store: Store) -> None:
    with pytest.raises(UserError, match="is sorted by “role”, which is none of its columns"):
        ReportLines(store, report(columns=["name"], sort=["-role"])).columns()


def test_that_every_column_can_be_shown_and_grouped_by(store: Store) -> None:
    for about in ReportObject:
        keys = [column.key for column in columns_of(store, about)]
        wide = [report(object=about, columns=keys[start : start + 60]) for start in range(0, len(keys), 60)]

        for document in [*wide, *(report(object=about, group_by=[key]) for key in keys if "." not in key)]:
            lines = ReportLines(store, document)
            assert lines.altogether().lines == len(rows_of(store, document)), document


@pytest.mark.parametrize("name", ["Roles per application", "Cost by application and department"])
def test_that_the_records_behind_each_group_are_as_many_as_it_says(store: Store, name: str) -> None:
    document = next(each for each in list_standard() if each.name == name)
    lines = ReportLines(store, document)
    keys = [column.key for column in lines.columns()]
    found = [dict(zip(keys, line, strict=True)) for _, line in lines.numbered(lines.query)]

    for line in found:
        within = {key: line[key] for key in document.group_by}
        members = ReportLines(store, document, within)
        assert members.altogether().lines == line["count"]

    assert found


def test_that_the_example_of_the_documentation_can_be_kept_and_run(store: Store) -> None:
    page = (Path(__file__).parents[3] / "docs" / "REPORTS.md").read_text(encoding="utf-8")
    example = page.split("```toml\n")[1].split("```")[0]

    document = parse_report(example)

    assert [column.key for column in ReportLines(store, document).columns()] == [
        "saas_application", "person.department", "count", "sum_monthly",
    ]  # fmt: skip
    assert document.runs_by_itself
