"""Which of a vendor's records an integration takes: its rules over the values as they came."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from saasdesk.connectors import Connector, FieldType
from saasdesk.errors import UserError
from saasdesk.mapping import PathProblem, compile_path
from saasdesk.rules import Rule, to_predicate


def filter_of(rules: Sequence[Rule], connector: Connector) -> Callable[[Mapping[str, Any]], bool]:
    """One predicate over raw records for all these rules; a UserError says which rule cannot be understood.

    A rule names a source field, or a path into the record, whose values are compared as text.
    """
    names = {name for rule in rules for name in rule.field_names()}
    known = {field.id: field for field in connector.all_fields()}
    types = {name: known[name].type if name in known else FieldType.SHORT_TEXT for name in names}
    try:
        getters = {name: compile_path(known[name].path if name in known else name) for name in names}
    except PathProblem as problem:
        raise UserError(f"A condition looks at a field that cannot be read: {problem}.") from None
    predicates = [to_predicate(rule, types) for rule in rules]

    def takes(raw: Mapping[str, Any]) -> bool:
        values = {name: get(raw) for name, get in getters.items()}
        return all(predicate(values) for predicate in predicates)

    return takes
