"""Carry an import out as its plan was shown, less what was unticked; and take it back again."""

import threading
from itertools import groupby

from saasdesk.clock import from_text, now_text
from saasdesk.errors import Cancelled, ExitCode, UserError
from saasdesk.fields import ObjectKind
from saasdesk.jobs import Tell
from saasdesk.records.apply import Cause, ChangeKind, FieldEdit, RecordEdit, apply, apply_edits
from saasdesk.store import Connection, Stage, Store
from saasdesk.store.audit import changes_hash, operating_system_user, record
from saasdesk.sync import rows as session_rows
from saasdesk.sync.by_hand import begin_by_hand, finish_by_hand
from saasdesk.sync.events import Status, SyncResult
from saasdesk.sync.imports import rows
from saasdesk.sync.imports.importing import (
    FileSession,
    ImportContent,
    left_alone,
    make_import_plan,
    problems_of,
    read_content,
)
from saasdesk.sync.kept_plans import rows as kept_plans
from saasdesk.sync.kept_plans.rows import PlanRow
from saasdesk.sync.plan import Plan, counted_again
from saasdesk.sync.preparation import COLUMNS_A_RECORD
from saasdesk.sync.previews import rows as previews
from saasdesk.sync.previews.applying import LEFT_OUT, MOVED, why_moved, why_not_applicable
from saasdesk.sync.previews.keeping import forget_old_previews
from saasdesk.sync.previews.rows import Unticked
from saasdesk.sync.rows import Problem, SessionRow
from saasdesk.sync.session_changes import rows as session_changes
from saasdesk.sync.staging.rows import filling, outcome
from saasdesk.sync.turns import TURNS, Claim, Shared, Turns
from saasdesk.sync.underway import no_counts

IMPORT = "import"
# Somebody may edit records while the plan is looked at once more; after so many times it is left alone.
_MOST_PLANS = 3


def apply_import(
    store: Store, plan: int, unticked: Unticked, tell: Tell, stop: threading.Event, turns: Turns = TURNS
) -> SyncResult:
    """Write what the plan of an import says, without what was unticked; raises where it cannot be applied at all."""
    with store.reading() as db:
        found = kept_plans.plan_by_id(db, plan)
        if found is None or not found.is_import:
            raise UserError(f"Plan {plan} is no import.")
        reason = why_not_applicable(store, db, found, None)
    if reason:
        raise UserError(f"Plan {plan} cannot be applied. {reason}")
    name = found.integration_name
    session = store.write(lambda db: session_rows.begin_session_for(db, None, name, IMPORT, "by hand", now_text()))
    application = _Application(store, found, unticked, session, tell, stop, turns)
    return application.ended(application.carry_out)


class _Application(FileSession):
    """The steps of applying one import."""

    def __init__(
        self,
        store: Store,
        plan: PlanRow,
        unticked: Unticked,
        session: int,
        tell: Tell,
        stop: threading.Event,
        turns: Turns,
    ) -> None:
        super().__init__(store, plan.integration_name, session, tell, stop)
        self._plan, self._unticked, self._turns = plan, unticked, turns
        self.facts = {}

    def carry_out(self) -> SyncResult:
        """Wait until nobody else writes, look at the plan once more, and write it."""
        store, stop = self._store, self._stop
        claims = [Claim(Shared.RECORDS, store.profile.uuid)]
        with self._turns.turn(self._name, claims, stop, self._wait, takes_place=True):
            store.write(lambda db: session_rows.begin_reading(db, self._session, now_text()))
            self._phase("Looking whether the plan still holds")
            with store.stage(stop, store.profile.preview(self._plan.session)) as stage:
                content = read_content(stage)
                self.facts = content.facts
                self._refuse_deleted_fields(content)
                result = self._apply(stage, content)
        forget_old_previews(store)
        return result

    def _refuse_deleted_fields(self, content: ImportContent) -> None:
        wanted = [field.name for field in content.shape.main]
        with self._store.reading() as db:
            gone = rows.missing_columns(db, content.kind, wanted)
        if gone:
            raise UserError(f"The field “{gone[0]}” was deleted since. Nothing was changed; import the file again.")

    def _apply(self, stage: Stage, content: ImportContent) -> SyncResult:
        for _ in range(_MOST_PLANS):
            outcome.clear_plan(stage)
            previews.forget_choice(stage)
            plan = make_import_plan(stage, content)
            filling.begin(stage)
            previews.narrow(stage, content.shape, self._plan.id, self._unticked)
            filling.commit(stage)
            if self._stop.is_set():
                raise Cancelled
            result = self._write(stage, content, counted_again(stage, content.shape, plan))
            if result is not None:
                return result
        raise UserError("Records kept changing while the plan was looked at. Apply it again.", ExitCode.PARTLY)

    def _write(self, stage: Stage, content: ImportContent, plan: Plan) -> SyncResult | None:
        self._store.require_space(plan.counts["created"] + plan.counts["updated"], COLUMNS_A_RECORD)
        problems = [*problems_of(stage), *self._left_out(stage)]
        counted = [problem for problem in problems if not problem[4]]
        status = Status.COMPLETED_WITH_ERRORS if counted else Status.COMPLETED
        code = int(ExitCode.PARTLY if counted else ExitCode.DONE)
        message = left_alone(counted)
        self._set_status(Status.APPLYING)
        self._phase("Saving")
        cause = Cause(f"import of {self._name}", operating_system_user(), session=self._session)

        def work(db: Connection) -> bool:
            at = now_text()
            if outcome.live_position(db, "main") != plan.position:
                return False
            if self._stop.is_set():
                raise Cancelled
            rows.keep_former_feeders(db, content.kind, self._session)
            apply(db, "stage", content.kind, cause, at)
            rows.look_again(db, content.kind)
            session_rows.insert_errors(db, self._session, problems)
            kept_plans.decide_plan(db, self._plan.id, "applied", operating_system_user(), at)
            digest = changes_hash(db, self._session)
            session_rows.finish_session(
                db,
                self._session,
                status=status,
                counts=plan.counts,
                evidence=self._evidence(None),
                message=message,
                exit_code=code,
                changes_hash=digest,
                at=at,
            )
            detail = {
                "session": self._session,
                "object": content.kind.value,
                "counts": plan.counts,
                "unticked": len(self._unticked),
                "changes": digest,
            }
            record(db, "records.imported", self._name, detail)
            return True

        if not self._store.write_with_stage(stage, work, self._stop):
            return None
        return self._result(status, code, message, plan.counts, problems, None)

    def _left_out(self, stage: Stage) -> list[Problem]:
        """Lines of the plan that are not applied: unticked, or not as they were shown any more."""
        with self._store.reading() as db:
            labels = session_rows.field_labels(db)
        told = previews.vendor_ids_with_problems(stage)
        found: list[Problem] = []
        for line in previews.lines_left_out(stage):
            if line.unticked:
                field = labels.get((line.object, line.field), line.field)
                what = f"{field} was unticked." if field else "Unticked."
                found.append((line.vendor_id, line.label, LEFT_OUT, what, True))
            elif line.vendor_id not in told:
                found.append((line.vendor_id, line.label, MOVED, why_moved(stage, line, labels), line.hangs))
        return found


