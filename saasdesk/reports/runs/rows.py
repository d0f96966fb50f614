"""SQL of the runs of reports, and of since when they run by themselves."""

import json
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields, replace
from enum import StrEnum
from typing import Any

from saasdesk.store import Connection


class RunStatus(StrEnum):
    """How a run ended: held is what could not be put into its folder yet."""

    COMPLETED = "completed"
    HELD = "held"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class RunRow:
    """One run. In the profile's folder of reports lie its lines under the name `kept`, to compare with, and its file
    in the folder `parcel`, as long as that is on its way."""

    id: int
    report: str
    began_at: str
    ended_at: str
    started_by: str
    who: str
    status: RunStatus
    format: str
    lines: int = 0
    file: str = ""
    sha256: str = ""
    kept: str = ""
    parcel: str = ""
    added: int | None = None
    removed: int | None = None
    changed: int | None = None
    mailed_to: tuple[str, ...] = ()
    problem: str = ""
    next_try_at: str | None = None


_COLUMNS = tuple(field.name for field in fields(RunRow))
_SELECT = f"SELECT {', '.join(_COLUMNS)} FROM report_run"


def _run(row: Sequence[Any]) -> RunRow:
    found = RunRow(*row)
    return replace(found, status=RunStatus(found.status), mailed_to=tuple(json.loads(str(found.mailed_to))))


def _stored(run: RunRow) -> list[Any]:
    kept = replace(run, mailed_to=())
    values = dict(zip(_COLUMNS, astuple(kept), strict=True))
    values |= {"status": run.status.value, "mailed_to": json.dumps(list(run.mailed_to))}
    return [values[name] for name in _COLUMNS if name != "id"]


def insert_run(db: Connection, run: RunRow) -> RunRow:
    """Note a run, and return it with its number."""
    names = [name for name in _COLUMNS if name != "id"]
    cursor = db.execute_sql(
        f"INSERT INTO report_run ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})", _stored(run)
    )
    return replace(run, id=int(cursor.lastrowid or 0))


def update_run(db: Connection, run: RunRow) -> None:
    """Note what became of a run since."""
    names = [name for name in _COLUMNS if name != "id"]
    db.execute_sql(
        f"UPDATE report_run SET {', '.join(f'{name} = ?' for name in names)} WHERE id = ?", [*_stored(run), run.id]
    )


def runs_of(db: Connection, report: str, limit: int) -> list[RunRow]:
    """The latest runs of a report, newest first."""
    found = db.execute_sql(f"{_SELECT} WHERE report = ? ORDER BY id DESC LIMIT ?", (report, limit))
    return [_run(row) for row in found.fetchall()]


def latest_kept(db: Connection, report: str) -> RunRow | None:
    """The latest run whose lines can be compared with."""
    row = db.execute_sql(f"{_SELECT} WHERE report = ? AND kept != '' ORDER BY id DESC LIMIT 1", (report,)).fetchone()
    return None if row is None else _run(row)


def held_runs(db: Connection, until: str) -> list[RunRow]:
    """What waits for its folder and may be tried again, oldest first."""
    sql = f"{_SELECT} WHERE status = 'held' AND next_try_at <= ? ORDER BY id"
    return [_run(row) for row in db.execute_sql(sql, (until,)).fetchall()]


def delivered_files(db: Connection, report: str) -> list[RunRow]:
    """The runs by themselves whose file arrived, newest first; of several with one name the newest."""
    found = db.execute_sql(
        f"""{_SELECT} WHERE id IN (
                SELECT max(id) FROM report_run
                WHERE report = ? AND status = 'completed' AND started_by = 'schedule' AND file != ''
                GROUP BY file)
            ORDER BY id DESC""",
        (report,),
    )
    return [_run(row) for row in found.fetchall()]


def forget_kept(db: Connection, report: str, but: int) -> list[str]:
    """Only the latest run is compared with: returns the names of the lines of others, which nobody needs any more."""
    others = "FROM report_run WHERE report = ? AND id != ? AND kept != ''"
    names = [name for (name,) in db.execute_sql(f"SELECT kept {others}", (report, but)).fetchall()]
    db.execute_sql("UPDATE report_run SET kept = '' WHERE report = ? AND id != ?", (report, but))
    return names


def forget_files(db: Connection, numbers: Sequence[int]) -> None:
    """The files of these runs have made room for later ones."""
    db.connection().executemany("UPDATE report_run SET file = '' WHERE id = ?", [(number,) for number in numbers])


def forget_runs_before(db: Connection, report: str, most: int) -> None:
    """Keep only so many runs; what is still held stays."""
    db.execute_sql(
        """DELETE FROM report_run WHERE report = ?1 AND status != 'held' AND id NOT IN (
               SELECT id FROM report_run WHERE report = ?1 ORDER BY id DESC LIMIT ?2)""",
        (report, most),
    )


def rename_runs(db: Connection, before: str, after: str) -> None:
    """The report has another name."""
    db.execute_sql("UPDATE report_run SET report = ? WHERE report = ?", (after, before))


def needed_files(db: Connection) -> set[str]:
    """What lies in the profile's folder of reports and is still needed: lines, files held, files to be mailed."""
    found = db.execute_sql(
        """SELECT kept FROM report_run WHERE kept != ''
           UNION SELECT parcel FROM report_run WHERE status = 'held'
           UNION SELECT substr(attachment, 1, instr(attachment, '/') - 1) FROM mail
               WHERE attachment != '' AND sent_at IS NULL AND given_up_at IS NULL"""
    )
    return {name for (name,) in found.fetchall()}


def times_of_report(db: Connection, report: int) -> tuple[str, str]:
    """When a report was made, and when its document was last kept."""
    row = db.execute_sql("SELECT created_at, updated_at FROM report WHERE id = ?", (report,)).fetchone()
    return ("", "") if row is None else (row[0], row[1])


def scheduled_since(db: Connection, report: int) -> tuple[str, str]:
    """The schedule that was last seen of a report, and since when it counts; empty texts where there was none."""
    row = db.execute_sql("SELECT schedule, since FROM report_schedule WHERE report = ?", (report,)).fetchone()
    return ("", "") if row is None else (row[0], row[1])


def note_schedule(db: Connection, report: int, schedule: str, since: str) -> None:
    """Slots count from here on; those of another schedule, or of a report that had this number, count no more."""
    db.execute_sql("DELETE FROM slot WHERE kind = 'report' AND subject = ?", (report,))
    db.execute_sql(
        """INSERT INTO report_schedule (report, schedule, since) VALUES (?, ?, ?)
           ON CONFLICT (report) DO UPDATE SET schedule = excluded.schedule, since = excluded.since""",
        (report, schedule, since),
    )
