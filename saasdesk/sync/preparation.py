"""Before a run: the key, the vendor's client, the compiled mapping, and what the listing will cover."""

import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from saasdesk.clock import now
from saasdesk.connectors import ADMIN, VendorClient
from saasdesk.credentials import Credential, Vault, open_session, reveal_variable
from saasdesk.errors import ExitCode, UserError
from saasdesk.fields import ObjectKind
from saasdesk.fields.rows import list_fields
from saasdesk.jobs import Tell
from saasdesk.mapping import (
    CompiledMapping,
    TemplateProblem,
    compile_mapping,
    compile_template,
    is_record_per_row,
    is_template,
)
from saasdesk.store import Connection, Store
from saasdesk.store.variables import HIDDEN_VALUE, Variable, list_variables
from saasdesk.sync import rows
from saasdesk.sync.fetch import Recipe
from saasdesk.sync.integration import (
    Integration,
    IntegrationDocument,
    connector_of,
    mapping_signature,
    scope_signature,
)
from saasdesk.web import Origin, Secret, VendorSession

# A record of ours in columns, to reckon the disk space that a run may take.
COLUMNS_A_RECORD = 20


@dataclass(frozen=True, slots=True)
class Terms:
    """What a later run is compared with, and whether the vendor's records are kept."""

    mapping_signature: str
    scope_signature: str
    keep_raw: bool


@dataclass(frozen=True, slots=True)
class Preparation:
    """Everything that a run needs before its first request for users; closing it ends the session with the vendor.

    `organisation` is the same for all keys that open the same one; empty where the vendor does not tell.
    """

    client: VendorClient
    recipe: Recipe
    scope_signature: str
    mapping_signature: str
    close: Callable[[], None]
    organisation: str = ""

    @property
    def terms(self) -> Terms:
        """What of it outlives the connection."""
        return Terms(self.mapping_signature, self.scope_signature, self.recipe.keep_raw)


def prepare(store: Store, vault: Vault, integration: Integration, tell: Tell, stop: threading.Event) -> Preparation:
    """Open the vendor with the integration's credential and prove the key; a UserError says what is wrong."""
    document = integration.document
    warning = store.require_space(new_records=0, fields=COLUMNS_A_RECORD)
    if warning:
        tell(warning)
    opened = open_client(store, vault, document, tell, stop)
    expiry = opened.credential.expiry_warning(now().astimezone().date())
    if expiry:
        tell(expiry)
    with ExitStack() as on_failure:
        on_failure.callback(opened.session.close)
        identity = opened.client.identify()
        # What a secret variable fills goes to the vendor, and into no record.
        shown = filled_inputs(store, document, opened.credential.inputs)
        recipe = make_recipe(store, integration, shown)
        preparation = Preparation(
            client=opened.client,
            recipe=recipe,
            organisation=identity and f"{integration.connector.key} {Origin.of(opened.base_url)} {identity}",
            scope_signature=scope_signature(
                document,
                base_url="the demo" if store.profile.is_demo else opened.base_url,
                credential=opened.credential.uuid,
                connector=integration.connector,
            ),
            mapping_signature=mapping_signature(document, recipe.compiled.signature),
            close=opened.session.close,
        )
        on_failure.pop_all()
    return preparation


@dataclass(frozen=True, slots=True)
class Opened:
    """A vendor's client with the session it uses; whoever opened it closes the session."""

    client: VendorClient
    session: VendorSession
    inputs: dict[str, str]
    base_url: str
    credential: Credential


def open_client(
    store: Store,
    vault: Vault,
    document: IntegrationDocument,
    tell: Tell,
    stop: threading.Event,
    *,
    any_kind: bool = False,
) -> Opened:
    """The vendor's client with the document's credential and inputs; nothing is sent yet.

    A key of another kind than the one that lists the users is only good for being tried (`any_kind`).
    """
    if not document.credential:
        raise UserError(f"{document.name} has no credential. Choose one, then run again.", ExitCode.CREDENTIAL)
    try:
        credential = vault.find(document.credential)
    except UserError as error:
        # Here it is not a word that somebody mistyped: the integration lost its key.
        raise UserError(str(error), ExitCode.CREDENTIAL) from None
    return open_with(store, vault, credential, document, tell, stop, any_kind=any_kind)


