"""Reports that run by themselves: when, whereto, and what becomes of them when a folder does not take them."""

import csv
import errno
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from saasdesk.errors import Cancelled
from saasdesk.notices import list_notices
from saasdesk.notices.outbox import list_mail, send_waiting
from saasdesk.profile import open_profile
from saasdesk.reports import whole_file
from saasdesk.reports.report.document import ReportDocument
from saasdesk.reports.report.reports import add_report, list_reports, save_report
from saasdesk.reports.runs import RunStatus
from saasdesk.reports.runs.due import next_run, run_due_reports
from saasdesk.reports.runs.rows import RunRow
from saasdesk.reports.runs.running import list_runs, tidy
from saasdesk.store import Store
from tests.notices.mail_server import MailServer, text_of
from tests.reports.dashboards.company import fill

DAY = timedelta(days=1)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def store(profile_dir: Path) -> Iterator[Store]:
    with Store.open(open_profile(profile_dir)) as opened:
        fill(opened, people=12)
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "to the manager"
    made.mkdir()
    return made


def keep(store: Store, folder: Path | None, *, name: str = "Roles", **delivery: object) -> int:
    goes = {"folder": str(folder)} if folder is not None else {}
    data = {
        "name": name,
        "object": "saas_users",
        "group_by": ["saas_application", "role"],
        "schedule": {"every": "day", "at": "09:00", "timezone": "UTC"},
        "delivery": goes | delivery,
    }
    return add_report(store, ReportDocument.model_validate(data)).id


def nine(days: int = 1) -> datetime:
    """Nine o'clock in so many days, and a minute."""
    return datetime.now(UTC).replace(hour=9, minute=1, second=0, microsecond=0) + days * DAY


def run(store: Store, moment: datetime, *, all_held: bool = False) -> list[RunRow]:
    return run_due_reports(store, moment=moment, all_held=all_held)


def told(store: Store) -> list[tuple[str, str]]:
    return [(notice.title, notice.body) for notice in list_notices(store) if notice.solved_at is None]


def test_that_a_report_runs_at_its_time_once_into_its_folder_with_its_manifest(store: Store, folder: Path) -> None:
    keep(store, folder, file="{report} of {date}")

    early = run(store, nine(0) - 2 * DAY)
    (done,) = run(store, nine())
    again = run(store, nine() + MINUTE)
    (tomorrow,) = run(store, nine(2))

    assert (early, again) == ([], [])
    file = folder / f"Roles of {nine().astimezone():%Y-%m-%d}.csv"
    assert (done.status, done.file, done.started_by) == (RunStatus.COMPLETED, str(file), "schedule")
    with file.open(encoding="utf-8-sig", newline="") as opened:
        assert len(list(csv.DictReader(opened))) == done.lines
    assert file.with_name(f"{file.name}.manifest.json").exists()
    assert (tomorrow.added, tomorrow.removed, tomorrow.changed) == (0, 0, 0)
    assert [each.id for each in list_runs(store, "roles")] == [tomorrow.id, done.id]
    # Only the lines that the next run is compared with are kept in the profile.
    assert [path.name for path in store.profile.reports.iterdir()] == [tomorrow.kept]


def test_that_slots_from_before_the_schedule_and_during_a_rest_are_not_made_up_for(store: Store, folder: Path) -> None:
    number = keep(store, folder)
    report = list_reports(store)[0].document
    assert report.delivery is not None
    rest = report.delivery.model_copy(update={"paused": True})

    save_report(store, number, report.model_copy(update={"delivery": rest}))

    assert run(store, nine()) == []
    assert next_run(list_reports(store)[0].document) is None
    save_report(store, number, report)
    # It was resumed today: what was due before is gone, the next one comes.
    assert run(store, datetime.now(UTC)) == []
    assert [each.status for each in run(store, nine())] == [RunStatus.COMPLETED]


def test_that_nothing_runs_while_all_schedules_are_paused(store: Store, folder: Path) -> None:
    keep(store, folder)
    store.save_setting("scheduling_paused", "true")

    assert run(store, nine()) == []


