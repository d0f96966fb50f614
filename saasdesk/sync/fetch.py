"""Read a vendor's listing into the staging file: hash, filter, map; no live record changes here."""

import threading
import time
from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from operator import attrgetter

import orjson

from saasdesk.connectors import (
    Connector,
    Evidence,
    Found,
    Gone,
    LicenceValues,
    ListingBroken,
    Page,
    SaasValues,
    Unsure,
    VendorClient,
    VendorRecord,
    canonical_json,
    json_hash,
)
from saasdesk.errors import Cancelled, UserError
from saasdesk.fields import Field, ObjectKind, converter_of, fold_key
from saasdesk.jobs import Tell
from saasdesk.mapping import CompiledMapping, MappingProblem, Target, compile_path
from saasdesk.rules import Rule
from saasdesk.store import Connection
from saasdesk.sync.events import PagesRead
from saasdesk.sync.filtering import filter_of
from saasdesk.sync.staging.rows import filling
from saasdesk.sync.staging.shape import StagedField, StageShape

# The window redraws at most this often; rows never travel to it, only numbers.
SECONDS_BETWEEN_REPORTS = 0.1

# Runs wait for the network side by side, and work on what came one at a time: each busy thread more makes the window
# answer later, and none of them is sooner done for it.
_AT_WORK = threading.Lock()

_SAAS_BUILTIN = ("email", "name", "role", "status", "last_activity")
# Who has a device at the vendor, kept beside the person whom that is found to be.
_OWNER_BUILTIN = ("owner_id", "owner_email")


@dataclass(slots=True)
class Tally:
    """What reading has come across so far."""

    read: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    failed: int = 0
    page: int = 0


@dataclass(slots=True)
class Reading:
    """What came out of reading a listing once."""

    evidence: Evidence
    shape: StageShape
    tally: Tally
    broken: ListingBroken | None = None
    problems: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How this run turns a vendor's record into staged values."""

    integration: int
    name: str
    connector: Connector
    compiled: CompiledMapping
    context: Mapping[str, str]
    filters: tuple[Rule, ...]
    saas_fields: Mapping[str, Field]
    with_saas_users: bool
    take_everything: bool
    keep_raw: bool
    # Where the vendor lists licences: one record for each of them, not one for each person who holds some.
    record_per_row: bool = False
    main_kind: ObjectKind = ObjectKind.PEOPLE
    # Of assets: the mapping of what moves by itself, and whose links say which person an owner is.
    moving: CompiledMapping | None = None
    owner_sources: tuple[int, ...] = ()
    # Positions of targets that this key cannot fill: nobody's value is emptied for that.
    left_out: frozenset[int] = frozenset()

    def without(self, unavailable: Container[str]) -> "Recipe":
        """The same for a key that may not read these features; a sync key stays one, or nobody could be matched."""
        compiled = self.compiled
        return replace(
            self,
            left_out=frozenset(
                index
                for index, feature in compiled.features.items()
                if feature in unavailable and compiled.targets[index].sync_key is None
            ),
        )

    def shape(self, client: VendorClient) -> StageShape:
        """The columns to stage, less what the key may not read: those stay as they are."""
        mapped = {target.field.external_id for target in self._targets(ObjectKind.SAAS_USERS)}
        builtin = [name for name in _SAAS_BUILTIN if name not in mapped and name not in client.unavailable]
        masked_name = any(f.may_be_masked and f.path == self.connector.users.name_path for f in self.connector.fields)
        unknown_if_none = self.connector.saas.unknown_if_none
        saas = [
            StagedField(
                name,
                policy="only_if_source_filled" if name in unknown_if_none else "always",
                keyed=name == "email",
                may_be_masked=masked_name and name == "name",
            )
            for name in builtin
        ]
        saas += [staged_field(target, self.compiled, index) for index, target in self._indexed(ObjectKind.SAAS_USERS)]
        moving = {target.field.external_id for target in self.moving.targets} if self.moving is not None else set()
        main = [
            replace(staged_field(target, self.compiled, index), moving=target.field.external_id in moving)
            for index, target in self._indexed(self.main_kind)
        ]
        main += [StagedField(name, keyed=name == "owner_email") for name in self.owner_paths(client)]
        return StageShape(
            integration=self.integration,
            main=tuple(main),
            saas_users=tuple(saas) if self.with_saas_users else (),
            with_saas_users=self.with_saas_users,
            with_licences=self.with_saas_users and "licences" not in client.unavailable,
            licences_are_listed=self.connector.users.licence_rows is not None,
            kind=self.main_kind,
            owner_sources=self.owner_sources,
        )

    def owner_paths(self, client: VendorClient) -> dict[str, str]:
        """Where a device tells who has it, less what is mapped from elsewhere or what the key may not read."""
        load = self.connector.assets
        if self.main_kind is not ObjectKind.ASSETS or load is None:
            return {}
        mapped = {target.field.external_id for target in self._targets(ObjectKind.ASSETS)}
        unread = {known.key for known in load.enrichments if known.feature in client.unavailable}
        paths = dict(zip(_OWNER_BUILTIN, (load.owner_id_path, load.owner_email_path), strict=True))
        return {
            name: path
            for name, path in paths.items()
            if path and name not in mapped and path.partition(".")[0] not in unread
        }

    def _targets(self, kind: ObjectKind) -> list[Target]:
        return [target for target in self.compiled.targets if target.object is kind]

    def _indexed(self, kind: ObjectKind) -> list[tuple[int, Target]]:
        """The targets of one kind of record that are written at all; the time of the run is read, not written."""
        unwritten = self.compiled.uses_sync_time | self.left_out
        return [
            (index, target)
            for index, target in enumerate(self.compiled.targets)
            if target.object is kind and index not in unwritten
        ]

    def positions(self, kind: ObjectKind) -> list[int]:
        """Where the written targets of a kind stand among the mapped values."""
        return [index for index, _ in self._indexed(kind)]