def open_with(
    store: Store,
    vault: Vault,
    credential: Credential,
    document: IntegrationDocument,
    tell: Tell,
    stop: threading.Event,
    *,
    any_kind: bool = False,
    secret: Secret | None = None,
) -> Opened:
    """The same with a credential at hand; `secret` is a key that is tried before it is saved.

    A UserError where the credential is of another vendor or kind, or an input is missing.
    """
    connector = connector_of(document)
    if credential.connector != connector.key:
        raise UserError(f"The credential “{credential.name}” is for {credential.connector}, not for {connector.title}.")
    if credential.kind != ADMIN and not any_kind:
        raise UserError(
            f"“{credential.name}” is a {connector.kind_title(credential.kind)}, which cannot list the users. "
            "Choose the organisation's key.",
            ExitCode.CREDENTIAL,
        )
    connector = connector.of_kind(credential.kind)
    inputs = filled_inputs(store, document, credential.inputs, partial(reveal_variable, vault))
    absent = [declared for declared in connector.inputs if declared.required and not inputs.get(declared.key)]
    if absent:
        labels, options = ", ".join(i.label for i in absent), " ".join(f"--input {i.key}=…" for i in absent)
        raise UserError(
            f"{document.name}: {labels} is missing. Fill it in under [inputs], or set it together with the "
            f"credential: {options}."
        )
    entered = document.inputs.get("base_url") or credential.base_url or inputs.get("base_url", "")
    base_url = connector.base_url({"base_url": entered})
    session = open_session(store, vault, credential, connector, base_url, stop, tell, inputs=inputs, secret=secret)
    client = VendorClient(connector, session, {**inputs, "base_url": base_url}, tell)
    return Opened(client, session, inputs, base_url, credential)


class InputOrigin(StrEnum):
    """Who says what a vendor's input is; the first that says something wins."""

    INTEGRATION = "integration"
    CREDENTIAL = "credential"
    VARIABLE = "variable"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class InputValue:
    """What a vendor's input is, and who says so."""

    value: str
    origin: InputOrigin


def find_inputs(
    store: Store,
    document: IntegrationDocument,
    of_credential: Mapping[str, str],
    reveal: Callable[[Variable], str] | None = None,
) -> dict[str, InputValue]:
    """The vendor's inputs that somebody fills: the integration, its credential, a global variable, a default.

    Without `reveal` a secret variable is only said to be there.
    """
    variables = {variable.key.casefold(): variable for variable in list_variables(store)}
    found: dict[str, InputValue] = {}
    for declared in connector_of(document).inputs:
        variable = variables.get(declared.variable.casefold()) if declared.variable else None
        said = {
            InputOrigin.INTEGRATION: document.inputs.get(declared.key),
            InputOrigin.CREDENTIAL: of_credential.get(declared.key),
            InputOrigin.VARIABLE: variable.shown if variable is not None else "",
            InputOrigin.DEFAULT: declared.default,
        }
        first = next(((value, origin) for origin, value in said.items() if value), None)
        if first is None:
            continue
        value, origin = first
        if origin is InputOrigin.VARIABLE and variable is not None and reveal is not None:
            value = reveal(variable)
        found[declared.key] = InputValue(value, origin)
    return found


def filled_inputs(
    store: Store,
    document: IntegrationDocument,
    of_credential: Mapping[str, str],
    reveal: Callable[[Variable], str] | None = None,
) -> dict[str, str]:
    """The vendor's inputs as a run takes them; a UserError where one cannot be right."""
    found = {key: each.value for key, each in find_inputs(store, document, of_credential, reveal).items()}
    hidden = {key: value for key, value in found.items() if value == HIDDEN_VALUE}
    cleaned = connector_of(document).clean_inputs({key: value for key, value in found.items() if key not in hidden})
    return {**cleaned, **hidden}


