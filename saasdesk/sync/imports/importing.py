"""A file read, mapped and planned: what an import would create and change, and which lines it leaves alone."""

import threading
from dataclasses import asdict, dataclass, replace
from itertools import islice
from typing import Any

import orjson

from saasdesk.clock import now_text
from saasdesk.connectors import Evidence
from saasdesk.errors import Cancelled, ExitCode, UserError
from saasdesk.fields import Field, ObjectKind, fold_key
from saasdesk.fields.rows import list_fields
from saasdesk.jobs import Tell
from saasdesk.mapping import CompiledMapping, MappingProblem, MapRow, Policy, compile_mapping
from saasdesk.mapping.mapping import missing_for_launch
from saasdesk.records.editing import editable_fields
from saasdesk.store import Connection, Stage, Store
from saasdesk.store.variables import list_variables
from saasdesk.sync import rows as session_rows
from saasdesk.sync.events import FilePhase, Status, SyncResult
from saasdesk.sync.fetch import staged_field
from saasdesk.sync.imports import rows
from saasdesk.sync.imports.csv_file import ENCODINGS, CsvFile, FileLine
from saasdesk.sync.imports.source import FileSource, lines_until
from saasdesk.sync.integration import NewFieldRow
from saasdesk.sync.integrations import make_fields
from saasdesk.sync.kept_plans import rows as kept_plans
from saasdesk.sync.plan import Plan, counts_of
from saasdesk.sync.previews import rows as previews
from saasdesk.sync.previews.keeping import forget_old_previews, shape_from
from saasdesk.sync.rows import Problem
from saasdesk.sync.staging.rows import applying, differences, filling, matching, outcome, presence
from saasdesk.sync.staging.shape import StageShape
from saasdesk.sync.underway import Underway

# Causes of lines of a file: what to do about them is done in the file, and not at a vendor.
OF_LINE = "line: "
OWNER = "owner_email"
_AT_ONCE = 500
# What names a record in a list, the first that a line has.
_NAMING = ("name", "email", "username", "hostname", "serial_number")


