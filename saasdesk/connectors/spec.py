"""The words in which a vendor is described: frozen values, no input or output."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Literal, NamedTuple, Protocol

from saasdesk.connectors.inputs import ADMIN, ConnectorHelp, Input, Region
from saasdesk.connectors.pages import Pages, value_at
from saasdesk.connectors.placeholders import fill
from saasdesk.connectors.preset import Look, Preset
from saasdesk.connectors.raw import Raw
from saasdesk.errors import UserError
from saasdesk.web import Answer, SignIn

CONNECTOR_SYNC_TIME = "connector_sync_time"
CONNECT_CREDENTIALS = "connect:credentials"
PEOPLE = "people"
SAAS_USERS = "saas_users"
ASSETS = "assets"


class FieldType(StrEnum):
    """What a value is, at the vendor as well as here."""

    SHORT_TEXT = "short_text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    DECIMAL = "decimal"
    DATE = "date"
    DATETIME = "datetime"
    FLAG = "flag"
    LIST = "list"
    PERSON = "person"
    LOCATION = "location"
    CUSTOM_OBJECT = "custom_object"

    @property
    def is_text(self) -> bool:
        """Whether a value is text as it is; of a person it is the username, e-mail address or name."""
        return self in {FieldType.SHORT_TEXT, FieldType.LONG_TEXT, FieldType.PERSON} or self.is_looked_up

    @property
    def is_looked_up(self) -> bool:
        """Whether a value is the name of an object on a list that the admin keeps."""
        return self in {FieldType.LOCATION, FieldType.CUSTOM_OBJECT}


# ----- what is asked


@dataclass(frozen=True, slots=True)
class RateLimit:
    """How fast one key may ask, and how much at once after a rest."""

    per_minute: float
    burst: int


@dataclass(frozen=True, slots=True)
class UserRead:
    """How one user is read by id, and how the vendor says that there is no such user any more."""

    path: str
    gone: Look
    record_path: str = ""


class LicenceValues(NamedTuple):
    """One licence of a user."""

    licence_id: str
    product: str | None = None
    team: str | None = None
    assigned_at: str | None = None
    last_used: str | None = None
    valid_until: str | None = None


class LooseLicence(NamedTuple):
    """A licence that no person holds; `why` in a word or two, to be counted by."""

    why: str
    licence: LicenceValues


@dataclass(frozen=True, slots=True)
class LicenceRows:
    """How a list of licences becomes records of people: everybody's licences are folded to one record.

    `holder_of` is the id of the person behind a row, None where there is none; `fold` may not depend on the order of
    the rows, or every run would find another record. With `params_of_one` the list is that of the person in `id`.
    """

    holder_of: Callable[[Raw], str | None]
    fold: Callable[[list[Raw]], Raw]
    loose: Callable[[Raw], LooseLicence]
    params_of_one: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class UserList:
    """Where the users (or devices) are listed, and what in a record tells who it is; `noun` is the word for many."""

    path: str
    records_path: str
    pages: Pages
    id_path: str = "id"
    name_path: str = "name"
    email_path: str = "email"
    # What an id may look like; anything else is a problem of that record, so no odd text ever reaches a path.
    id_pattern: str = r"\S{1,256}"
    params: Mapping[str, str] = field(default_factory=dict)
    noun: str = "users"
    noun_for_one: str = "user"
    # The path to read instead where this input is filled in, by its key.
    path_with: Mapping[str, str] = field(default_factory=dict)
    # Paths inside a row that are taken out before anybody sees it: secrets that the vendor lists with the rest.
    never_kept: tuple[str, ...] = ()
    # For a list whose rows are licences; the `…_path`s then speak of a licence.
    licence_rows: LicenceRows | None = None
    one: UserRead | None = None
    # Called with each new record before anybody else sees it: adds what no path can express.
    after_fetch: Callable[[Raw], None] | None = None
    # What to look at when nobody is listed, where the vendor has a usual reason for it.
    when_empty: str = ""
    # Why a user may come without an e-mail address, where that is nothing wrong: such a one is skipped for this reason.
    without_email: str = ""

    def path_for(self, inputs: Mapping[str, str]) -> str:
        """The path of the list under these inputs."""
        return next((path for key, path in self.path_with.items() if inputs.get(key)), self.path)


class VendorReader(Protocol):
    """What an enrichment may ask of the vendor: things that only read."""

    def rows(
        self,
        path: str,
        records_path: str,
        pages: Pages,
        *,
        noun: str,
        key: Callable[[Raw], object],
        params: Mapping[str, str] | None = None,
    ) -> Iterator[Raw]:
        """Every row of a paged list; raises when it cannot be read whole. `key` tells one row from another."""
        ...  # pragma: no cover - a Protocol

    def query(self, path: str, json: object) -> object:
        """The answer to a POST that changes nothing."""
        ...  # pragma: no cover - a Protocol

    def ask(self, path: str, json: object) -> Answer:
        """The same with its headers, for a vendor that tells there how to go on."""
        ...  # pragma: no cover - a Protocol


NOTHING = object()
"""What an enrichment leaves with those whom it does not name, unless told otherwise: no key at all."""


@dataclass(frozen=True, slots=True)
class Enrichment:
    """Something the list of users lacks, read in bulk before it: a value for each vendor id, put under `key`.

    A key that may not read it costs the feature, not the run. `by` tells what a record is called there, where that is
    not its id; `otherwise` is put with those whom it does not name.
    """

    feature: str
    key: str
    read: Callable[[VendorReader], Mapping[str, object]]
    by: Callable[[Raw], str] | None = None
    otherwise: object = NOTHING


@dataclass(frozen=True, slots=True)
class Check:
    """One cheap call that shows whether a key may use a feature; without a path only people can find out.

    `tells` takes from the answer what the paths of later checks need.
    """

    feature: str
    title: str
    advice: str
    path: str = ""
    method: Literal["GET", "POST"] = "GET"
    params: Mapping[str, str] = field(default_factory=dict)
    json: Mapping[str, object] | None = None
    tells: Callable[[object], Mapping[str, str]] | None = None
    # Whether the feature changes something at the vendor: a key that only reads does without it.
    acts: bool = False


@dataclass(frozen=True, slots=True)
class KeyTest:
    """The call that proves a key. `identity_of` names the vendor-side organisation; None if the answer is no such."""

    path: str
    identity_of: Callable[[object], str | None]
    params: Mapping[str, str] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    # What people call the organisation, where its identity is an id: it may be renamed and is still the same.
    title_of: Callable[[object], str | None] | None = None
    # What a 403 or 404 of this call means, where it asks for one organisation by its id; may hold `{{ inputs }}`.
    not_yours: str = ""


@dataclass(frozen=True, slots=True)
class KeyKind:
    """A further kind of key, for a part of the vendor's service; `needs` are the inputs that it cannot do without."""

    key: str
    title: str
    needs: tuple[str, ...]
    key_test: KeyTest
    help: ConnectorHelp