def staged_field(target: Target, compiled: CompiledMapping, index: int) -> StagedField:
    """The column that a target of a mapping fills."""
    return StagedField(
        name=target.field.external_id,
        policy=target.policy,
        keyed=target.field.unique or (target.object is ObjectKind.SAAS_USERS and target.field.external_id == "email"),
        unique=target.field.unique,
        mandatory=target.field.mandatory,
        sync_key=target.sync_key,
        update_key=target.update_key,
        silent=index in compiled.tells_source,
        may_be_masked=index in compiled.may_be_masked,
        label=target.field.label,
        names_user=index in compiled.names_users,
    )


def read_listing(
    client: VendorClient,
    stage: Connection,
    recipe: Recipe,
    session: int,
    tell: Tell,
    stop: threading.Event,
    limit: int | None = None,
) -> Reading:
    """Read every page into the staging file; a page that cannot be read leaves the earlier ones usable."""
    tally = Tally()
    broken: ListingBroken | None = None
    problems: list[tuple[str, str]] = []
    with client.list_users(limit, record_per_row=recipe.record_per_row) as listing:
        pages = iter(listing)
        try:
            # The first page comes after the details: only then is it known what this key may read.
            page = next(pages, None)
        except ListingBroken as error:
            page, broken = None, error
        recipe = recipe.without(client.unavailable)
        shape = recipe.shape(client)
        filling.create_tables(stage, shape)
        known = {} if recipe.take_everything else filling.known_hashes(stage, shape)
        intake = _Intake(stage, recipe, shape, known, tally, recipe.owner_paths(client))
        report = _Reporter(tell, session, recipe.name, tally)
        filling.begin(stage)
        try:
            while page is not None:
                if stop.is_set():
                    raise Cancelled
                with _AT_WORK:
                    intake.take(page)
                problems.extend((f"record {problem.position}", problem.message) for problem in page.problems)
                tally.failed += len(page.problems)
                report(page)
                page = next(pages, None)
        except ListingBroken as error:
            broken = error
        finally:
            filling.commit(stage)
        return Reading(listing.evidence, shape, tally, broken, problems)


