"""What an admin does with integrations: save, launch, pause, delete; each is one transaction with its audit row."""

import contextlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from pydantic import ValidationError

from saasdesk.clock import now_text
from saasdesk.credentials import Credential, refuse_unbound
from saasdesk.credentials.rows import find_credential
from saasdesk.definitions import explain
from saasdesk.errors import UserError
from saasdesk.fields import Field, FieldType, ObjectKind, external_id
from saasdesk.fields.custom_objects.objects import lookup_of_new_field
from saasdesk.fields.rows import add_field, list_fields
from saasdesk.mapping import compile_template, is_template
from saasdesk.records.changes import Cause
from saasdesk.records.feeders import let_others_look
from saasdesk.records.software import ensure_application, settled_name, take_back_application
from saasdesk.store import Connection, Store
from saasdesk.store.audit import record
from saasdesk.store.variables import delete_variable, find_variable, move_variable, set_variable
from saasdesk.sync import rows
from saasdesk.sync.gate import launch_gate
from saasdesk.sync.integration import (
    LONGEST_NAME,
    Integration,
    IntegrationDocument,
    IntegrationState,
    NewFieldRow,
    connector_of,
)
from saasdesk.sync.preparation import compile_in, open_variables
from saasdesk.sync.previews.keeping import forget_old_previews
from saasdesk.sync.telling import forget_integration
from saasdesk.text import is_mail_address
from saasdesk.web import Origin


class _OnlyLookedAt(Exception):
    """A document that would have been kept."""


def list_integrations(store: Store) -> list[Integration]:
    """All integrations, in the order in which they were made."""
    with store.reading() as db:
        return rows.integrations(db)


def find_integration(store: Store, name: str) -> Integration:
    """The integration of this name; a UserError names those that exist."""
    with store.reading() as db:
        found = rows.integration_named(db, name)
        if found is None:
            known = ", ".join(f"“{integration.name}”" for integration in rows.integrations(db)) or "none yet"
            raise UserError(f"There is no integration “{name}”. Here are: {known}.")
    return found


def save_integration(store: Store, document: IntegrationDocument, replaces: str | None = None) -> Integration:
    """Create the integration, or give the one of the same name (or `replaces`) this document; all or nothing.

    Target fields that the document asks for are made, and so is its SaaS application: as an existing one, or as the
    software catalogue has it, which also settles its name. A draft may still lack things; a launched one may not.
    """
    return _save(store, document, lambda db: (document, rows.integration_named(db, replaces or document.name)))


def add_integration(store: Store, document: IntegrationDocument) -> Integration:
    """Keep one more integration, as a draft; where its name is taken it gets a number behind it."""

    def name_it(db: Connection) -> tuple[IntegrationDocument, None]:
        name = free_name(document.name, [known.name for known in rows.integrations(db)])
        return document.model_copy(update={"name": name}), None

    return _save(store, document, name_it)


def check_document(store: Store, document: IntegrationDocument) -> None:
    """Raise whatever `save_integration` would raise of this document; nothing is kept of it."""
    with contextlib.suppress(_OnlyLookedAt):
        _save(store, document, lambda db: (document, rows.integration_named(db, document.name)), keeps=False)


def rename_integration(store: Store, integration: Integration, name: str) -> Integration:
    """Give an integration another name; its records, its sessions and its schedule stay with it.

    A UserError without a name, or where another one has it.
    """
    if not name.strip():
        raise UserError("An integration needs a name.")
    newest = find_integration(store, integration.name)
    data = {**newest.document.model_dump(by_alias=True), "name": name.strip()}
    try:
        document = IntegrationDocument.model_validate(data)
    except ValidationError as error:
        raise UserError(explain(error)) from None
    return save_integration(store, document, replaces=integration.name)


def free_name(wanted: str, taken: Iterable[str]) -> str:
    """The wanted name, with a number behind it where somebody has it already; not longer than a name may be."""
    known = {name.casefold() for name in taken}
    name, number = wanted, 2
    while name.casefold() in known:
        tail = f" {number}"
        name, number = f"{wanted[: LONGEST_NAME - len(tail)].rstrip()}{tail}", number + 1
    return name