# ----- what comes back


@dataclass(frozen=True, slots=True)
class VendorField:
    """One thing the vendor tells of a user: its label, where it stands in the raw record, and what it is.

    `id` is what mappings name; `smart_target` the field that smart mapping proposes; `feature` the enrichment without
    which the vendor says nothing about it. With `names_user` the value is the id of another user of the list: a text
    field of people gets that person's name.
    """

    label: str
    path: str
    type: FieldType = FieldType.SHORT_TEXT
    id: str = ""
    smart_target: str = ""
    help: str = ""
    feature: str = ""
    names_user: bool = False
    # Asterisks may stand for letters; such a value never takes the place of one without.
    may_be_masked: bool = False

    def __post_init__(self) -> None:
        if not self.id:
            object.__setattr__(self, "id", self.path)


class SaasValues(NamedTuple):
    """What a raw record says about the account: shown text, and times as ISO text in UTC."""

    role: str | None
    status: str
    last_activity: str | None
    inactive: bool
    licences: tuple[LicenceValues, ...] = ()


@dataclass(frozen=True, slots=True)
class SaasShape:
    """How an account is read out of a raw record.

    `unknown_if_none` names the values in which None means that the vendor does not tell: what was known stays.
    """

    saas_values: Callable[[Raw], SaasValues]
    unknown_if_none: frozenset[str] = frozenset()


