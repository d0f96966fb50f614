"""What connecting a vendor does, step by step; plain functions that run in worker threads."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace

from saasdesk.connectors import ADMIN, Connector, Feature, Probe, VendorRecord
from saasdesk.credentials import Vault
from saasdesk.errors import UserError
from saasdesk.fields import Field, ObjectKind
from saasdesk.fields.rows import delete_field, list_fields
from saasdesk.jobs import Tell
from saasdesk.store import Connection, Store
from saasdesk.store.audit import record
from saasdesk.sync.events import SyncResult
from saasdesk.sync.integration import Integration, IntegrationDocument
from saasdesk.sync.integrations import (
    delete_integration,
    find_integration,
    free_name,
    launch,
    list_integrations,
    save_integration,
    users_of_credential,
)
from saasdesk.sync.preparation import filled_inputs
from saasdesk.sync.probing import first_records, probe_credential
from saasdesk.sync.run import RunOptions, run_integration
from saasdesk.ui.dialogs.credential.key_fields import KeyForm
from saasdesk.web import VendorError

FIRST_RECORDS = 10
_KINDS = (ObjectKind.PEOPLE, ObjectKind.SAAS_USERS, ObjectKind.ASSETS)


@dataclass(frozen=True, slots=True)
class Beginning:
    """What is there before a vendor is connected: taken names, keys to use again, prefilled inputs, fields."""

    credentials: Mapping[str, str]
    integrations: frozenset[str]
    prefilled: Mapping[str, str]
    fields: tuple[Field, ...] = ()
    # Of the credentials those that cannot list users.
    other_kinds: frozenset[str] = frozenset()

    def keys_of(self, connector: Connector) -> tuple[str, ...]:
        """The credentials for this vendor that are here already."""
        return tuple(
            name for name, key in self.credentials.items() if key == connector.key and name not in self.other_kinds
        )

    def free_credential(self, wanted: str) -> str:
        """A name that no credential has."""
        return free_name(wanted, self.credentials)

    def free_integration(self, wanted: str) -> str:
        """A name that no integration has."""
        return free_name(wanted, self.integrations)


@dataclass(frozen=True, slots=True)
class Connecting:
    """How far somebody came with connecting a vendor."""

    connector: Connector
    beginning: Beginning
    credential: str = ""
    made_credential: bool = False
    # The credential for the vendor's directory that was made beside it; empty where there is none.
    directory: str = ""
    in_memory: bool = False
    probe: Probe | None = None
    records: tuple[VendorRecord, ...] | None = None
    integration: Integration | None = None
    made_fields: tuple[Field, ...] = ()
    plan: SyncResult | None = None
    is_launched: bool = False

    @property
    def has_something_to_lose(self) -> bool:
        """Whether a key or a draft was made that nothing uses yet."""
        return not self.is_launched and (self.made_credential or self.integration is not None)


def look_around(store: Store, vault: Vault, connector: Connector) -> Beginning:
    """Read what the forms start from."""
    document = IntegrationDocument(name=connector.title, connector=connector.key)
    with store.reading() as db:
        fields = tuple(found for kind in _KINDS for found in list_fields(db, kind))
    return Beginning(
        credentials=vault.known(),
        other_kinds=frozenset(known.name for known in vault.list() if known.kind != ADMIN),
        integrations=frozenset(integration.name for integration in list_integrations(store)),
        prefilled=filled_inputs(store, document, {}),
        fields=fields,
    )


def keep_key(
    vault: Vault,
    connecting: Connecting,
    form: KeyForm,
    key: str | None,
    further: Mapping[str, str],
    *,
    in_memory: bool = False,
) -> Connecting:
    """Put the keys into the keyring (or into memory, for this start), and what is known of them into the database.

    `further` are keys of other kinds, each a credential of its own.
    """
    saved = vault.set(
        form.name,
        connecting.connector,
        key,
        permission=form.permission,
        inputs=dict(form.inputs),
        base_url=form.base_url,
        expires=form.expires,
        in_memory=in_memory,
    )
    directory = connecting.directory
    for kind, secret in further.items():
        title = connecting.connector.kind_title(kind)
        directory = directory or connecting.beginning.free_credential(f"{saved.name} ({title})")
        vault.set(
            directory,
            connecting.connector,
            secret,
            kind=kind,
            permission=form.permission,
            inputs=dict(form.inputs),
            base_url=form.base_url,
            in_memory=in_memory,
        )
    return replace(
        connecting,
        credential=saved.name,
        made_credential=True,
        directory=directory,
        in_memory=saved.source == "memory",
        probe=None,
        records=None,
    )


def unlock(vault: Vault) -> None:
    """Let the system ask for the keyring's password."""
    vault.unlock()