def _save(
    store: Store,
    document: IntegrationDocument,
    meet: Callable[[Connection], tuple[IntegrationDocument, Integration | None]],
    *,
    keeps: bool = True,
) -> Integration:
    """Keep what `meet` makes of the document, in place of the integration that it finds for it, if any."""
    connector = connector_of(document)
    variables = open_variables(store, document)
    base_url = document.inputs.get("base_url")
    if base_url:
        _check_address(base_url)
    for contact in document.contacts:
        if not is_mail_address(contact):
            raise UserError(f"contacts: “{contact}” is no e-mail address. Write each like it@example.com.")

    def work(db: Connection) -> int:
        at = now_text()
        wanted, existing = meet(db)
        wanted = _with_settled_application(db, wanted)
        _check_name(db, wanted, existing)
        if existing is not None and existing.document.object != wanted.object:
            raise UserError(
                f"object: “{existing.name}” loads {existing.document.object}. "
                f"Give the integration of {wanted.object} another name."
            )
        make_fields(db, wanted.fields)
        _check_targets(db, wanted)
        compile_in(db, wanted, variables)
        credential = find_credential(db, wanted.credential)
        if base_url and credential is not None:
            refuse_unbound(credential, base_url)
        _check_kinds(wanted, credential, find_credential(db, wanted.directory_credential))
        if existing is None:
            number = rows.insert_integration(db, wanted, at)
            record(db, "integration.created", wanted.name, {"document": wanted.model_dump(mode="json")})
        else:
            number = existing.id
            let_others_look(db, number, sorted(_people_targets(existing.document) - _people_targets(wanted)))
            rows.update_document(db, number, wanted, at)
            before = existing.document.model_dump(mode="json")
            after = wanted.model_dump(mode="json")
            changed = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
            record(db, "integration.changed", wanted.name, {"changed": changed})
        rows.set_sync_time_fields(
            db,
            number,
            [(row.object.value, row.target) for row in wanted.mapping if row.source == "connector_sync_time"],
        )
        if wanted.with_saas_users:
            cause = Cause(f"integration {number}", wanted.acting_name, number)
            ensure_application(db, wanted.application_name, connector.title, cause, at)
        if not keeps:
            # Whatever was written in this transaction is undone.
            raise _OnlyLookedAt
        return number

    number = store.write(work)
    with store.reading() as db:
        saved = rows.integration_by_id(db, number)
    if saved is None:
        raise AssertionError(number)
    return saved


def _check_name(db: Connection, wanted: IntegrationDocument, existing: Integration | None) -> None:
    holder = rows.integration_named(db, wanted.name)
    if holder is not None and (existing is None or holder.id != existing.id):
        raise UserError(f"name: there is an integration “{holder.name}” already. Choose another name.")


def _with_settled_application(db: Connection, document: IntegrationDocument) -> IntegrationDocument:
    """The document with the name that its application has here, or will have."""
    if not document.with_saas_users:
        return document
    name = settled_name(db, document.application_name)
    return document if name == document.application_name else document.model_copy(update={"saas_application": name})


def _people_targets(document: IntegrationDocument) -> set[str]:
    return {row.target for row in document.mapping if row.object is ObjectKind.PEOPLE}


def _check_kinds(document: IntegrationDocument, users: Credential | None, directory: Credential | None) -> None:
    """Each key in its place: a directory's cannot list the organisation's users, nor the other way round."""
    connector = connector_of(document)
    kinds = {kind.key for kind in connector.kinds}
    if users is not None and users.kind in kinds:
        raise UserError(
            f"credential: “{users.name}” is a {connector.kind_title(users.kind)}, which cannot list the users. "
            "Name it as directory_credential."
        )
    if directory is not None and (directory.connector != connector.key or directory.kind not in kinds):
        titles = " or ".join(kind.title.lower() for kind in connector.kinds) or "key of another kind"
        raise UserError(f"directory_credential: “{directory.name}” is no {titles} of {connector.title}.")


