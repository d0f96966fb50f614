"""What workflows did: the records that went through, block by block, and the calls that went out."""

from dataclasses import dataclass
from typing import Any

import orjson

from saasdesk.store import Store
from saasdesk.workflows import rows
from saasdesk.workflows.workflow import Workflow


@dataclass(frozen=True, slots=True)
class Passage:
    """One record that went through a workflow, with its steps and its calls."""

    run: rows.RunRow
    steps: tuple[rows.StepRow, ...]
    actions: tuple[rows.ActionRow, ...]

    @property
    def in_words(self) -> str:
        """What happened, in a few words."""
        parts = [
            f"{action.preset}: {action.state}" + (f", {action.verified}" if action.verified else "")
            for action in self.actions
        ]
        return " · ".join([*parts, self.run.message] if self.run.message else parts)


def latest_runs(store: Store, workflow: Workflow | None = None, limit: int = 200) -> list[Passage]:
    """The latest, newest first; of one workflow, or of all."""
    with store.reading(snapshot=True) as db:
        found = rows.runs_of(db, None if workflow is None else workflow.id, limit)
        return [Passage(run, tuple(rows.steps_of(db, run.id)), tuple(rows.actions_of(db, run.id))) for run in found]


def open_calls(store: Store) -> list[rows.ActionRow]:
    """The calls that may have been carried out, and nobody can say."""
    with store.reading() as db:
        return rows.actions_of(db, None, ("unknown", "armed"))


def as_json(passage: Passage) -> dict[str, Any]:
    """One record that went through, as scripts read it."""
    run = passage.run._asdict()
    steps = [{**step._asdict(), "changes": orjson.loads(step.changes)} for step in passage.steps]
    actions = [{**action._asdict(), "targets": orjson.loads(action.targets)} for action in passage.actions]
    return {**run, "steps": steps, "actions": actions}
