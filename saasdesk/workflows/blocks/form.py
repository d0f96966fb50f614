"""What a block's settings look like as a form: the words in which a kind of block describes it to the window.

A form is a list of fields, each for one key of the block's settings. The kinds of field, and what the settings hold:

| kind | value |
|---|---|
| `text`, `long_text` | a text as it is, in one line or several |
| `template`, `long_template` | a text in which `{{ field }}` can stand, in one line or several |
| `json_template` | the text of a JSON document in which `{{ field }}` can stand |
| `number` | a whole number |
| `duration` | a table of `amount` (a whole number) and `unit` (one of the choices) |
| `tick` | true or false |
| `choice` | the value of one of the choices |
| `choices` | a list of such values |
| `field` | the External ID of one of the record's fields (the choices) |
| `fields` | a list of them |
| `credential` | the name of a credential; the choices are those that fit |
| `preset` | the key of a preset; the choice's hint is the vendor, its group is what a search narrows by |
| `rule` | a rule, or nothing |
| `schedule` | a schedule, or nothing |
| `values` | a table of External ID (the choices) → template |
| `inputs` | a table whose keys are the `parts`, each a template |
| `pairs` | a table of names that are free → template: parameters and headers |
| `branches` | a list of tables of `name` and `rule`, in their order |
| `people` | a list of mail addresses, or templates that give one |
| `actions` | a list of what starts the workflow (the choices) |
| `statuses` | a list of HTTP statuses |
| `answers` | a list of tables: `to`, the field (one of the choices) or variable; `into`: `field`, `variable`; `value` |

Settings may be half filled while a workflow is a draft: a form never raises, and a field whose key is absent shows its
`default`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from saasdesk.fields import Field


class FieldKind(StrEnum):
    """What a field of a form takes; the table above says what it gives."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    TEMPLATE = "template"
    LONG_TEMPLATE = "long_template"
    JSON_TEMPLATE = "json_template"
    NUMBER = "number"
    DURATION = "duration"
    TICK = "tick"
    CHOICE = "choice"
    CHOICES = "choices"
    FIELD = "field"
    FIELDS = "fields"
    CREDENTIAL = "credential"
    PRESET = "preset"
    RULE = "rule"
    SCHEDULE = "schedule"
    VALUES = "values"
    INPUTS = "inputs"
    PAIRS = "pairs"
    BRANCHES = "branches"
    PEOPLE = "people"
    ACTIONS = "actions"
    STATUSES = "statuses"
    ANSWERS = "answers"


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values that can be chosen, and what people read for it."""

    value: str
    label: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of a form; `tab` is the heading it stands under, where a form has several."""

    key: str
    label: str
    kind: FieldKind
    help: str = ""
    required: bool = False
    choices: tuple[Choice, ...] = ()
    default: Any = None
    parts: tuple["FormField", ...] = ()
    tab: str = ""
    # Where the vendor explains it.
    link: str = ""


def field_choices(fields: Mapping[str, Field] | Iterable[Field]) -> tuple[Choice, ...]:
    """Fields to choose from, by their labels."""
    known = fields.values() if isinstance(fields, Mapping) else fields
    return tuple(
        Choice(field.external_id, field.label, field.external_id)
        for field in sorted(known, key=lambda field: field.label.casefold())
    )