# ----- taking it back


def why_not_undone(session: SessionRow) -> str:
    """Why a session is no import that could be taken back, in a sentence; empty where it is."""
    if session.kind != IMPORT or session.status not in (Status.COMPLETED, Status.COMPLETED_WITH_ERRORS):
        return "There is no import to take back."
    if session.undone_at:
        day = from_text(session.undone_at).astimezone()
        return f"The import was taken back on {day.day} {day:%b %Y}."
    return ""


def undo_import(store: Store, session: int) -> tuple[int, int]:
    """Take an import back; returns how many records are as they were, and how many were changed since and stay.

    What it changed gets its former values and feeders; what it made is archived, since nothing is ever lost here.

    A UserError where it is no import, or was taken back already.
    """

    def work(db: Connection) -> tuple[int, int]:
        found = session_rows.session_by_id(db, session)
        reason = why_not_undone(found) if found is not None else f"There is no session {session}."
        if found is None or reason:
            raise UserError(reason)
        name = found.integration_name
        undo = begin_by_hand(db, None, name, "undo", f"undo of the import of {name}")
        counts = no_counts()
        back = stayed = 0
        for kind in (ObjectKind.PEOPLE, ObjectKind.ASSETS):
            updates = _former_values(db, session, kind)
            refused = {edit.record for edit in apply_edits(db, kind, updates, undo.cause, undo.at)}
            for edit in updates:
                if edit.record not in refused:
                    rows.give_feeders_back(db, kind, session, edit.record, [field.field for field in edit.fields])
            made = rows.records_made(db, session, kind)
            archived = [
                RecordEdit(ChangeKind.ARCHIVE, number, "", "its import was taken back")
                for number, is_touched in made
                if not is_touched
            ]
            apply_edits(db, kind, archived, undo.cause, undo.at)
            counts[kind.value]["updated"] = len(updates) - len(refused)
            counts["updated"] += len(updates) - len(refused)
            back += len(updates) - len(refused) + len(archived)
            stayed += len(refused) + len(made) - len(archived)
        session_changes.set_undone(db, session, undo.at)
        digest = finish_by_hand(db, undo, counts, f"Took back the import of session {session}.{_stayed(stayed)}")
        record(db, "session.undone", name, {"undone": session, "records": back, "session": undo.id, "changes": digest})
        return back, stayed

    return store.write(work)


def _former_values(db: Connection, session: int, kind: ObjectKind) -> list[RecordEdit]:
    written = [line for line in rows.values_written(db, session) if line[0] == kind.value]
    return [
        RecordEdit(
            ChangeKind.UPDATE,
            number,
            "",
            "its import was taken back",
            tuple(FieldEdit(field, after, before) for _, _, field, before, after in lines),
        )
        for number, lines in groupby(written, key=lambda line: line[1])
    ]


def _stayed(count: int) -> str:
    if not count:
        return ""
    return f" {count:,} {'record was' if count == 1 else 'records were'} changed since and stay as they are."
