"""What workflows did: the records that went through, block by block, and the calls that went out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from saasdesk import notices
from saasdesk.clock import now_text
from saasdesk.fields import ObjectKind
from saasdesk.notices import News, NoticeKind
from saasdesk.store import Connection, Store
from saasdesk.workflows.rows import call_rows, record_rows, run_rows

if TYPE_CHECKING:
    from saasdesk.workflows.workflow import Workflow


@dataclass(frozen=True, slots=True)
class Passage:
    """One record that went through a workflow, with its steps and its calls."""

    run: run_rows.RunRow
    steps: tuple[run_rows.StepRow, ...]
    actions: tuple[call_rows.ActionRow, ...]

    @property
    def in_words(self) -> str:
        """What happened, in a few words."""
        parts = [
            f"{action.preset}: {action.state}" + (f", {action.verified}" if action.verified else "")
            for action in self.actions
        ]
        return " · ".join([*parts, self.run.message] if self.run.message else parts)


def latest_runs(store: Store, workflow: "Workflow | None" = None, limit: int = 200) -> list[Passage]:
    """The latest, newest first; of one workflow, or of all."""
    with store.reading(snapshot=True) as db:
        return _passages(db, run_rows.runs_of(db, None if workflow is None else workflow.id, limit))


def runs_of_record(store: Store, kind: ObjectKind, record: int, limit: int = 200) -> list[Passage]:
    """What workflows did with one record, newest first."""
    with store.reading(snapshot=True) as db:
        return _passages(db, run_rows.runs_of_record(db, kind.value, record, limit))


def _passages(db: Connection, runs: Sequence[run_rows.RunRow]) -> list[Passage]:
    return [Passage(run, tuple(run_rows.steps_of(db, run.id)), tuple(call_rows.actions_of(db, run.id))) for run in runs]


def application_of(store: Store, saas_user: int) -> int | None:
    """The SaaS application of a SaaS user that went through; None when it is not here any more."""
    with store.reading() as db:
        return record_rows.application_of(db, saas_user)


def verified_by_run(store: Store, runs: Sequence[int]) -> dict[int, str]:
    """What reading back showed last, by run; a run in which nothing was read back is left out."""
    with store.reading(snapshot=True) as db:
        return {
            run: shown
            for run in runs
            if (shown := next((s.verified for s in run_rows.steps_of(db, run)[::-1] if s.verified), ""))
        }


def recover(store: Store) -> None:
    """Once at start, while nothing can be running: what was on its way when the program ended is not known.

    Each such call is told of: a person looks at the vendor and decides.
    """

    def work(db: Connection) -> None:
        at = now_text()
        left = call_rows.after_a_crash(db, at)
        if left:
            calls = "1 call" if left == 1 else f"{left} calls"
            body = "The program ended while a vendor was being called. Look at the users there; nothing is sent again."
            title = f"{calls} of a workflow may have been carried out"
            notices.tell(db, News("workflow-unknown", NoticeKind.WORKFLOW, title, body, "activity:runs"), at)

    with store.reading() as db:
        is_needed = call_rows.has_open_ends(db)
    if is_needed:
        store.write(work)


def open_calls(store: Store) -> list[call_rows.ActionRow]:
    """The calls that may have been carried out, and nobody can say."""
    with store.reading() as db:
        return call_rows.actions_of(db, None, ("unknown", "armed"))


def as_json(passage: Passage) -> dict[str, Any]:
    """One record that went through, as scripts read it."""
    run = passage.run._asdict()
    steps = [
        {**step._asdict(), **{key: orjson.loads(getattr(step, key)) for key in ("changes", "inputs", "variables")}}
        for step in passage.steps
    ]
    actions = [{**action._asdict(), "targets": orjson.loads(action.targets)} for action in passage.actions]
    return {**run, "steps": steps, "actions": actions}
