"""Reports that run by themselves: which are due, their file into its folder and to their readers; nothing gets lost.

A file that its folder does not take is held in the profile as it was at its time, and put there as soon as it can be.
"""

import secrets
import threading
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from saasdesk import notices
from saasdesk.clock import as_text, from_text, now
from saasdesk.errors import Cancelled, UserError
from saasdesk.jobs import Tell
from saasdesk.notices import News, NoticeKind
from saasdesk.notices.rows import queue_mail
from saasdesk.reports.csv_export import inside, manifest_beside
from saasdesk.reports.pdf_export import DrawPdf
from saasdesk.reports.report.delivery import Delivery
from saasdesk.reports.report.document import ReportDocument
from saasdesk.reports.report.reports import ReportRow, list_reports
from saasdesk.reports.runs import rows
from saasdesk.reports.runs.keeping import let_older_go
from saasdesk.reports.runs.rows import RunRow, RunStatus
from saasdesk.reports.runs.running import BY_SCHEDULE, blank_run, note, remove, run_into, tidy
from saasdesk.reports.runs.words import in_words
from saasdesk.reports.whole_file import copy_whole, sentences_for_disk_errors
from saasdesk.schedule import latest_slot, next_slot, slot_key
from saasdesk.schedule import rows as slots
from saasdesk.store import Connection, Store

_KIND = "report"
# The window looks every half minute; a folder that is gone need not be asked that often.
_TRY_AGAIN_AFTER = timedelta(minutes=5)


def next_run(document: ReportDocument, moment: datetime | None = None) -> str | None:
    """When a report runs next, in UTC; None where it does not run by itself."""
    if document.schedule is None or not document.runs_by_itself:
        return None
    return as_text(next_slot(document.schedule, moment or now()))


def has_scheduled_reports(store: Store) -> bool:
    """Whether any report runs by itself."""
    return any(report.document.runs_by_itself for report in list_reports(store))


def run_due_reports(
    store: Store,
    *,
    moment: datetime | None = None,
    all_held: bool = False,
    draw_pdf: DrawPdf | None = None,
    tell: Tell = lambda _news: None,
    stop: threading.Event | None = None,
) -> list[RunRow]:
    """Put what is held into its folder, then run what is due; nothing while all schedules are paused.

    What is held is tried every few minutes, and with `all_held` at once.
    """
    moment, stop = moment or now(), stop or threading.Event()
    if store.settings().scheduling_paused:
        return []
    known = list_reports(store)
    done = _retry_held(store, known, moment, all_held=all_held)
    for report in known:
        slot = _due_slot(store, report, moment)
        if slot and not stop.is_set():
            done.append(_run(store, report, slot, moment, tell, stop, draw_pdf))
    if done:
        tidy(store)
    return done


def _due_slot(store: Store, report: ReportRow, moment: datetime) -> str:
    """The latest slot of a report that nobody has taken; empty where there is none."""
    schedule = report.document.schedule if report.document.runs_by_itself else None
    with store.reading() as db:
        created_at, changed_at = rows.times_of_report(db, report.id)
        known, since = rows.scheduled_since(db, report.id)
    seen = f"{created_at} {schedule.model_dump_json()}" if schedule is not None else ""
    if seen != known:
        # Slots count from when the schedule was set, not from when somebody first looked.
        since = changed_at
        store.write(lambda db: rows.note_schedule(db, report.id, seen, since))
    if schedule is None:
        return ""
    slot = latest_slot(schedule, moment)
    if slot is None or slot < from_text(since):
        return ""
    key = slot_key(schedule, slot)
    with store.reading() as db:
        return "" if slots.is_slot_taken(db, _KIND, report.id, key) else key