def make_recipe(store: Store, integration: Integration, inputs: Mapping[str, str]) -> Recipe:
    """Compile the integration's mapping; with a changed one every record is looked at again, not only changed ones."""
    document = integration.document
    compiled = compile_for(store, document)
    context = {f"connect:{key}": value for key, value in inputs.items()}
    context["connect:credentials"] = document.credential
    with store.reading() as db:
        saas_fields = {field.external_id: field for field in list_fields(db, ObjectKind.SAAS_USERS)}
        owner_sources = _owner_sources(db, document) if document.loads_assets else ()
    return Recipe(
        integration=integration.id,
        name=integration.name,
        connector=integration.connector,
        compiled=compiled,
        context=context,
        filters=document.filters,
        saas_fields=saas_fields,
        with_saas_users=document.with_saas_users,
        take_everything=integration.mapping_signature != mapping_signature(document, compiled.signature),
        keep_raw=store.settings().keep_raw,
        record_per_row=is_record_per_row(document.mapping, integration.connector),
        main_kind=document.main_kind,
        moving=_moving(store, integration, compiled) if document.loads_assets else None,
        owner_sources=owner_sources,
    )


def _owner_sources(db: Connection, document: IntegrationDocument) -> tuple[int, ...]:
    """The integrations that know the same vendor's users: their links say which person the owner of a device is."""
    return tuple(
        known.id
        for known in rows.integrations(db)
        if known.document.connector == document.connector and not known.document.loads_assets
    )


def _moving(store: Store, integration: Integration, compiled: CompiledMapping) -> CompiledMapping | None:
    """The part of a mapping that reads what changes by itself; None where it reads nothing of the kind."""
    volatile = integration.connector.volatile
    mapping = integration.document.mapping
    lines = tuple(row for place, row in enumerate(mapping) if compiled.reads.get(place, frozenset()) & volatile)
    if not lines:
        return None
    return compile_for(store, integration.document.model_copy(update={"mapping": lines}))


def compile_for(store: Store, document: IntegrationDocument) -> CompiledMapping:
    """The document's mapping, compiled against the fields that are there now."""
    variables = open_variables(store, document)
    with store.reading() as db:
        return compile_in(db, document, variables)


def open_variables(store: Store, document: IntegrationDocument) -> dict[str, str]:
    """The variables that a mapping may name; a UserError where it names a secret one."""
    known = list_variables(store)
    hidden = {variable.key for variable in known if variable.is_secret}
    for number, row in enumerate(document.mapping, start=1):
        named = hidden & _names_in(row.source or "") if hidden else set()
        if named:
            raise UserError(
                f"map[{number}].source: {', '.join(sorted(named))} is a secret variable, and whoever sees the record "
                "would see its value. Name one that is not secret."
            )
    return {variable.key: variable.value for variable in known if not variable.is_secret}


def _names_in(source: str) -> frozenset[str]:
    try:
        return compile_template(source).names if is_template(source) else frozenset()
    except TemplateProblem:
        # Said when the mapping is compiled, with the line that it stands in.
        return frozenset()


def compile_in(db: Connection, document: IntegrationDocument, variables: Mapping[str, str]) -> CompiledMapping:
    """The document's mapping, compiled against the fields as this connection sees them."""
    kinds = (ObjectKind.PEOPLE, ObjectKind.SAAS_USERS, ObjectKind.ASSETS)
    targets = {kind: list_fields(db, kind) for kind in kinds}
    connector = connector_of(document)
    lines = [row for row in document.mapping if document.with_saas_users or row.object is document.main_kind]
    return compile_mapping(lines, connector.all_fields(), targets, variables)