def check_key(store: Store, vault: Vault, connecting: Connecting, tell: Tell, stop: threading.Event) -> Connecting:
    """Try the key at the vendor; a UserError says what is wrong with it. A directory's key is tried beside it."""
    probe = probe_credential(store, vault, connecting.credential, tell, stop)
    if connecting.directory:
        told = {feature.key: feature for feature in _directory_features(store, vault, connecting, probe, tell, stop)}
        probe = replace(probe, features=tuple(told.get(feature.key, feature) for feature in probe.features))
    return replace(connecting, probe=probe)


def _directory_features(
    store: Store, vault: Vault, connecting: Connecting, probe: Probe, tell: Tell, stop: threading.Event
) -> list[Feature]:
    """What the directory's key may do; one that is refused costs these features and nothing else."""
    connector = connecting.connector
    own = {check.feature for kind in connector.kinds for check in kind.key_test.checks}
    try:
        found = probe_credential(store, vault, connecting.directory, tell, stop)
    except VendorError as error:
        return [replace(each, works=False, advice=str(error)) for each in probe.features if each.key in own]
    return [feature for feature in found.features if feature.key in own]


def read_first(store: Store, vault: Vault, connecting: Connecting, tell: Tell, stop: threading.Event) -> Connecting:
    """Read the first few users or devices, to look at; nothing of them is kept."""
    wanted = connecting.connector.loads
    found = first_records(store, vault, connecting.credential, FIRST_RECORDS, tell, stop, wanted)
    return replace(connecting, records=tuple(found[:FIRST_RECORDS]))


def save_draft(store: Store, connecting: Connecting, document: IntegrationDocument) -> Connecting:
    """Save the integration as a draft, with the target fields that its mapping needs."""
    before = connecting.integration
    if before is None or before.name.casefold() != document.name.casefold():
        taken = {integration.name.casefold() for integration in list_integrations(store)}
        if document.name.casefold() in taken:
            raise UserError(f"There is an integration “{document.name}” already. Choose another name.")
    known = _custom_fields(store)
    saved = save_integration(store, document, replaces=before.name if before is not None else None)
    made = tuple(found for found in _custom_fields(store) if found not in known)
    return replace(connecting, integration=saved, made_fields=(*connecting.made_fields, *made), plan=None)


def make_first_plan(
    store: Store, vault: Vault, connecting: Connecting, tell: Tell, stop: threading.Event
) -> SyncResult:
    """Read everybody and work out what a first run would do; no record is written."""
    integration = find_integration(store, _integration_of(connecting).name)
    return run_integration(store, vault, integration, RunOptions(preview=True), tell, stop)


def launch_it(store: Store, vault: Vault, connecting: Connecting) -> Connecting:
    """Make the draft an active integration; a UserError lists what is missing."""
    integration = find_integration(store, _integration_of(connecting).name)
    return replace(connecting, integration=launch(store, integration, vault.known()), is_launched=True)


def run_for_real(store: Store, vault: Vault, connecting: Connecting, tell: Tell, stop: threading.Event) -> SyncResult:
    """The first run that writes."""
    integration = find_integration(store, _integration_of(connecting).name)
    return run_integration(store, vault, integration, RunOptions(), tell, stop)


def remove(store: Store, vault: Vault, connecting: Connecting) -> None:
    """Take back what was made and not launched: the draft, the fields that only it needed, the key."""
    if connecting.integration is not None:
        delete_integration(store, connecting.integration)
        _remove_fields(store, connecting.made_fields)
    if connecting.made_credential:
        for name in filter(None, (connecting.credential, connecting.directory)):
            vault.delete(name, used_by=lambda used: users_of_credential(store, used))


def _integration_of(connecting: Connecting) -> Integration:
    if connecting.integration is None:
        raise AssertionError("the draft is saved before it is planned")
    return connecting.integration


def _custom_fields(store: Store) -> list[Field]:
    with store.reading() as db:
        return [found for kind in _KINDS for found in list_fields(db, kind) if not found.builtin]


def _remove_fields(store: Store, fields: tuple[Field, ...]) -> None:
    in_use = {
        (row.object.value, row.target)
        for integration in list_integrations(store)
        for row in integration.document.mapping
    }

    def work(db: Connection) -> None:
        for found in fields:
            if (found.object.value, found.external_id) not in in_use:
                delete_field(db, found)
                record(db, "field.deleted", found.label, {"object": found.object.value, "field": found.external_id})

    if fields:
        store.write(work)