# ----- what is suggested


@dataclass(frozen=True, slots=True)
class NewField:
    """A field of ours that the default mapping needs."""

    object: str
    label: str
    type: FieldType = FieldType.SHORT_TEXT
    unique: bool = False


@dataclass(frozen=True, slots=True)
class MapDefault:
    """One line of the default mapping: a source field or a constant, and the field it fills."""

    target: str
    source: str | None = None
    value: str | None = None
    object: str = PEOPLE
    sync_key: int | None = None
    update_key: bool = False
    policy: Literal["always", "only_if_empty", "only_if_source_filled", "over_manual"] = "always"


# ----- devices


@dataclass(frozen=True, slots=True)
class AssetLoad:
    """What a vendor tells of devices, for integrations whose object is "assets".

    `owner_id_path` holds the vendor's id of the user who has the device, `owner_email_path` their address: by one of
    them the asset is bound to a person. `volatile` fields move by themselves: their newest value is kept without a
    history.
    """

    listing: UserList
    fields: tuple[VendorField, ...]
    default_mapping: tuple[MapDefault, ...]
    default_fields: tuple[NewField, ...] = ()
    owner_id_path: str = ""
    owner_email_path: str = ""
    enrichments: tuple[Enrichment, ...] = ()
    volatile: frozenset[str] = frozenset()


# A device has no account, and only its absence says that it is gone.
_NO_ACCOUNT = SaasShape(lambda _raw: SaasValues(role=None, status="", last_activity=None, inactive=False))


# ----- the whole


class FieldSource(Protocol):
    """What a mapping reads from: a vendor, or a file."""

    @property
    def title(self) -> str:
        """What people call it."""
        ...  # pragma: no cover - a Protocol

    @property
    def vendor_name(self) -> str:
        """What says nothing more in the name of one of its fields; empty where there is no vendor."""
        ...  # pragma: no cover - a Protocol

    @property
    def users(self) -> UserList:
        """What in a record tells who it is."""
        ...  # pragma: no cover - a Protocol

    def all_fields(self) -> tuple[VendorField, ...]:
        """Everything that can be mapped from."""
        ...  # pragma: no cover - a Protocol

    def find_field(self, field_id: str) -> VendorField | None:
        """The source field that a mapping names."""
        ...  # pragma: no cover - a Protocol