def _check_address(base_url: str) -> None:
    try:
        Origin.of(base_url)
    except UserError as error:
        raise UserError(f"inputs.base_url: {error}") from None


def make_fields(db: Connection, fields: Sequence[NewFieldRow]) -> None:
    """Make the fields that are not there yet, by their labels.

    A UserError where one of them makes no sense; none is made then.
    """
    for number, wanted in enumerate(fields, start=1):
        kind = ObjectKind(wanted.object)
        known = list_fields(db, kind)
        if any(field.label.casefold() == wanted.label.casefold() for field in known):
            continue
        identifier = external_id(wanted.label, {field.external_id for field in known})
        if wanted.type.is_looked_up and wanted.unique:
            raise UserError(
                f"field[{number}].unique: what is looked up on a list is shared by many, so it cannot be Unique."
            )
        if wanted.custom_object and wanted.type is not FieldType.CUSTOM_OBJECT:
            raise UserError(f"field[{number}].custom_object: only a field of the type custom_object has a list.")
        lookup = lookup_of_new_field(db, wanted.type, wanted.label, wanted.custom_object)
        add_field(
            db,
            Field(
                object=kind,
                external_id=identifier,
                label=wanted.label,
                type=wanted.type,
                unique=wanted.unique,
                lookup=lookup,
                position=len(known),
            ),
        )
        record(
            db,
            "field.created",
            wanted.label,
            {"object": kind.value, "external_id": identifier, "unique": wanted.unique},
        )


def _check_targets(db: Connection, document: IntegrationDocument) -> None:
    """Every target exists, and every sync key is Unique; errors name the key of the file."""
    fields: Mapping[ObjectKind, dict[str, Field]] = {
        kind: {field.external_id: field for field in list_fields(db, kind)}
        for kind in (ObjectKind.PEOPLE, ObjectKind.SAAS_USERS, ObjectKind.ASSETS)
    }
    for number, row in enumerate(document.mapping, start=1):
        field = fields[row.object].get(row.target)
        if field is None:
            raise UserError(
                f"map[{number}].target: there is no field “{row.target}” among {row.object.value}. "
                "Add a [[field]] with its label, or choose one that exists."
            )
        if row.sync_key is not None and not field.unique:
            raise UserError(
                f"map[{number}].sync_key: “{field.label}” is not Unique, so it cannot decide whose record this is."
            )


def missing(store: Store, integration: Integration, credentials: Mapping[str, str]) -> list[str]:
    """What still keeps an integration from being launched, each a thing to do; empty when it may go.

    `credentials` holds name → connector of the credentials that exist.
    """
    return [line.text for line in launch_gate(store, integration, credentials) if line.blocks]


def launch(store: Store, integration: Integration, credentials: Mapping[str, str]) -> Integration:
    """Leave Draft (or Paused): the schedule becomes live. Refused with everything that is still missing."""
    problems = missing(store, integration, credentials)
    if problems:
        raise UserError(f"“{integration.name}” cannot be launched yet: {' '.join(problems)}")
    return _set_state(store, integration, IntegrationState.ACTIVE, "integration.launched")


def refuse_draft(integration: Integration) -> None:
    """A draft writes no record, whoever starts it. A UserError says so."""
    if integration.state is IntegrationState.DRAFT:
        raise UserError(
            f"“{integration.name}” is a draft, and nothing is written before it is launched. Look at its plan with "
            "Preview (--preview), then launch it."
        )


def pause(store: Store, integration: Integration) -> Integration:
    """Stop the schedule; records stay as they are. A UserError for a draft, which has none."""
    if integration.state is IntegrationState.DRAFT:
        raise UserError(f"“{integration.name}” is a draft: it has no schedule to pause.")
    return _set_state(store, integration, IntegrationState.PAUSED, "integration.paused")


