"""A record at a block: what the block can refer to there, and what it would do."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from saasdesk.connectors import Connector
from saasdesk.credentials import Credential
from saasdesk.fields import Field, FieldType
from saasdesk.rules import Predicate, Rule, as_listed, to_predicate
from saasdesk.workflows.record import RecordView, Value
from saasdesk.workflows.requests import PresetRequest


def _no_accounts(_person: int) -> Sequence[RecordView]:
    return ()


@dataclass(frozen=True, slots=True)
class World:
    """What a workflow can refer to: the fields of its records, credentials by name, variables, and the vendors."""

    fields: Mapping[str, Field]
    credentials: Mapping[str, Credential]
    variables: Mapping[str, str]
    connectors: Mapping[str, Connector]
    # The fields of SaaS users, with those of the person behind them, and whose SaaS users a person's are.
    account_fields: Mapping[str, Field] = field(default_factory=dict)
    accounts_of: Callable[[int], Sequence[RecordView]] = _no_accounts
    _predicates: dict[Rule, Predicate] = field(default_factory=dict, init=False, compare=False, repr=False)

    @property
    def of_accounts(self) -> "World":
        """The world as a person's accounts see it."""
        return replace(self, fields=self.account_fields)

    def fits(self, rule: Rule, values: Mapping[str, Any]) -> bool:
        """Whether these values meet a rule; it is compiled once."""
        predicate = self._predicates.get(rule)
        if predicate is None:
            # What blocks set is text, and fields of that name come first.
            types = {
                **dict.fromkeys(rule.field_names(), FieldType.LONG_TEXT),
                **{name: known.type for name, known in {**self.account_fields, **self.fields}.items()},
            }
            listed = as_listed(rule, {**self.account_fields, **self.fields})
            predicate = self._predicates[rule] = to_predicate(listed, types)
        return predicate(values)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A value that a block would write."""

    field: str
    label: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a block would do with one record; `outlet` is where the record would go on if all goes well."""

    outlet: str | None
    message: str = ""
    requests: tuple[PresetRequest, ...] = ()
    changes: tuple[FieldChange, ...] = ()
    problem: str = ""
    # What it would set for the blocks that follow.
    variables: Mapping[str, Value] = field(default_factory=dict)
    # Whether the record would be deactivated here, and the records that would go along its outlet `each` first.
    deactivates: bool = False
    each: tuple[RecordView, ...] = ()


@dataclass(frozen=True, slots=True)
class Visit:
    """A record at a block: what the block's templates can speak of."""

    record: RecordView
    world: World
    # What blocks before this one wrote or set, as far as it is known without doing anything.
    values: Mapping[str, Value] = field(default_factory=dict)
    variables: Mapping[str, Value] = field(default_factory=dict)

    @property
    def context(self) -> Mapping[str, Value]:
        """What has a name besides the record's values: global variables, and what blocks before this one set."""
        return {**self.world.variables, **self.variables} if self.variables else self.world.variables

    @property
    def seen(self) -> RecordView:
        """The record as the blocks before left it."""
        if not self.values:
            return self.record
        return replace(self.record, values={**self.record.values, **self.values})