@dataclass(frozen=True, slots=True)
class Connector:
    """What we know of a vendor: who it is, how to sign in, what it lists, what that means, what can be done there."""

    key: str
    title: str
    regions: tuple[Region, ...]
    sign_in: SignIn
    rate: RateLimit
    users: UserList
    key_test: KeyTest
    fields: tuple[VendorField, ...]
    saas: SaasShape
    help: ConnectorHelp
    inputs: tuple[Input, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    # What the vendor's documents count to the address, but the paths here begin with: not needed twice.
    address_tail: str = ""
    # Other addresses of the vendor to which the same key may go.
    other_base_urls: tuple[str, ...] = ()
    enrichments: tuple[Enrichment, ...] = ()
    # Top-level keys of a raw record that change by themselves: they make no record a changed one.
    volatile: frozenset[str] = frozenset()
    default_fields: tuple[NewField, ...] = ()
    default_mapping: tuple[MapDefault, ...] = ()
    presets: tuple[Preset, ...] = ()
    # Whether the vendor tells of licences of single users.
    has_licences: bool = True
    # The kinds of key besides the one that lists the users.
    kinds: tuple[KeyKind, ...] = ()
    parallel_pages: int = 1
    # Raise it when the same vendor data would now give other records: the next run holds its deactivations once.
    version: int = 1
    assets: AssetLoad | None = None
    # What this view of the vendor is of; see `loading`.
    loads: str = "users"

    @property
    def loaded_noun(self) -> str:
        """What this view brings, in the plural: users, whatever their list consists of, or devices."""
        return self.users.noun if self.loads == ASSETS else "users"

    @property
    def objects(self) -> tuple[str, ...]:
        """What an integration of this vendor can load."""
        return ("users",) if self.assets is None else ("users", ASSETS)

    def loading(self, wanted: str) -> "Connector":
        """The same vendor as an integration of this object sees it: of assets, the devices stand where users do."""
        if wanted != ASSETS or self.assets is None:
            return self
        load = self.assets
        return replace(
            self,
            users=load.listing,
            fields=load.fields,
            saas=_NO_ACCOUNT,
            enrichments=load.enrichments,
            volatile=load.volatile,
            default_fields=load.default_fields,
            default_mapping=load.default_mapping,
            has_licences=False,
            loads=ASSETS,
        )

    def of_kind(self, kind: str) -> "Connector":
        """The vendor as a key of this kind sees it: with its own test, its own help and the inputs that it needs.

        A UserError where the vendor has no keys of this kind.
        """
        if kind == ADMIN:
            return self
        found = next((known for known in self.kinds if known.key == kind), None)
        if found is None:
            kinds = " or ".join((ADMIN, *(known.key for known in self.kinds)))
            raise UserError(f"{self.title} has no keys of the kind {kind}. Known: {kinds}.")
        inputs = tuple(replace(declared, required=declared.key in found.needs) for declared in self.inputs)
        return replace(self, key_test=found.key_test, help=found.help, inputs=inputs)

    def kind_title(self, kind: str) -> str:
        """What people call a key of this kind."""
        return next((known.title for known in self.kinds if known.key == kind), "key").lower()

    def clean_inputs(self, entered: Mapping[str, str]) -> dict[str, str]:
        """What was entered, each value cut down to what counts; a UserError names the input that is none."""
        known = {declared.key: declared for declared in self.inputs}
        return {key: known[key].clean(text) if key in known else text for key, text in entered.items()}

    @property
    def vendor_name(self) -> str:
        """The vendor's, which its fields may have before their own."""
        return self.title

    def all_fields(self) -> tuple[VendorField, ...]:
        """The vendor's fields and those that every connector has: its inputs, the credential, the time of the run."""
        return (
            *self.fields,
            *(VendorField(f"Connect: {i.label}", "", id=f"connect:{i.key}") for i in self.inputs if not i.secret),
            VendorField(
                "Connect: Credentials", "", id=CONNECT_CREDENTIALS, help="The name of the credential that a run used."
            ),
            VendorField(
                "Connector Sync Time",
                "",
                FieldType.DATETIME,
                id=CONNECTOR_SYNC_TIME,
                help="When the integration last ran.",
            ),
        )

    def find_field(self, field_id: str) -> VendorField | None:
        """The source field that a mapping names."""
        return next((known for known in self.all_fields() if known.id == field_id), None)

    def base_url(self, inputs: Mapping[str, str]) -> str:
        """Where requests go: what the admin chose, else the vendor's first region."""
        base_url = (inputs.get("base_url") or self.regions[0].base_url).rstrip("/")
        return base_url.removesuffix(self.address_tail)

    def base_urls(self) -> tuple[str, ...]:
        """Every address to which a key of this vendor may be sent."""
        elsewhere = (url for region in self.regions for url in region.elsewhere.values())
        return (*(region.base_url for region in self.regions), *elsewhere, *self.other_base_urls)

    def host_for(self, path: str, inputs: Mapping[str, str]) -> str:
        """The host that serves a path beside the base address; empty for the base address itself."""
        base_url = self.base_url(inputs)
        for region in self.regions:
            if region.base_url == base_url:
                return next((url for prefix, url in region.elsewhere.items() if path.startswith(prefix)), "")
        return ""

    def request_headers(self, inputs: Mapping[str, str]) -> dict[str, str]:
        """The headers of every request; one whose input was left empty is not sent."""
        filled = {name: fill(text, inputs, quoted=False) for name, text in self.headers.items()}
        return {name: text for name, text in filled.items() if text}

    def label_of(self, raw: Raw) -> str:
        """What to call a record in a list: its name, else its e-mail address, else its id."""
        for path in (self.users.name_path, self.users.email_path, self.users.id_path):
            text = value_at(raw, path)
            if isinstance(text, str) and text.strip():
                return text
        return ""

    def email_of(self, raw: Raw) -> str | None:
        """The e-mail address of a record, if it has one."""
        text = value_at(raw, self.users.email_path)
        return text if isinstance(text, str) and text else None
