import csv
import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from saasdesk.errors import UserError
from saasdesk.profile import open_profile
from saasdesk.reports.report.document import ReportDocument
from saasdesk.reports.report.reports import (
    add_report,
    apply_report,
    delete_report,
    every_report,
    find_own,
    find_report,
    list_reports,
    save_report,
)
from saasdesk.reports.report.run import run_report
from saasdesk.reports.report.standard import list_standard
from saasdesk.store import Store
from tests.reports.dashboards.company import fill


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(open_profile(tmp_path / "profile")) as opened:
        yield opened


def report(**what: object) -> ReportDocument:
    return ReportDocument.model_validate({"name": "Mine", "object": "people", **what})


def test_that_a_report_is_kept_changed_and_deleted(store: Store) -> None:
    kept = add_report(store, report())
    changed = save_report(store, kept.id, report(columns=["name"]))
    again = add_report(store, report())

    assert (changed.version, again.document.name) == (2, "Mine 2")
    assert find_report(store, "mine") == changed.document
    with pytest.raises(UserError, match="There is a report “Mine” already"):
        save_report(store, again.id, report())
    delete_report(store, changed)
    assert [each.document.name for each in list_reports(store)] == ["Mine 2"]


def test_that_an_own_report_takes_the_place_of_the_standard_one_of_its_name(store: Store) -> None:
    standard = list_standard()[0]
    mine = report(name=standard.name)

    apply_report(store, mine)
    apply_report(store, mine)

    assert every_report(store)[0] == (mine, False)
    assert find_report(store, standard.name) == mine
    assert len(every_report(store)) == len(list_standard())
    delete_report(store, find_own(store, mine.name))
    assert find_report(store, standard.name) == standard
    with pytest.raises(UserError, match="is a standard report, which stays as it is"):
        find_own(store, standard.name)


def test_that_a_run_writes_the_lines_and_what_was_asked(store: Store, tmp_path: Path) -> None:
    fill(store)
    document = report(name="By department", group_by=["department"], sort=["-count"], format={"delimiter": ";"})

    result = run_report(store, document, tmp_path / "out.csv", lambda _news: None, threading.Event())

    with result.path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file, delimiter=";"))
    counts = [int(line["People"]) for line in lines]
    assert counts == sorted(counts, reverse=True)
    assert len(lines) == result.rows
    manifest = json.loads(result.manifest.read_text("utf-8"))
    assert manifest["what"] == "report “By department”"
    assert manifest["filter"] == "Active people, by Department, sorted by People (descending)"


def test_p10_that_a_name_that_is_a_formula_is_only_text_in_the_file(store: Store, tmp_path: Path) -> None:
    fill(store, people=1)
    store.write(lambda db: db.execute_sql("UPDATE person SET deactivated = 0, department = '=1+1'"))
    document = report(group_by=["department"])
    plain = document.model_copy(update={"format": document.format.model_copy(update={"for_programs": True})})

    for each, shown in ((document, '"\'=1+1"'), (plain, '"=1+1"')):
        result = run_report(store, each, tmp_path / "out.csv", lambda _news: None, threading.Event())
        assert result.path.read_text("utf-8-sig").splitlines()[1] == f'{shown},"1"'


def test_that_a_folder_that_is_gone_is_told_and_leaves_nothing(store: Store, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="is not there"):
        run_report(store, report(), tmp_path / "gone" / "out.csv", lambda _news: None, threading.Event())
