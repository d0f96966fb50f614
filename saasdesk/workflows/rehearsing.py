"""Test Request: one block's request really sent: to a stand-in of the vendor by default, to the vendor only to read.

At the stand-in an invented user takes the record's place, because it knows no user of ours.
"""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from saasdesk.connectors import ADMIN, Connector, Danger
from saasdesk.credentials import Vault
from saasdesk.errors import UserError
from saasdesk.mapping import TemplateProblem
from saasdesk.store import Store
from saasdesk.web import Budget, Origin, Secret, VendorSession
from saasdesk.workflows.answers import as_done, read, send
from saasdesk.workflows.blocks import KINDS, FieldChange, Visit, World
from saasdesk.workflows.blocks.api import Api, ApiSettings
from saasdesk.workflows.blocks.kind import Done
from saasdesk.workflows.blocks.response import taken_over
from saasdesk.workflows.graph import NOT_FOUND, SUCCESS, WorkflowDocument
from saasdesk.workflows.record import RecordView
from saasdesk.workflows.requests import PresetRequest, compose, id_fields, looked_up
from saasdesk.workflows.sessions import Vendors
from saasdesk.workflows.trying import visit_at


class StandIn(Protocol):
    """Where a vendor is simulated, with the keys and the inputs that open it, and a user it has."""

    @property
    def base_url(self) -> str:
        """Its address, on this machine."""

    @property
    def key(self) -> str:
        """The key that lists its users and may act."""

    @property
    def directory_key(self) -> str:
        """The key of its provisioning directory, where it has one."""

    @property
    def user_id(self) -> str:
        """The id of a user it has."""

    @property
    def email(self) -> str:
        """That user's address."""

    @property
    def inputs(self) -> Mapping[str, str]:
        """What is entered beside the key."""


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What was sent, what came back, and what the block would have made of it; nothing was written here."""

    request: str = ""
    answer: str = ""
    outlet: str | None = None
    message: str = ""
    changes: tuple[FieldChange, ...] = ()
    variables: Mapping[str, object] = field(default_factory=dict)
    # Whether the vendor itself was asked, and not a stand-in.
    is_real: bool = False


def rehearse(
    document: WorkflowDocument, block_id: str, world: World, record: RecordView, stand_ins: Mapping[str, StandIn]
) -> Rehearsal:
    """Send the block's request to the vendor's stand-in; a UserError says why it cannot be sent."""
    settings, visit = _api_at(document, block_id, world, record)
    credential = world.credentials.get(settings.credential)
    connector = None if credential is None else world.connectors.get(credential.connector)
    stand_in = None if connector is None else stand_ins.get(connector.key)
    if credential is None or connector is None or stand_in is None:
        raise UserError("Nothing stands in for this vendor. A request that reads can be sent to the vendor itself.")
    invented = {**visit.record.values, **dict.fromkeys(id_fields(connector), stand_in.user_id)}
    if not _makes_somebody(connector, settings):
        invented["email"] = stand_in.email
    seen = replace(visit.record, values=invented)
    there = replace(credential, base_url=stand_in.base_url, inputs={**credential.inputs, **stand_in.inputs})
    stage = replace(visit.world, credentials={**world.credentials, credential.name: there})
    there_visit = Visit(seen, stage, visit.values, visit.variables)
    _connector, request = _composed(settings, there_visit)
    with _session_at(stand_in, connector, credential.kind) as session:
        _done_before(session, connector, request, there_visit, settings.credential)
        found = looked_up(session, request)
        if found is None:
            return Rehearsal(outlet=NOT_FOUND, message="The stand-in knows no such user.")
        outcome = read(session, found) if found.preset.danger is Danger.READS else send(session, found)
    return _rehearsal(as_done(outcome, found), settings, visit, request)


def ask_vendor(
    store: Store,
    vault: Vault,
    document: WorkflowDocument,
    block_id: str,
    world: World,
    record: RecordView,
    stop: threading.Event | None = None,
) -> Rehearsal:
    """Send the block's request to the vendor itself; refused for everything that changes something there."""
    settings, visit = _api_at(document, block_id, world, record)
    connector, request = _composed(settings, visit)
    if request.preset.danger is not Danger.READS:
        raise UserError(
            f"{request.preset.title} changes something, and a test never does. "
            "To do it for this one record, run the workflow with it."
        )
    vendors = Vendors(store, vault, stop or threading.Event(), lambda _news: None)
    try:
        _client, session = vendors.client(connector, world.credentials[settings.credential])
        found = looked_up(session, request)
        if found is None:
            return Rehearsal(outlet=NOT_FOUND, message="The vendor knows no such user.", is_real=True)
        done = as_done(read(session, found), found)
    finally:
        vendors.close()
    return replace(_rehearsal(done, settings, visit, found), is_real=True)


def _api_at(document: WorkflowDocument, block_id: str, world: World, record: RecordView) -> tuple[ApiSettings, Visit]:
    block = document.block(block_id)
    if block is None or block.kind != Api.key:
        raise UserError("Only an API block has a request to test.")
    settings: ApiSettings = KINDS[Api.key].settings_of(block)
    return settings, visit_at(document, block_id, world, record)


def _makes_somebody(connector: Connector, settings: ApiSettings) -> bool:
    """Whether the stand-in must not know the address yet."""
    preset = next((preset for preset in connector.presets if preset.key == settings.preset), None)
    return preset is not None and preset.read_back is not None and bool(preset.read_back.new_id_path)


def _done_before(session: VendorSession, connector: Connector, request: PresetRequest, visit: Visit, key: str) -> None:
    """Close at the stand-in what the request opens again: else there would be nothing for it to do."""
    preset = request.preset
    before = next((each for each in connector.presets if each.key == preset.inverse), None)
    if before is not None and before.inverse == preset.key and before.danger is Danger.DESTROYS:
        found = looked_up(session, compose(connector, before, visit.world.credentials[key], visit.seen, {}))
        if found is not None:
            send(session, found)


def _composed(settings: ApiSettings, visit: Visit) -> tuple[Connector | None, PresetRequest]:
    try:
        return Api().compose(settings, visit)
    except TemplateProblem as problem:
        raise UserError(str(problem)) from None


def _session_at(stand_in: StandIn, connector: Connector, kind: str) -> VendorSession:
    seen = connector.of_kind(kind)
    return VendorSession(
        frozenset({Origin.of(stand_in.base_url)}),
        stand_in.base_url,
        seen.sign_in,
        Secret(stand_in.key if kind == ADMIN else stand_in.directory_key),
        Budget(6_000, 100),
        threading.Event(),
        headers=seen.request_headers(seen.clean_inputs(dict(stand_in.inputs))),
        vendor=seen.title,
    )


def _rehearsal(done: Done, settings: ApiSettings, visit: Visit, request: PresetRequest) -> Rehearsal:
    exchange = done.exchange
    message = done.message
    changes: tuple[FieldChange, ...] = ()
    variables: Mapping[str, object] = {}
    rows = Api.rows_for(settings, request, is_positive=done.outlet == SUCCESS)
    try:
        changes, variables = taken_over(rows, request.preset, done, visit)
    except (TemplateProblem, ValueError) as problem:
        message = f"{message} The answer could not be taken over: {problem}".lstrip()
    return Rehearsal(
        "" if exchange is None else exchange.request,
        "" if exchange is None else exchange.answer,
        done.outlet,
        message,
        changes,
        variables,
    )


__all__ = ["Rehearsal", "StandIn", "ask_vendor", "rehearse"]
