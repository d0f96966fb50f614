"""What one run stages: which columns, whose they are, and when a value may replace another."""

from dataclasses import dataclass

from saasdesk.fields import ObjectKind


@dataclass(frozen=True, slots=True)
class StagedField:
    """A column that this run fills: whose it is, and when its value may replace another.

    `silent` ones tell where a record came from, `moving` ones change by themselves: both are written without history.
    """

    name: str
    policy: str = "always"
    keyed: bool = False
    unique: bool = False
    mandatory: bool = False
    sync_key: int | None = None
    update_key: bool = True
    silent: bool = False
    moving: bool = False
    # The vendor may mask it with asterisks; such a value never takes the place of one without.
    may_be_masked: bool = False
    label: str = ""
    names_user: bool = False

    @property
    def is_compared(self) -> bool:
        """Whether a difference makes the record a changed one."""
        return not self.silent and not self.moving


@dataclass(frozen=True, slots=True)
class StageShape:
    """What one run stages: for which integration, which columns of the main records and of SaaS users.

    A vendor's record becomes a person or, in a run that loads assets, an asset: the main record. `owner_sources` are
    the integrations whose links tell which person the vendor means by the owner of an asset.
    """

    integration: int
    main: tuple[StagedField, ...]
    saas_users: tuple[StagedField, ...]
    with_saas_users: bool
    with_licences: bool
    # The vendor lists licences: each is one of its kind, may be nobody's, and goes from hand to hand.
    licences_are_listed: bool = False
    kind: ObjectKind = ObjectKind.PEOPLE
    owner_sources: tuple[int, ...] = ()

    @property
    def table(self) -> str:
        """The main records' table: person or asset. Links and staged records point at them by a column of that name."""
        return self.kind.table

    @property
    def moving(self) -> tuple[StagedField, ...]:
        """The main records' fields whose newest value is kept even where nothing else changed."""
        return tuple(f for f in self.main if f.moving)

    def sync_keys(self) -> tuple[StagedField, ...]:
        """The fields that decide which record is the same one, in their order."""
        return tuple(sorted((f for f in self.main if f.sync_key is not None), key=lambda f: f.sync_key or 0))

    def references(self) -> tuple[StagedField, ...]:
        """The people fields that hold the name of another of the vendor's users."""
        return tuple(field for field in self.main if field.names_user)

    def columns(self) -> tuple[str, ...]:
        """The staged value columns, in the order in which a row of values must come."""
        return (
            *(f"p_{f.name}" for f in self.main),
            *(f"k_{f.name}" for f in self.main if f.keyed),
            *(f"s_{f.name}" for f in self.saas_users),
            *(f"sk_{f.name}" for f in self.saas_users if f.keyed),
        )
