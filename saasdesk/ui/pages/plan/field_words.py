"""Fields and values as people read them: labels instead of External IDs, Yes instead of 1, local times."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from PySide6.QtCore import QCoreApplication

from saasdesk.fields import Field, ObjectKind
from saasdesk.fields.rows import list_fields
from saasdesk.records.listing import Column
from saasdesk.store import Connection
from saasdesk.ui.tables.cells import CellTexts

_KINDS = (
    ObjectKind.PEOPLE,
    ObjectKind.SAAS_USERS,
    ObjectKind.LICENCES,
    ObjectKind.SAAS_APPLICATIONS,
    ObjectKind.ASSETS,
)


@dataclass(frozen=True, slots=True)
class FieldWords:
    """The fields of all kinds of records, by kind and External ID."""

    fields: Mapping[tuple[str, str], Field]
    _texts: CellTexts = field(default_factory=CellTexts)
    _now: datetime = field(default_factory=lambda: datetime.now().astimezone())

    def label(self, kind: str, name: str) -> str:
        """What the field is called; a field that was deleted keeps its External ID."""
        known = self.fields.get((kind, name))
        return name if known is None else known.label

    def value(self, kind: str, name: str, value: Any) -> str:
        """What stands in the field; empty for nothing."""
        if value is None:
            return ""
        known = self.fields.get((kind, name))
        if known is None:
            return str(value)
        return self._texts.shown(Column(name, known.label, known.type), value, self._now)


def read_field_words(db: Connection) -> FieldWords:
    """The fields there are now."""
    return FieldWords({(kind.value, known.external_id): known for kind in _KINDS for known in list_fields(db, kind)})


def object_in_words(name: str) -> str:
    """What kind of record it is."""
    return {
        "people": _tr("Person"),
        "saas_users": _tr("SaaS user"),
        "licences": _tr("Licence"),
        "saas_applications": _tr("SaaS application"),
        "assets": _tr("Asset"),
    }.get(name, name)


def change_in_words(kind: str) -> str:
    """The tag of a kind of change."""
    return {
        "create": _tr("create"),
        "update": _tr("update"),
        "reactivate": _tr("reactivate"),
        "deactivate": _tr("deactivate"),
        "skip": _tr("skip"),
        "error": _tr("error"),
    }.get(kind, kind)


def before_and_after(words: FieldWords, change: str, kind: str, name: str, before: Any, after: Any) -> tuple[str, str]:
    """What is there and what comes; of a record that only changes its state, the states."""
    if not name:
        match change:
            case "deactivate":
                return _tr("active"), _tr("deactivated")
            case "reactivate":
                return _tr("deactivated"), _tr("active")
            case _:
                return "", ""
    was, becomes = words.value(kind, name, before), words.value(kind, name, after)
    return was, _tr("(empty)") if change == "update" and not becomes else becomes


def label_of_change(words: FieldWords, change: str, kind: str, name: str) -> str:
    """The field that changes; of a record that only changes its state, the state."""
    if name:
        return words.label(kind, name)
    return _tr("State") if change in {"deactivate", "reactivate"} else ""


def _tr(text: str) -> str:
    return QCoreApplication.translate("FieldWords", text)