def _set_state(store: Store, integration: Integration, state: IntegrationState, action: str) -> Integration:
    def work(db: Connection) -> Integration:
        rows.set_state(db, integration.id, state, now_text())
        record(db, action, integration.name, {"state": state.value})
        found = rows.integration_by_id(db, integration.id)
        if found is None:
            raise UserError(f"“{integration.name}” was deleted meanwhile.")
        return found

    return store.write(work)


def delete_integration(store: Store, integration: Integration) -> None:
    """Forget an integration. Its records stay, with their history; nothing updates them any more.

    A draft leaves nothing behind: the application that saving it made goes too, unless somebody has an account there.
    """

    def work(db: Connection) -> None:
        let_others_look(db, integration.id, sorted(_people_targets(integration.document)))
        name = integration.document.application_name
        others = [known for known in rows.integrations(db) if known.id != integration.id]
        is_shared = any(known.document.application_name.casefold() == name.casefold() for known in others)
        if integration.state is IntegrationState.DRAFT and not is_shared:
            take_back_application(db, name, integration.id)
        rows.delete_integration(db, integration.id)
        forget_integration(db, integration.id, now_text())
        record(db, "integration.deleted", integration.name, {"document": integration.document.model_dump(mode="json")})

    store.write(work)
    forget_old_previews(store)


def users_of_credential(store: Store, credential: str) -> list[str]:
    """The names of the integrations that use a credential."""
    wanted = credential.casefold()
    return [
        i.name
        for i in list_integrations(store)
        if wanted in (i.document.credential.casefold(), i.document.directory_credential.casefold())
    ]


def users_of_field(store: Store, field: Field) -> list[str]:
    """The names of the integrations whose mapping fills a field."""
    return [
        integration.name
        for integration in list_integrations(store)
        if any((row.object, row.target) == (field.object, field.external_id) for row in integration.document.mapping)
    ]


def users_of_variable(store: Store, key: str) -> list[str]:
    """The names of the integrations that read a global variable: by an input that it fills, or in a template."""
    wanted = key.casefold()
    return [
        integration.name
        for integration in list_integrations(store)
        if any(
            declared.variable.casefold() == wanted and not integration.document.inputs.get(declared.key)
            for declared in integration.connector.inputs
        )
        or any(row.source is not None and key in _names_in(row.source) for row in integration.document.mapping)
    ]


def rename_variable(store: Store, key: str, new: str) -> list[str]:
    """Give a variable another name, also where templates name it; returns the integrations that were changed.

    Inputs that a vendor's variable fills go by its name: those are filled no more, which the caller says beforehand.

    A UserError where there is none of the one name, or one of the other.
    """
    before = find_variable(store, key)
    if before is None:
        raise UserError(f"There is no variable “{key}”.")
    if find_variable(store, new) is not None:
        raise UserError(f"There is a variable “{new.strip()}” already.")
    if before.is_secret:
        # No template names it, and its value stays where it lies.
        move_variable(store, before.key, new)
        return []
    set_variable(store, new, before.value)
    changed = []
    for integration in list_integrations(store):
        document = integration.document
        mapping = tuple(
            row.model_copy(update={"source": _renamed_in(row.source, key, new.strip())}) if row.source else row
            for row in document.mapping
        )
        if mapping != document.mapping:
            save_integration(store, document.model_copy(update={"mapping": mapping}), replaces=integration.name)
            changed.append(integration.name)
    delete_variable(store, key)
    return changed


def _names_in(source: str) -> frozenset[str]:
    return compile_template(source).names if is_template(source) else frozenset()


def _renamed_in(source: str, old: str, new: str) -> str:
    if old not in _names_in(source):
        return source
    braces = re.compile(r"\{\{.*?\}\}", re.DOTALL)
    name = re.compile(rf"(?<![\w.'\"]){re.escape(old)}(?!\w)")
    return braces.sub(lambda match: name.sub(new, match[0]), source)