def read_some(
    client: VendorClient,
    stage: Connection,
    recipe: Recipe,
    vendor_ids: Sequence[str],
    session: int,
    tell: Tell,
    stop: threading.Event,
) -> Reading:
    """Read single records into the staging file, by the vendor's ids; somebody who is gone is reported, no more.

    What the vendor only tells of everybody at once (licences, last activity) is left as it is.
    """
    # Where each licence is a record of its own, the vendor can only be asked for those of a person.
    if not client.can_read_one or recipe.record_per_row:
        raise UserError(
            f"{client.connector.title} cannot be asked for single {client.connector.users.noun}. Run the integration: "
            "a whole run looks at them again."
        )
    tally = Tally()
    problems: list[tuple[str, str]] = []
    identity = client.identify()
    client.leave_details_out()
    recipe = recipe.without(client.unavailable)
    shape = recipe.shape(client)
    filling.create_tables(stage, shape)
    intake = _Intake(stage, recipe, shape, {}, tally, recipe.owner_paths(client))
    report = _Reporter(tell, session, recipe.name, tally)
    filling.begin(stage)
    try:
        for number, vendor_id in enumerate(vendor_ids, start=1):
            if stop.is_set():
                raise Cancelled
            records: list[VendorRecord] = []
            match client.read_user(vendor_id):
                case Found(record=record):
                    records.append(record)
                case Gone():
                    problems.append(
                        (vendor_id, "The vendor has no such record any more; the next run decides about it.")
                    )
                case Unsure(reason=reason):
                    problems.append((vendor_id, f"It could not be read: {reason}"))
            page = Page(number, records, len(vendor_ids), [], 1)
            intake.take(page)
            report(page)
    finally:
        filling.commit(stage)
    evidence = Evidence(
        stated_end=False,
        total=None,
        distinct=tally.read - len(problems),
        duplicates=0,
        pages=0,
        unproven_because="Only single records were read.",
        identity=identity,
        noun=client.connector.users.noun,
    )
    return Reading(evidence, shape, tally, None, problems)


class _Reporter:
    """Tells how far reading is, at most ten times a second."""

    def __init__(self, tell: Tell, session: int, name: str, tally: Tally) -> None:
        self._tell, self._session, self._name, self._tally = tell, session, name, tally
        self._last = 0.0

    def __call__(self, page: Page) -> None:
        now = time.monotonic()
        if now - self._last < SECONDS_BETWEEN_REPORTS:
            return
        self._last = now
        tally = self._tally
        about = None if page.total is None or not page.rows else _pages(page.total, page.rows, page.number)
        self._tell(
            PagesRead(
                self._session,
                self._name,
                tally.page,
                about,
                tally.read,
                page.total,
                tally.new,
                tally.changed,
                tally.same,
                tally.failed,
            )
        )