def _run(
    store: Store,
    report: ReportRow,
    slot: str,
    moment: datetime,
    tell: Tell,
    stop: threading.Event,
    draw_pdf: DrawPdf | None,
) -> RunRow:
    document, delivery = report.document, _delivery_of(report)
    began_at = as_text(now())
    parcel = store.profile.reports / f"run-{secrets.token_hex(8)}"
    name = delivery.file_name(document.name, moment)
    try:
        with sentences_for_disk_errors(parcel):
            parcel.mkdir(mode=0o700, parents=True)
        run = run_into(store, document, parcel / name, BY_SCHEDULE, tell, stop, draw_pdf).row
        run = _deliver(
            replace(run, parcel=parcel.name, file=name, mailed_to=delivery.contacts), parcel, delivery, moment
        )
    except UserError as problem:
        remove(parcel)
        failed = blank_run(document, BY_SCHEDULE, began_at, delivery.format)
        run = replace(failed, status=RunStatus.FAILED, problem=str(problem))
    except Cancelled:
        # Nobody has taken the slot: it is run at the next look.
        remove(parcel)
        raise

    has_server = bool(store.settings().smtp_host)

    def also(db: Connection, kept: RunRow) -> None:
        slots.take_slot(db, _KIND, report.id, slot, as_text(moment))
        if kept.status is not RunStatus.FAILED:
            _queue_mail(db, kept, name, has_server=has_server)
        _tell(db, kept, as_text(moment))

    run = note(store, run, also)
    if run.status is RunStatus.COMPLETED and delivery.folder:
        let_older_go(store, document.name, Path(delivery.folder), delivery.keep)
        if not run.mailed_to:
            remove(parcel)
    return run


def _delivery_of(report: ReportRow) -> Delivery:
    delivery = report.document.delivery
    if delivery is None:
        raise ValueError(f"report {report.id} has a schedule and goes nowhere")
    return delivery


def _deliver(run: RunRow, parcel: Path, delivery: Delivery, moment: datetime) -> RunRow:
    """Put a file that is written into its folder; where that does not take it, the run is held."""
    name = Path(run.file).name
    if not delivery.folder:
        return replace(run, status=RunStatus.COMPLETED, file=name, problem="", next_try_at=None)
    folder = Path(delivery.folder)
    target = folder / name
    try:
        target = inside(folder, name)
        copy_whole({parcel / name: target, manifest_beside(parcel / name): manifest_beside(target)})
    except UserError as problem:
        again = as_text(moment + _TRY_AGAIN_AFTER)
        return replace(run, status=RunStatus.HELD, file=str(target), problem=str(problem), next_try_at=again)
    return replace(run, status=RunStatus.COMPLETED, file=str(target), problem="", next_try_at=None)


def _retry_held(store: Store, known: list[ReportRow], moment: datetime, *, all_held: bool) -> list[RunRow]:
    """Put into its folder what is held; the folder is that which the report names by now."""
    until = as_text(moment + _TRY_AGAIN_AFTER if all_held else moment)
    with store.reading() as db:
        held = rows.held_runs(db, until)
    deliveries = {report.document.name.casefold(): report.document.delivery for report in known}
    done = []
    for run in held:
        delivery = deliveries.get(run.report.casefold())
        parcel = store.profile.reports / run.parcel
        if delivery is None or not delivery.folder:
            problem = "The report goes to no folder any more."
            tried = replace(run, status=RunStatus.FAILED, problem=problem, next_try_at=None)
        else:
            tried = _deliver(run, parcel, delivery, moment)
        _note_again(store, tried, moment)
        if tried.status is not RunStatus.HELD:
            done.append(tried)
        if tried.status is RunStatus.COMPLETED and delivery is not None:
            let_older_go(store, tried.report, Path(delivery.folder), delivery.keep)
    return done


def _note_again(store: Store, run: RunRow, moment: datetime) -> None:
    def work(db: Connection) -> None:
        rows.update_run(db, run)
        _tell(db, run, as_text(moment))

    store.write(work)


def _queue_mail(db: Connection, run: RunRow, name: str, *, has_server: bool) -> None:
    news = News(f"report:{run.report}", NoticeKind.REPORT, f"Report “{run.report}”", in_words(run))
    for contact in run.mailed_to:
        queue_mail(db, contact, news, run.ended_at, f"{run.parcel}/{name}")
    if run.mailed_to and not has_server:
        title = f"“{run.report}” cannot be mailed"
        body = "No mail server is set. Enter it in Settings, Mail; what waits is sent then."
        missing = News(f"report-mail:{run.report}", NoticeKind.MAIL, title, body, "settings:mail", once=True)
        notices.tell(db, missing, run.ended_at)
    elif run.mailed_to:
        notices.settle(db, f"report-mail:{run.report}", run.ended_at)


def _tell(db: Connection, run: RunRow, at: str) -> None:
    cause = f"report:{run.report}"
    if run.status is RunStatus.COMPLETED:
        notices.settle(db, cause, at)
        return
    if run.status is RunStatus.HELD:
        title = f"“{run.report}” waits for its folder"
        body = f"{run.problem} The file is kept, and put there as soon as that works."
    else:
        title, body = f"“{run.report}” could not run", run.problem
    notices.tell(db, News(cause, NoticeKind.REPORT, title, body, f"reports:{run.report}", once=True), at)