@pytest.mark.parametrize("trouble", ["gone", "full", "read-only"])
def test_p12_that_a_file_whose_folder_does_not_take_it_is_held_told_of_and_put_there_later(
    store: Store, folder: Path, trouble: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(store, folder)
    sentences = {"gone": "is not there", "full": "The disk is full", "read-only": "You may not write"}
    if trouble == "gone":
        folder.rmdir()
    else:
        code = errno.ENOSPC if trouble == "full" else errno.EROFS

        def refuse(*_: object, **__: object) -> None:
            raise OSError(code, "no")

        monkeypatch.setattr(whole_file.shutil, "copyfileobj", refuse)

    (held,) = run(store, nine())
    soon = run(store, nine() + MINUTE)
    # The records change meanwhile: what is delivered is what was true at its time.
    store.write(lambda db: db.execute_sql("DELETE FROM saas_user"))
    folder.mkdir(exist_ok=True)
    monkeypatch.undo()
    (delivered,) = run(store, nine() + 6 * MINUTE)

    assert (held.status, soon) == (RunStatus.HELD, [])
    assert sentences[trouble] in held.problem
    assert delivered.id == held.id
    assert delivered.status is RunStatus.COMPLETED
    (file,) = folder.glob("*.csv")
    assert len(file.read_text("utf-8-sig").splitlines()) == held.lines + 1 > 1
    assert told(store) == []
    assert [(notice.title, notice.count) for notice in list_notices(store)] == [("“Roles” waits for its folder", 1)]


def test_that_a_held_file_goes_where_the_report_goes_by_now_and_at_once_when_somebody_asks(
    store: Store, folder: Path, tmp_path: Path
) -> None:
    number = keep(store, tmp_path / "nowhere")
    run(store, nine())
    assert told(store)[0][0] == "“Roles” waits for its folder"
    report = list_reports(store)[0].document
    assert report.delivery is not None
    other = report.delivery.model_copy(update={"folder": str(folder)})
    save_report(store, number, report.model_copy(update={"delivery": other}))

    done = run(store, nine() + MINUTE, all_held=True)

    assert [Path(each.file).parent for each in done] == [folder]
    assert len(list(folder.glob("*.csv"))) == 1


def test_that_only_so_many_files_stay_and_only_those_that_we_put_there_make_room(store: Store, folder: Path) -> None:
    keep(store, folder, keep=2)
    stranger = folder / "Roles 2020-01-01 0900.csv"
    stranger.write_text("mine", "utf-8")
    first = Path(run(store, nine(1))[0].file)
    second = Path(run(store, nine(2))[0].file)
    second.write_text("edited by a colleague", "utf-8")

    files = [Path(run(store, nine(days))[0].file) for days in (3, 4)]

    assert not first.exists()
    assert set(folder.glob("*.csv")) == {stranger, second, *files}
    assert len(list(folder.glob("*.manifest.json"))) == 3


def test_that_several_reports_go_in_one_mail_with_a_file_each_and_its_subject_says_so(store: Store) -> None:
    for name in ("Roles", "Costs"):
        keep(store, None, contacts=["boss@example.com"], file=name.lower(), name=name)
    store.save_setting("smtp_host", "localhost")
    with MailServer() as server:
        run(store, nine())
        send_waiting(store, server.account, nine())

    (message,) = server.messages
    assert message["Subject"] == "saasdesk: 2 reports"
    assert {attached.get_filename() for attached in message.iter_attachments()} == {"roles.csv", "costs.csv"}


def test_that_a_report_goes_by_mail_with_its_file_and_what_is_new_in_it(store: Store) -> None:
    keep(store, None, contacts=["boss@example.com"], file="roles")
    run(store, nine())
    assert told(store)[0][0] == "“Roles” cannot be mailed"
    with MailServer() as server:
        store.save_setting("smtp_host", "localhost")
        send_waiting(store, server.account, nine())
        store.write(
            lambda db: db.execute_sql("UPDATE saas_user SET role = 'Owner' WHERE id = (SELECT min(id) FROM saas_user)")
        )
        (second,) = run(store, nine(2))
        send_waiting(store, server.account, nine(2))

    assert [message["Subject"] for message in server.messages] == ["saasdesk: Report “Roles”"] * 2
    (attached,) = server.messages[1].iter_attachments()
    assert (attached.get_filename(), attached.get_content_type()) == ("roles.csv", "text/csv")
    assert "Owner" in attached.get_content()
    assert second.added == 1
    assert "since the run before 1 added" in text_of(server.messages[1])
    assert "because a report of saasdesk is sent to you" in text_of(server.messages[1])
    assert told(store) == []


def test_that_a_file_that_is_too_large_or_gone_keeps_no_mail_from_going(store: Store) -> None:
    store.save_setting("smtp_host", "localhost")
    keep(store, None, contacts=["boss@example.com"])
    run(store, nine())
    (mail,) = list_mail(store)
    (store.profile.reports / mail.attachment).unlink()

    with MailServer() as server:
        send_waiting(store, server.account, nine())

    assert "is no longer there" in text_of(server.messages[0])
    assert list(server.messages[0].iter_attachments()) == []


def test_p12_that_a_report_on_a_deleted_field_fails_with_a_sentence_and_waits_for_its_next_time(
    store: Store, folder: Path
) -> None:
    number = keep(store, folder)
    report = list_reports(store)[0].document
    broken = report.model_copy(update={"group_by": ("shoe",)})
    save_report(store, number, broken)

    (failed,) = run(store, nine())

    assert (failed.status, list(folder.iterdir())) == (RunStatus.FAILED, [])
    assert "There is no field “shoe” any more" in failed.problem
    assert told(store)[0][0] == "“Roles” could not run"
    assert run(store, nine() + MINUTE) == []
    save_report(store, number, report)
    assert run(store, nine(2))[0].status is RunStatus.COMPLETED
    assert told(store) == []


class _SetLater(threading.Event):
    """A stop that is set as soon as lines are read."""

    looks = 0

    def is_set(self) -> bool:
        self.looks += 1
        return self.looks > 1


def test_that_a_cancelled_run_takes_no_slot_and_leaves_nothing(store: Store, folder: Path) -> None:
    keep(store, folder)

    with pytest.raises(Cancelled):
        run_due_reports(store, moment=nine(), stop=_SetLater())

    assert list(store.profile.reports.iterdir()) == []
    assert [each.status for each in run(store, nine() + MINUTE)] == [RunStatus.COMPLETED]


def test_that_a_renamed_report_keeps_its_history_and_a_crash_leaves_nothing_for_long(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = keep(store, folder)
    run(store, nine())
    left = store.profile.reports / "run-left"
    left.mkdir()
    (left / "half.csv").write_text("half", "utf-8")
    report = list_reports(store)[0].document

    save_report(store, number, report.model_copy(update={"name": "Who may what"}))
    tidy(store)
    assert left.exists()
    monkeypatch.setattr("saasdesk.reports.runs.running.time.time", lambda: 1e12)
    tidy(store)

    assert not left.exists()
    (kept,) = list_runs(store, "Who may what")
    assert (store.profile.reports / kept.kept).exists()
