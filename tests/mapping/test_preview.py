"""A mapping tried on records: what each line gives, each step of it, and a report over many."""

import threading
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saasdesk.connectors import CONNECTOR_SYNC_TIME, FieldType, VendorField
from saasdesk.errors import Cancelled
from saasdesk.fields import Field, ObjectKind, fold_key
from saasdesk.mapping import MapRow
from saasdesk.mapping.preview import MappingPreview, TracedStep

FIELDS = [VendorField("Email", "email"), VendorField("Made", "created", FieldType.DATETIME)]
TARGETS = {
    ObjectKind.PEOPLE: [
        Field(ObjectKind.PEOPLE, "email", "Email", unique=True),
        Field(ObjectKind.PEOPLE, "joined", "Joined", FieldType.DATE),
        Field(ObjectKind.PEOPLE, "seen", "Seen", FieldType.DATETIME),
        Field(ObjectKind.PEOPLE, "role", "Role"),
    ]
}
RECORD = {"email": " Ana@Example.com ", "created": "2024-02-03T10:00:00Z"}


def preview(*rows: MapRow) -> MappingPreview:
    return MappingPreview(rows, FIELDS, TARGETS)


def test_that_each_line_gives_its_value() -> None:
    tried = preview(
        MapRow(source="email", target="email", transform=("trim", "lower")),
        MapRow(source="created", target="joined"),
        MapRow(value="Employee", target="role"),
        MapRow(source=CONNECTOR_SYNC_TIME, target="seen"),
    )

    cells = tried.cells(RECORD, {CONNECTOR_SYNC_TIME: "2026-11-21T09:41:00Z"})

    assert [cell.value for cell in cells] == ["ana@example.com", "2024-02-03", "Employee", "2026-11-21T09:41:00Z"]
    assert not any(cell.problem for cell in cells)


def test_that_a_line_that_fails_says_why_and_leaves_the_others() -> None:
    tried = preview(MapRow(source="email", target="joined"), MapRow(source="email", target="email"))

    failing, fine = tried.cells(RECORD, {})

    assert failing.value is None
    assert "is not a date" in failing.problem
    assert fine.value == " Ana@Example.com "


def test_that_a_line_without_its_field_is_broken() -> None:
    (line,) = preview(MapRow(source="email", target="gone")).lines

    assert line.broken == "There is no field “gone”."
    assert line.cell(RECORD, {}).problem == line.broken
    assert line.trace(RECORD, {}) == []


def test_that_every_step_is_told_until_one_fails() -> None:
    (line,) = preview(MapRow(source="email", target="email", transform=("trim", "date:%d.%m.%Y", "lower"))).lines

    source, trim, date = line.trace(RECORD, {})

    assert source == TracedStep("", None, " Ana@Example.com ")
    assert (trim.before, trim.after, trim.problem) == (" Ana@Example.com ", "Ana@Example.com", "")
    assert "is not a date of the form" in date.problem


def test_that_a_report_counts_filled_blank_failed_and_shared_values() -> None:
    tried = preview(MapRow(source="email", target="email", sync_key=1), MapRow(source="created", target="joined"))
    records = [
        {"email": "ana@example.com", "created": "2024-02-03"},
        {"email": "ANA@example.com", "created": "soon"},
        {"email": "", "created": None},
        {"email": "li@example.com", "created": "2024-02-05"},
    ]

    report = tried.check(records, {}, threading.Event())

    email, joined = report.lines
    assert report.records == 4
    assert (email.filled, email.blank, email.failed, email.duplicates) == (3, 1, 0, 2)
    assert (joined.filled, joined.blank, joined.failed) == (2, 1, 1)
    assert joined.problems[0][0] == 2
    assert "soon" in joined.problems[0][1]


def test_that_a_look_at_many_records_can_be_stopped() -> None:
    stop = threading.Event()
    stop.set()

    with pytest.raises(Cancelled):
        preview(MapRow(source="email", target="email")).check([RECORD] * 1_000, {}, stop)


VALUES = st.one_of(
    st.none(),
    st.integers(),
    st.text(max_size=8),
    st.sampled_from([" Ana ", "2024-02-03", "long" * 200, "a\u200bb", ""]),
    st.lists(st.text(max_size=3), max_size=3),
    st.fixed_dictionaries({"name": st.text(max_size=4)}),
)
SOURCES = ["email", "created", "profile.name", "addresses[0].city", "{{ email }}-{{ created }}", "{{ profile.name }}"]
STEPS: list[tuple[str, ...]] = [(), ("trim",), ("upper", "trim"), ("split:a:0",), ("first",), ("count",)]


@settings(max_examples=60)
@given(
    st.lists(st.fixed_dictionaries(dict.fromkeys(("email", "created", "profile", "addresses"), VALUES)), max_size=12),
    st.sampled_from(SOURCES),
    st.sampled_from(STEPS),
    st.sampled_from(["email", "joined", "role"]),
)
def test_that_many_records_at_once_give_what_each_gives_alone(
    records: list[dict[str, object]], source: str, steps: tuple[str, ...], target: str
) -> None:
    tried = preview(MapRow(source=source, target=target, transform=steps, sync_key=1))

    (report,) = tried.check(records, {}, threading.Event()).lines

    alone = [tried.cells(record, {})[0] for record in records]
    keys = Counter(fold_key(cell.value) for cell in alone if not cell.problem and cell.value is not None)
    assert report.failed == sum(bool(cell.problem) for cell in alone)
    assert report.blank == sum(not cell.problem and cell.value is None for cell in alone)
    assert report.filled == len(records) - report.failed - report.blank
    assert report.duplicates == sum(times for key, times in keys.items() if key is not None and times > 1)
    failing = [(number, cell.problem) for number, cell in enumerate(alone, start=1) if cell.problem]
    assert report.problems == failing[: len(report.problems)]
