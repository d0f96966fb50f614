"""What keeps a mapping from being launched, and what to look at."""

from collections.abc import Sequence

import pytest

from saasdesk.connectors import CONNECTORS, VendorField
from saasdesk.fields import Field, ObjectKind
from saasdesk.mapping import MapRow, is_record_per_row, warnings_for_launch
from saasdesk.mapping.editing import Place
from saasdesk.mapping.preview import LineReport, MappingPreview, MappingReport
from saasdesk.mapping.problems import Fix, Problem, Severity, find_problems

VENDOR = [VendorField("Email", "email"), VendorField("Name", "name")]
TARGETS = [
    Field(ObjectKind.PEOPLE, "username", "Username", unique=True),
    Field(ObjectKind.PEOPLE, "email", "Email", unique=True),
    Field(ObjectKind.PEOPLE, "role", "Role"),
    Field(ObjectKind.PEOPLE, "name", "Name"),
]
WHOLE = (
    MapRow(source="email", target="username"),
    MapRow(source="email", target="email", sync_key=1),
    MapRow(value="Employee", target="role"),
)


def problems(rows: Sequence[MapRow], report: MappingReport | None = None) -> list[Problem]:
    preview = MappingPreview(rows, VENDOR, {ObjectKind.PEOPLE: TARGETS})
    return find_problems(rows, {Place.of(field): field for field in TARGETS}, preview, report)


def test_that_a_whole_mapping_has_none() -> None:
    assert problems(WHOLE) == []


def test_that_what_is_required_is_named_with_a_way_out() -> None:
    role, key = problems([row for row in WHOLE if row.target != "role" and row.sync_key is None])[-2:]
    found = problems(WHOLE[:2])

    assert [(each.label, each.fix) for each in found] == [("Role", Fix.CONSTANT)]
    assert all(each.severity is Severity.BLOCKER for each in (role, key, *found))


def test_that_email_is_offered_as_the_sync_key() -> None:
    rows = [WHOLE[0], MapRow(source="email", target="email"), WHOLE[2]]

    (problem,) = problems(rows)

    assert problem.fix is Fix.SYNC_KEY
    assert problem.place == Place(ObjectKind.PEOPLE, "email")


def test_that_a_sync_key_must_be_unique() -> None:
    (problem,) = problems([*WHOLE, MapRow(source="name", target="name", sync_key=2)])

    assert (problem.label, problem.fix, problem.severity) == ("Name", Fix.NO_KEY, Severity.BLOCKER)


def test_that_a_line_whose_source_is_gone_stays_visible_as_broken() -> None:
    (problem,) = problems([*WHOLE, MapRow(source="connect:region", target="name")])

    assert problem.severity is Severity.BLOCKER
    assert problem.place == Place(ObjectKind.PEOPLE, "name")


def test_that_a_report_adds_what_records_show() -> None:
    lines = (
        LineReport(filled=10),
        LineReport(filled=8, blank=2, duplicates=4),
        LineReport(filled=10),
        LineReport(blank=10),
    )
    rows = [*WHOLE, MapRow(source="name", target="name")]

    key, empty = problems(rows, MappingReport(10, lines))

    assert key.message.startswith("As a sync key it is not unique: 2 empty, 4 shared in 10 records.")
    assert empty.message.startswith("None of the 10 records at hand has a value here.")
    assert {key.severity, empty.severity} == {Severity.WARNING}


def test_that_failing_records_are_counted_with_the_first_one() -> None:
    failing = LineReport(filled=7, failed=3, problems=[(4, "“soon” is not a date")])
    (problem,) = problems(WHOLE, MappingReport(10, (LineReport(filled=10), failing, LineReport(filled=10))))

    assert problem.message == "3 of 10 records fail here; the first is record 4: “soon” is not a date"


def test_that_a_warning_about_the_whole_mapping_stands_beside_the_blockers() -> None:
    rows = [MapRow(source="email", target="email", sync_key=1)]
    preview = MappingPreview(rows, VENDOR, {ObjectKind.PEOPLE: TARGETS})

    found = find_problems(rows, {Place.of(field): field for field in TARGETS}, preview, None, ["Look at this."])

    assert (found[-1].severity, found[-1].message) == (Severity.WARNING, "Look at this.")
    assert {problem.severity for problem in found[:-1]} == {Severity.BLOCKER}


@pytest.mark.parametrize(
    ("key", "source", "warned"),
    [("jetbrains", "licenseId", True), ("jetbrains", "assignee.email", False), ("pagerduty", "id", False)],
)
def test_that_only_licence_ids_as_sync_key_are_warned_of(key: str, source: str, warned: bool) -> None:
    rows = [MapRow(source=source, target="email", sync_key=1), MapRow(source="licenseId", target="name")]

    assert bool(warnings_for_launch(rows, CONNECTORS[key])) is warned
    assert is_record_per_row(rows, CONNECTORS[key]) is warned