def _pages(total: int, size: int, number: int) -> int:
    return max(-(-total // size), number)


class _Intake:
    """Turns pages of raw records into staged rows."""

    def __init__(
        self,
        stage: Connection,
        recipe: Recipe,
        shape: StageShape,
        known: dict[str, bytes],
        tally: Tally,
        owner_paths: Mapping[str, str],
    ) -> None:
        self._stage, self._recipe, self._shape, self._known, self._tally = stage, recipe, shape, known, tally
        self._main = recipe.positions(recipe.main_kind)
        self._owner = [compile_path(path) for path in owner_paths.values()]
        self._main_keys = [place for place, field in enumerate(shape.main) if field.keyed]
        self._saas = _saas_getters(recipe, shape)
        self._blank = (None,) * len(shape.columns())
        self._passes = filter_of(recipe.filters, recipe.connector) if recipe.filters else None
        self._references = [
            (recipe.compiled.targets[index].field.external_id, get)
            for index, get in recipe.compiled.names_users.items()
        ]

    def take(self, page: Page) -> None:
        """Stage what is new or different; remember the rest as seen."""
        recipe, tally, known = self._recipe, self._tally, self._known
        volatile = recipe.connector.volatile
        staged: list[tuple[object, ...]] = []
        raws: list[tuple[str, bytes]] = []
        licences: list[tuple[object, ...]] = []
        sightings: list[tuple[object, ...]] = []
        for record in page.records:
            canonical = canonical_json(record.raw, volatile)
            fingerprint = json_hash(canonical)
            before = known.get(record.id)
            if before == fingerprint:
                tally.same += 1
                if recipe.moving is not None:
                    sightings.extend(_sighting(record, recipe.moving, recipe.context))
                continue
            if before is None:
                tally.new += 1
            else:
                tally.changed += 1
            row, saas = self._row(record, fingerprint)
            staged.append(row)
            if recipe.keep_raw:
                whole = canonical if record.raw.keys().isdisjoint(volatile) else orjson.dumps(record.raw)
                raws.append((record.id, whole))
            if self._shape.with_licences and saas is not None:
                licences.extend(self._licence_row(record.id, licence) for licence in saas.licences)
        if self._shape.with_licences:
            licences.extend(self._licence_row("", loose.licence, loose.why) for loose in page.loose)
        if self._references:
            self._note_references(page)
        tally.read += page.rows
        tally.page = page.number
        filling.insert_seen(self._stage, (record.id for record in page.records))
        if staged:
            filling.insert_records(self._stage, self._shape, staged)
            filling.insert_raw(self._stage, raws)
        if licences:
            filling.insert_licences(self._stage, licences)
        if sightings:
            filling.insert_sightings(self._stage, self._shape, sightings)

    def _note_references(self, page: Page) -> None:
        """Whom each record names, and what each is called: either may be on a later page than the other."""
        label_of = self._recipe.connector.label_of
        filling.insert_names(self._stage, [(record.id, label_of(record.raw)) for record in page.records])
        filling.insert_references(
            self._stage,
            [
                (field, record.id, other)
                for record in page.records
                for field, get in self._references
                if isinstance(other := get(record.raw), str) and other
            ],
        )

    def _licence_row(self, vendor_id: str, licence: LicenceValues, held_by: str | None = None) -> tuple[object, ...]:
        # A listed licence is one of its kind and goes from hand to hand; others are what many people have alike.
        listed = self._shape.licences_are_listed
        return (licence.licence_id if listed else f"{licence.licence_id}/{vendor_id}", vendor_id, *licence, held_by)

    def _row(self, record: VendorRecord, fingerprint: bytes) -> tuple[tuple[object, ...], SaasValues | None]:
        recipe = self._recipe
        raw = record.raw
        label = recipe.connector.label_of(raw) or record.id
        try:
            saas = recipe.connector.saas.saas_values(raw) if self._shape.with_saas_users else None
            inactive = int(saas.inactive) if saas is not None else 0
            if self._passes is not None and not self._passes(raw):
                return (record.id, label, fingerprint, inactive, None, None, "filtered", *self._blank), saas
            values = recipe.compiled.values(raw, recipe.context)
            main = [values[index] for index in self._main]
            main += [_owner_text(get(raw)) for get in self._owner]
            keys = [fold_key(main[place]) for place in self._main_keys]
            accounts = [get(raw, saas, values) for get in self._saas]
        except (MappingProblem, ValueError) as problem:
            self._tally.failed += 1
            return (record.id, label, None, 0, str(problem), "mapping", None, *self._blank), None
        saas_keys = [fold_key(v) for v, f in zip(accounts, self._shape.saas_users, strict=True) if f.keyed]
        return (
            record.id,
            label,
            fingerprint,
            inactive,
            None,
            None,
            None,
            *main,
            *keys,
            *accounts,
            *saas_keys,
        ), saas


def _owner_text(value: object) -> str | None:
    """The owner's id or address as the vendor sent it; anything that is neither says nothing."""
    return value if isinstance(value, str) and value else None


def _sighting(
    record: VendorRecord, moving: CompiledMapping, context: Mapping[str, str]
) -> Iterator[tuple[object, ...]]:
    """The newest values of what moves by itself; one that does not fit its field leaves all of them as they are."""
    with suppress(MappingProblem):
        yield (record.id, *moving.values(record.raw, context))


_Getter = Callable[[dict[str, object], SaasValues | None, Sequence[object]], object]


def _saas_getters(recipe: Recipe, shape: StageShape) -> list[_Getter]:
    """One function for each staged column of SaaS users, in the order of the shape."""
    if not shape.with_saas_users:
        return []
    positions = recipe.positions(ObjectKind.SAAS_USERS)
    mapped = {recipe.compiled.targets[index].field.external_id: index for index in positions}
    return [
        _mapped_getter(mapped[staged.name]) if staged.name in mapped else _builtin_getter(recipe, staged.name)
        for staged in shape.saas_users
    ]


def _mapped_getter(index: int) -> _Getter:
    return lambda _raw, _saas, values: values[index]


def _builtin_getter(recipe: Recipe, name: str) -> _Getter:
    convert = converter_of(recipe.saas_fields[name])
    if name == "email":
        email_of = recipe.connector.email_of
        return lambda raw, _saas, _values: convert(email_of(raw))
    if name == "name":
        label_of = recipe.connector.label_of
        return lambda raw, _saas, _values: convert(label_of(raw))
    value_of = attrgetter(name)
    return lambda _raw, saas, _values: convert(value_of(saas))
