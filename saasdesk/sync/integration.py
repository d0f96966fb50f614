"""An integration: a connector as an admin set it up, one document that the window edits and a file can hold."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

import orjson
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    ValidationError,
    field_validator,
    model_validator,
)

from saasdesk.connectors import ASSETS, CONNECTORS, Connector, FieldType
from saasdesk.definitions import explain, parse_toml
from saasdesk.errors import UserError
from saasdesk.fields import ObjectKind
from saasdesk.mapping import MapRow, Policy, check_source
from saasdesk.rules import Rule
from saasdesk.schedule import Schedule
from saasdesk.text import visible_text

LONGEST_NAME = 100


class IntegrationState(StrEnum):
    """Draft until launched; paused ones keep their schedule for later."""

    DRAFT = "draft"
    ACTIVE = "active"
    PAUSED = "paused"


def _printable_name(name: str) -> str:
    if name != name.strip() or visible_text(name) != name:
        raise ValueError("a name begins and ends with something to be seen, and has no hidden characters")
    return name


class NewFieldRow(BaseModel):
    """A target field to make if it is not there yet.

    `custom_object` is the list of a custom object lookup, by its External ID; one that is not there is made.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    object: Literal["people", "saas_users", "assets"] = "people"
    label: str = Field(min_length=1, max_length=100)
    type: FieldType = FieldType.SHORT_TEXT
    unique: StrictBool = False
    custom_object: Annotated[str, Field(max_length=100)] = ""


class CustomSource(BaseModel):
    """A source field that an admin added: a name for a path or a template."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    label: str = Field(min_length=1, max_length=100)
    source: str = Field(min_length=1, max_length=4096)

    @field_validator("source")
    @classmethod
    def _readable(cls, text: str) -> str:
        check_source(text)
        return text


class IntegrationDocument(BaseModel):
    """Everything an admin decides about one integration; what the window can set, the file can hold."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME), AfterValidator(_printable_name)]
    connector: str
    object: Literal["users", "assets"] = "users"
    saas_mode: Literal["user_only", "user_plus_saas_user"] = "user_plus_saas_user"
    saas_application: str = ""
    installation_type: Literal["local"] = "local"
    preference: Literal["create_and_update", "create_only", "update_only"] = "create_and_update"
    restore_archived: StrictBool = False
    deactivate: StrictBool = False
    deactivate_people: StrictBool = False
    deactivate_limit_percent: StrictInt = Field(default=20, ge=1, le=100)
    deactivate_limit_count: StrictInt = Field(default=200, ge=1, le=1_000_000)
    credential: str = ""
    # The key of a vendor's directory, where it has one of its own: what creates and deletes users goes by it.
    directory_credential: str = ""
    # Under which name its records are made; empty means under its own.
    integration_user: Annotated[str, Field(max_length=LONGEST_NAME), AfterValidator(_printable_name)] = ""
    contacts: tuple[str, ...] = ()
    inputs: dict[str, str] = Field(default_factory=dict)
    schedule: Schedule = Field(default_factory=Schedule)
    fields: tuple[NewFieldRow, ...] = Field(default=(), alias="field")
    custom_sources: tuple[CustomSource, ...] = Field(default=(), alias="source")
    mapping: tuple[MapRow, ...] = Field(default=(), alias="map")
    filters: tuple[Rule, ...] = Field(default=(), alias="filter")

    # `Any`, because inside this class `object` is the key of that name.
    @model_validator(mode="before")
    @classmethod
    def _lines_are_about_its_object(cls, data: Any) -> Any:
        """In a file about assets, a line that names no object is about assets too."""
        if not isinstance(data, dict) or data.get("object") != ASSETS:
            return data
        data = dict(data)
        for key in ("field", "fields", "map", "mapping"):
            lines = data.get(key)
            if isinstance(lines, list | tuple):
                data[key] = [{"object": ASSETS, **line} if isinstance(line, dict) else line for line in lines]
        return data

    @model_validator(mode="after")
    def _no_line_is_about_another_object(self) -> Self:
        parts: dict[str, tuple[NewFieldRow | MapRow, ...]] = {"field": self.fields, "map": self.mapping}
        for name, lines in parts.items():
            for number, line in enumerate(lines, start=1):
                if (line.object == ASSETS) != (self.object == ASSETS):
                    raise ValueError(
                        f"{name}[{number}].object is {line.object}, but this integration loads {self.object}"
                    )
        return self

    @property
    def loads_assets(self) -> bool:
        """Whether the vendor's devices are loaded, and not its users."""
        return self.object == ASSETS

    @property
    def main_kind(self) -> ObjectKind:
        """What a record of the vendor becomes here."""
        return ObjectKind.ASSETS if self.loads_assets else ObjectKind.PEOPLE

    @property
    def with_saas_users(self) -> bool:
        """Whether the application's accounts are kept beside the people."""
        return self.saas_mode == "user_plus_saas_user" and not self.loads_assets

    @property
    def acting_name(self) -> str:
        """The name that stands at records as who created them."""
        return self.integration_user or self.name

    @property
    def application_name(self) -> str:
        """The SaaS application that the accounts belong to."""
        return self.saas_application or connector_of(self).title