@dataclass(frozen=True, slots=True)
class FileImport:
    """What an admin decided about one file: whose records its lines are, and what its columns fill."""

    file: CsvFile
    kind: ObjectKind
    mapping: tuple[MapRow, ...]
    preference: str = "create_and_update"
    restore: bool = False
    # Fields to make that are not there yet.
    fields: tuple[NewFieldRow, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportContent:
    """What has to be known beside the staged lines to plan them once more."""

    name: str
    kind: ObjectKind
    shape: StageShape
    preference: str
    restore: bool
    lines: int
    facts: dict[str, Any]


def importable_fields(store: Store, kind: ObjectKind) -> tuple[Field, ...]:
    """The fields that an import may fill: those that a hand may change."""
    with store.reading() as db:
        return editable_fields(db, kind)


def plan_import(store: Store, wanted: FileImport, tell: Tell, stop: threading.Event) -> SyncResult:
    """Read the file and keep the plan of what it would change, to be looked at; no record is written."""
    name = wanted.file.name
    session = store.write(lambda db: session_rows.begin_session_for(db, None, name, "preview", "by hand", now_text()))
    planning = _Planning(store, wanted, session, tell, stop)
    return planning.ended(planning.carry_out)


class FileSession(Underway):
    """A session about a file: it remembers what the file was."""

    facts: dict[str, Any]

    def _news_of_phase(self, text: str) -> object:
        return FilePhase(text)

    def _wait(self, why: str) -> None:
        self._tell(FilePhase(why))

    def _evidence(self, evidence: Evidence | None) -> dict[str, Any]:
        return {**super()._evidence(evidence), **self.facts}


class _Planning(FileSession):
    """The steps of planning one import."""

    def __init__(self, store: Store, wanted: FileImport, session: int, tell: Tell, stop: threading.Event) -> None:
        super().__init__(store, wanted.file.name, session, tell, stop, preview=True)
        self._wanted = wanted
        self.facts = {"file": wanted.file.name, "encoding": ENCODINGS[wanted.file.format.encoding], "lines": 0}

    def carry_out(self) -> SyncResult:
        """Read, map, plan and keep."""
        store, wanted = self._store, self._wanted
        if wanted.fields:
            store.write(lambda db: make_fields(db, wanted.fields))
        compiled = compile_for_import(store, wanted)
        shape = shape_of(compiled, wanted.kind)
        store.write(lambda db: session_rows.begin_reading(db, self._session, now_text()))
        with store.stage(self._stop) as stage:
            self._phase("Reading the file")
            filling.create_tables(stage, shape)
            count = self._stage_lines(stage, shape, compiled)
            self.facts["lines"] = count
            if not count:
                raise UserError(
                    f"{self._name} has no line below the names of its columns. Add some, then import again."
                )
            self._phase("Working out the changes")
            content = ImportContent(
                self._name, wanted.kind, shape, wanted.preference, wanted.restore, count, self.facts
            )
            plan = make_import_plan(stage, content)
            if self._stop.is_set():
                raise Cancelled
            problems = problems_of(stage)
            number = self._keep(stage, content, plan, problems)
        forget_old_previews(store)
        status = Status.COMPLETED_WITH_ERRORS if problems else Status.COMPLETED
        code = ExitCode.PARTLY if problems else ExitCode.DONE
        return self.close(status, int(code), left_alone(problems), plan.counts, problems, plan=number)

    def _stage_lines(self, stage: Stage, shape: StageShape, compiled: CompiledMapping) -> int:
        keys = [place for place, field in enumerate(shape.main) if field.keyed]
        naming = [shape_place for name in _NAMING if (shape_place := _place_of(shape, name)) is not None]
        lines = lines_until(self._wanted.file, self._stop)
        count = 0
        filling.begin(stage)
        try:
            while some := list(islice(lines, _AT_ONCE)):
                staged = [_staged_row(line, compiled, shape, keys, naming) for line in some]
                filling.insert_records(stage, shape, staged)
                filling.insert_seen(stage, (str(line.number) for line in some))
                count += len(some)
                self._tell(FilePhase(f"{count:,} lines read"))
        finally:
            filling.commit(stage)
        return count

    def _keep(self, stage: Stage, content: ImportContent, plan: Plan, problems: list[Problem]) -> int:
        keep_content(self._store, stage, content, self._session)
        shape = content.shape

        def work(db: Connection) -> int:
            kept_plans.delete_plans(db, 0, "preview")
            number = kept_plans.insert_plan(
                db,
                session=self._session,
                integration=0,
                kind="preview",
                state="preview",
                reason="",
                list_hash="",
                deactivations=0,
                first_held_at=None,
                counts=plan.counts,
                at=now_text(),
            )
            applying.copy_plan(db, number, shape, held_only=False)
            session_rows.insert_errors(db, self._session, problems)
            return number

        return self._store.write_with_stage(stage, work)


def _place_of(shape: StageShape, name: str) -> int | None:
    return next((place for place, field in enumerate(shape.main) if field.name == name), None)


def _staged_row(
    line: FileLine, compiled: CompiledMapping, shape: StageShape, keys: list[int], naming: list[int]
) -> tuple[object, ...]:
    number = str(line.number)
    blank = (None,) * len(shape.columns())
    if line.problem:
        return (number, "", None, 0, line.problem, "shape", None, *blank)
    try:
        values = compiled.values(dict(line.values), {})
    except (MappingProblem, ValueError) as problem:
        return (number, "", None, 0, str(problem), "mapping", None, *blank)
    label = next((str(values[place]) for place in naming if values[place] is not None), "")
    return (number, label, None, 0, None, None, None, *values, *(fold_key(values[place]) for place in keys))


def compile_for_import(store: Store, wanted: FileImport) -> CompiledMapping:
    """The mapping of an import; a UserError says what it lacks."""
    variables = {known.key: known.value for known in list_variables(store) if not known.is_secret}
    with store.reading() as db:
        fields = {wanted.kind: [field.given_by_hand() for field in list_fields(db, wanted.kind)]}
        allowed = {field.external_id for field in editable_fields(db, wanted.kind)}
    todos = missing_for_launch(wanted.mapping, fields, wanted.kind)
    if todos:
        raise UserError(" ".join(todo.text for todo in todos))
    for row in wanted.mapping:
        if row.target not in allowed:
            raise UserError(f"“{row.target}” cannot be filled by an import: no hand may change it.")
    return compile_mapping(wanted.mapping, FileSource(wanted.file).all_fields(), fields, variables)


def shape_of(compiled: CompiledMapping, kind: ObjectKind) -> StageShape:
    """What an import stages. A cell that is blank says nothing, so it empties no value."""
    fields = tuple(staged_field(target, compiled, place) for place, target in enumerate(compiled.targets))
    filled = Policy.ONLY_IF_SOURCE_FILLED.value
    # By the owner's address an asset finds its person.
    fields = tuple(replace(field, keyed=field.keyed or field.name == OWNER) for field in fields)
    return StageShape(
        integration=0,
        main=tuple(replace(field, policy=filled) if field.policy == Policy.ALWAYS else field for field in fields),
        saas_users=(),
        with_saas_users=False,
        with_licences=False,
        kind=kind,
    )


def make_import_plan(stage: Connection, content: ImportContent) -> Plan:
    """Plan as a run does, less all that speaks of who is absent: a file says nothing about others."""
    shape = content.shape
    filling.begin(stage)
    try:
        position = outcome.live_position(stage, "live")
        matching.match(stage, shape)
        matching.mark_skips(stage, shape, content.preference, restore_archived=content.restore)
        matching.mark_problems(stage, shape, "lines")
        differences.find_differences(stage, shape)
        if any(field.name == OWNER for field in shape.main):
            rows.bind_owners(stage)
        matching.mark_conflicts(stage, shape, is_proven=False)
        differences.plan_main_records(stage, shape)
        if content.restore:
            presence.plan_reactivations(stage, shape, restore_archived=True)
        rows.number_problems(stage)
        outcome.plan_skips_and_errors(stage, shape)
        counts = counts_of(stage, shape, outcome.plan_counts(stage), content.lines)
    finally:
        filling.commit(stage)
    return Plan(counts=counts, held_because=None, deactivations_held=0, list_hash="", position=position)


def problems_of(stage: Connection) -> list[Problem]:
    """The lines that are left alone, each with its reason."""
    return [
        (number, label, f"{OF_LINE}{cause}", message, False)
        for number, label, cause, message in outcome.problem_rows(stage)
    ]


def left_alone(problems: list[Problem]) -> str:
    """How many lines are not taken over, in a sentence; nothing where all are."""
    if not problems:
        return ""
    first = f"{problems[0][1]}: {problems[0][3]}"
    if len(problems) == 1:
        return f"1 line is not taken over. {first}"
    return f"{len(problems):,} lines are not taken over. The first: {first}"


# ----- what is kept until the plan is applied


def keep_content(store: Store, stage: Stage, content: ImportContent, session: int) -> None:
    """Keep the staged lines with what must be known of them."""
    previews.write_content(stage, orjson.dumps(asdict(content)).decode())
    store.keep_stage(stage, store.profile.preview(session))


def read_content(stage: Connection) -> ImportContent:
    """What was kept beside the staged lines."""
    values = orjson.loads(previews.read_content(stage))
    return ImportContent(**{**values, "kind": ObjectKind(values["kind"]), "shape": shape_from(values["shape"])})
