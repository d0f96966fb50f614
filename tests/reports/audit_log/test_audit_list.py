"""The audit log as a list: read, filtered, opened and exported like records, in words."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from saasdesk.profile import open_profile
from saasdesk.records.listing import ListQuery
from saasdesk.reports.audit_log import LATELY, AuditList, Entry, find_entry
from saasdesk.reports.audit_log.audit_list import in_words
from saasdesk.reports.csv_export import export_records
from saasdesk.reports.csv_lines import CsvStyle
from saasdesk.rules import condition
from saasdesk.store import Store
from saasdesk.store.audit import record

KEYS = ("number", "area", "did", "subject", "detail")


@pytest.fixture
def store(profile_dir: Path) -> Iterator[Store]:
    with Store.open(open_profile(profile_dir)) as opened:

        def work(db: object) -> None:
            record(db, "setting.changed", "theme", {"before": "light", "after": "dark"})  # type: ignore[arg-type]
            record(db, "idle_threshold.kept", "PagerDuty", {"before": None, "after": 30})  # type: ignore[arg-type]
            detail = {"session": 7, "counts": {"created": 2, "failed": 0}, "changes": "ab" * 32}
            record(db, "integration.run", "=HYPERLINK(1)", detail)  # type: ignore[arg-type]

        opened.write(work)
        yield opened


def listed(store: Store, query: ListQuery) -> list[tuple[object, ...]]:
    audit = AuditList(store)
    ids = audit.ids(query)
    rows = audit.rows(ids, KEYS)
    return [rows[number] for number in ids]


def test_that_the_latest_row_comes_first_with_everything_in_words(store: Store) -> None:
    assert listed(store, LATELY) == [
        (3, "Integration", "Integration run", "=HYPERLINK(1)", "counts: created 2; session: 7"),
        (2, "Idle threshold", "Idle threshold kept", "PagerDuty", "(empty) → 30"),
        (1, "Setting", "Setting changed", "theme", "light → dark"),
    ]


def test_that_it_is_filtered_by_who_kind_target_and_date(store: Store) -> None:
    audit = AuditList(store)
    assert audit.count(ListQuery(rule=condition("area", "equals", "Setting"))) == 1
    assert audit.count(ListQuery(rule=condition("subject", "contains", "pager"))) == 1
    assert audit.count(ListQuery(rule=condition("who", "is_empty"))) == 0
    assert audit.count(ListQuery(rule=condition("at", "before_days", 7))) == 0
    assert audit.count(ListQuery(quick="dark")) == 1
    assert next(column for column in audit.columns() if column.key == "area").choices == (
        "Idle threshold",
        "Integration",
        "Setting",
    )
    assert (
        audit.sentence(LATELY)
        == "All rows of the audit log where At is within the last 7 days, sorted by Row (descending)"
    )


def test_that_it_is_exported_with_a_manifest_and_without_formulas(store: Store, tmp_path: Path) -> None:
    file = tmp_path / "audit.csv"
    export_records(
        AuditList(store),
        LATELY,
        KEYS,
        file,
        what="audit log",
        style=CsvStyle(),
        tell=lambda _news: None,
        stop=threading.Event(),
    )

    lines = file.read_text("utf-8-sig").splitlines()
    assert lines[0] == '"Row","About","What","Which","Details"'
    assert lines[1] == '"3","Integration","Integration run","\'=HYPERLINK(1)","counts: created 2; session: 7"'
    assert len(list(tmp_path.glob("audit*manifest*"))) == 1


def test_that_a_row_is_found_as_it_was_written(store: Store) -> None:
    assert find_entry(store, 1) == Entry("setting.changed", "theme", {"before": "light", "after": "dark"})
    assert find_entry(store, 99) is None


@pytest.mark.parametrize(
    ("detail", "words"),
    [
        ({}, ""),
        ({"changed": {"name": ["Ann", "Bea"], "limit": 3}, "why": "typo"}, "name: Ann → Bea; limit: 3; why: typo"),
        ({"changed": {"idle_days": [None, False]}}, "idle days: (empty) → no"),
        ({"names": ["a", "b"], "document": {"x": [1], "y": ""}}, "names: a, b; document: x 1"),
        ({"changed": {"base_url": {"before": "a", "after": "b"}}}, "base url: a → b"),
        ({"counts": {"created": 0, "assets": {"created": 7, "failed": 0}}}, "counts: assets (created 7)"),
        ({"counts": {"created": 0, "assets": {"created": 0}}}, "counts: none"),
        ({"text": "x" * 300}, f"text: {'x' * 200}…"),
    ],
)
def test_that_details_are_told_in_one_line(detail: dict[str, object], words: str) -> None:
    assert in_words(detail) == words
