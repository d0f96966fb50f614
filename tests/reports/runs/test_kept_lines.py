from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from saasdesk.fields import FieldType
from saasdesk.records.listing import Column
from saasdesk.reports.report.document import ReportDocument
from saasdesk.reports.runs import kept_lines
from saasdesk.reports.runs.kept_lines import Change, KeptLines, comparison_with

EACH = ReportDocument.model_validate({"name": "Mine", "object": "people", "columns": ["name", "role"]})
TOGETHER = ReportDocument.model_validate({"name": "Mine", "object": "people", "group_by": ["role"]})
COLUMNS = tuple(Column(key, key, FieldType.SHORT_TEXT) for key in ("name", "role"))
KEYS = ("name", "role")

lines = st.dictionaries(st.integers(1, 12), st.tuples(st.sampled_from("ab"), st.sampled_from(["x", "y", None])))


@settings(deadline=None, max_examples=60)
@given(before=lines, after=lines)
def test_that_every_line_is_added_removed_changed_or_the_same(
    before: dict[int, tuple[str, str | None]],
    after: dict[int, tuple[str, str | None]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    file = tmp_path_factory.mktemp("kept") / "lines"
    with KeptLines(file, EACH, COLUMNS) as kept:
        for record, line in before.items():
            kept.keep(record, line)

    found = comparison_with(file, EACH, KEYS)
    assert found is not None
    changes = [change for record, line in after.items() if (change := found.see(record, line)) is not None]
    changes += found.left()

    assert {each.record for each in changes if each.change is Change.ADDED} == after.keys() - before.keys()
    assert {each.record for each in changes if each.change is Change.REMOVED} == before.keys() - after.keys()
    same = before.keys() & after.keys()
    assert {each.record for each in changes if each.change is Change.CHANGED} == {
        record for record in same if before[record] != after[record]
    }
    assert (found.added, found.removed) == (len(after.keys() - before.keys()), len(before.keys() - after.keys()))


def test_that_groups_are_the_same_one_however_they_are_spelled(tmp_path: Path) -> None:
    columns = (Column("role", "Role", FieldType.SHORT_TEXT), Column("count", "People", FieldType.NUMBER))
    with KeptLines(tmp_path / "lines", TOGETHER, columns) as kept:
        kept.keep(1, ("Admin", 3))

    found = comparison_with(tmp_path / "lines", TOGETHER, ("role", "count"))
    assert found is not None
    change = found.see(2, ("admin ", 4))

    assert change is not None
    assert (change.change, change.before["count"], change.after["count"]) == (Change.CHANGED, 3, 4)


def test_that_another_question_lines_that_are_gone_or_too_many_are_not_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "lines"
    with KeptLines(file, EACH, COLUMNS) as kept:
        kept.keep(1, ("a", "x"))

    assert comparison_with(file, TOGETHER, KEYS) is None
    file.write_bytes(file.read_bytes()[:-4])
    assert comparison_with(file, EACH, KEYS) is None
    assert comparison_with(tmp_path / "gone", EACH, KEYS) is None
    monkeypatch.setattr(kept_lines, "MOST_COMPARED", 1)
    with KeptLines(file, EACH, COLUMNS) as kept:
        kept.keep(1, ("a", "x"))
        kept.keep(2, ("b", "x"))
    assert kept.name == ""
    assert not file.exists()


def test_that_a_column_that_was_added_to_the_report_changes_no_line(tmp_path: Path) -> None:
    with KeptLines(tmp_path / "lines", EACH, COLUMNS[:1]) as kept:
        kept.keep(1, ("a",))

    found = comparison_with(tmp_path / "lines", EACH, KEYS)
    assert found is not None
    assert found.see(1, ("a", "x")) is None