@dataclass(frozen=True, slots=True)
class Integration:
    """An integration as it is kept: the document, its state, and what its last complete run proved."""

    id: int
    document: IntegrationDocument
    version: int
    state: IntegrationState
    created_at: str
    launched_at: str | None
    mapping_signature: str | None
    scope_signature: str | None
    tenant: str | None

    @property
    def name(self) -> str:
        """The name the admin gave it."""
        return self.document.name

    @property
    def noun(self) -> str:
        """What its records are called at the vendor, when many are spoken of."""
        return self.connector.loaded_noun

    @property
    def connector(self) -> Connector:
        """The vendor it reads."""
        return connector_of(self.document)


def connector_of(document: IntegrationDocument) -> Connector:
    """The connector that the document names, as an integration of its object sees it.

    A UserError where there is no such connector, or it has no such objects.
    """
    found = CONNECTORS.get(document.connector)
    if found is None:
        raise UserError(
            f"connector: “{document.connector}” is not a connector here. Known: {', '.join(sorted(CONNECTORS))}."
        )
    if document.object not in found.objects:
        raise UserError(
            f"object: {found.title} has no {document.object} to load. There are: {', '.join(found.objects)}."
        )
    return found.loading(document.object)


def parse_document(text: str, where: str = "the file") -> IntegrationDocument:
    """Read an integration from TOML, all or nothing; an error names the key and what to write instead."""
    return document_from(parse_toml(text, where, "an integration file"), where)


def document_from(data: dict[str, Any], where: str) -> IntegrationDocument:
    """Validate a document; without a mapping it takes the one that the connector's article describes.

    A UserError names the key that is wrong.
    """
    try:
        document = IntegrationDocument.model_validate(data)
    except ValidationError as error:
        raise UserError(f"{where}: {explain(error)}") from None
    connector = connector_of(document)
    document = _with_checked_inputs(document, connector, where)
    return document if document.mapping else with_default_mapping(document, connector)


def _with_checked_inputs(document: IntegrationDocument, connector: Connector, where: str) -> IntegrationDocument:
    declared = {known.key: known for known in connector.inputs}
    inputs: dict[str, str] = {}
    for key, value in document.inputs.items():
        if key not in declared and key != "base_url":
            known = ", ".join(sorted({*declared, "base_url"}))
            raise UserError(f"{where}: inputs.{key} is not an input of {connector.title}. Known: {known}.")
        try:
            inputs[key] = declared[key].clean(value) if key in declared else value
        except UserError as error:
            raise UserError(f"{where}: inputs.{key}: {error}") from None
    if document.directory_credential and not connector.kinds:
        raise UserError(f"{where}: directory_credential: {connector.title} has one kind of key only. Leave it out.")
    return document.model_copy(update={"inputs": inputs})


def with_default_mapping(document: IntegrationDocument, connector: Connector) -> IntegrationDocument:
    """The document with the mapping that the connector suggests for its object, and its fields beside its own."""
    connector = connector.loading(document.object)
    saas = document.with_saas_users
    own = {(row.object, row.label.casefold()) for row in document.fields}
    fields = [
        NewFieldRow(object=new.object, label=new.label, type=new.type, unique=new.unique)  # type: ignore[arg-type]  # the connector names its object by text
        for new in connector.default_fields
        if (saas or new.object != "saas_users") and (new.object, new.label.casefold()) not in own
    ]
    mapping = [
        MapRow(
            source=row.source,
            value=row.value,
            object=row.object,  # type: ignore[arg-type]  # validated by the model
            target=row.target,
            sync_key=row.sync_key,
            update_key=row.update_key,
            policy=Policy(row.policy),
        )
        for row in connector.default_mapping
        if saas or row.object != "saas_users"
    ]
    return document.model_copy(update={"fields": (*document.fields, *fields), "mapping": tuple(mapping)})


def to_json(document: IntegrationDocument) -> str:
    """The document as it is stored."""
    return document.model_dump_json(by_alias=True, exclude_none=True)


def from_json(text: str) -> IntegrationDocument:
    """A stored document."""
    return IntegrationDocument.model_validate_json(text)


def scope_signature(document: IntegrationDocument, *, base_url: str, credential: str, connector: Connector) -> str:
    """A mark of what a listing covers; when it changes, the first deactivations after that wait for a person."""
    keys = sorted((row.sync_key, row.target) for row in document.mapping if row.sync_key is not None)
    parts = [base_url, sorted(document.inputs.items()), credential, connector.key, connector.version, keys]
    return hashlib.sha256(orjson.dumps(parts)).hexdigest()


def mapping_signature(document: IntegrationDocument, compiled: str) -> str:
    """A mark of everything that decides what a record becomes; when it changes, every record is looked at again."""
    rules = [rule.model_dump(mode="json", by_alias=True) for rule in document.filters]
    parts = [compiled, rules, document.saas_mode, document.preference, document.application_name]
    return hashlib.sha256(orjson.dumps(parts)).hexdigest()
