"""What a preview fetched, kept in a private file of its own until it is applied, replaced or a day old."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson

from saasdesk.clock import from_text, now
from saasdesk.connectors import Evidence
from saasdesk.fields import ObjectKind
from saasdesk.store import Connection, Stage, Store
from saasdesk.sync.completeness import Verdict
from saasdesk.sync.integration import Integration, to_json
from saasdesk.sync.kept_plans import rows as kept_plans
from saasdesk.sync.preparation import Terms
from saasdesk.sync.previews import rows
from saasdesk.sync.staging.shape import StagedField, StageShape

# What a vendor said yesterday is no ground for changing records today.
GOOD_FOR = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Content:
    """What has to be known beside the staged records to plan them once more."""

    session: int
    document: str
    shape: StageShape
    verdict: Verdict
    evidence: Evidence
    terms: Terms
    # (record, message) of rows of the vendor that were no records.
    problems: tuple[tuple[str, str], ...]
    # Whether some of the list was not even looked at.
    is_part: bool


def keep_content(
    store: Store,
    stage: Stage,
    integration: Integration,
    session: int,
    *,
    shape: StageShape,
    verdict: Verdict,
    evidence: Evidence,
    terms: Terms,
    problems: list[tuple[str, str]],
    is_part: bool,
) -> None:
    """Keep what this session fetched and planned."""
    content = Content(session, to_json(integration.document), shape, verdict, evidence, terms, tuple(problems), is_part)
    rows.write_content(stage, orjson.dumps(content).decode())
    store.keep_stage(stage, store.profile.preview(session))


def read_content(stage: Connection) -> Content:
    """What was kept beside the staged records."""
    values = orjson.loads(rows.read_content(stage))
    return Content(
        session=values["session"],
        document=values["document"],
        shape=shape_from(values["shape"]),
        verdict=Verdict(**values["verdict"]),
        evidence=Evidence(**values["evidence"]),
        terms=Terms(**values["terms"]),
        problems=tuple((record, message) for record, message in values["problems"]),
        is_part=values["is_part"],
    )


def forget_old_previews(store: Store) -> None:
    """Remove what belongs to no plan any more, or to one that is too old to be applied."""
    with store.reading() as db:
        plans = [
            plan for plan in kept_plans.plans(db, kind="preview", state="preview") if not is_too_old(plan.created_at)
        ]
    wanted = {store.profile.preview(plan.session) for plan in plans}
    for file in store.profile.previews():
        if file not in wanted:
            file.unlink(missing_ok=True)


def is_too_old(created_at: str) -> bool:
    """Whether so much time has passed since that the vendor should be read again."""
    return now() - from_text(created_at) > GOOD_FOR


def shape_from(values: dict[str, Any]) -> StageShape:
    """The shape of what was staged, as it was kept."""
    return StageShape(
        **{
            **values,
            "kind": ObjectKind(values["kind"]),
            "main": tuple(StagedField(**field) for field in values["main"]),
            "saas_users": tuple(StagedField(**field) for field in values["saas_users"]),
            "owner_sources": tuple(values["owner_sources"]),
        }
    )
