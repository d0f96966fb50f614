"""What stands in a cell: the text of a value for eyes, for tool tips and for the clipboard."""

from datetime import date, datetime

from PySide6.QtCore import QCoreApplication, QLocale

from saasdesk.fields import FieldType
from saasdesk.records.listing import Account, AccountState, Column, Special, Value
from saasdesk.ui.formats import days_as_chosen
from saasdesk.ui.tables.times import exact_time, exact_time_with_zone, in_words, local_time, relative_time, shown_now
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.status_word import Status, status

_KNOWN_STATUS = {
    "active": "active",
    "activated": "active",
    "enabled": "active",
    "archived": "archived",
    "closed": "gone",
    "deactivated": "deactivated",
    "deleted": "gone",
    "disabled": "disabled",
    "inactive": "inactive",
    "leaving": "leaving",
    "left": "left",
    "locked": "suspended",
    "suspended": "suspended",
    "unknown": "unknown",
}
# How integrations and their sync sessions stand: the words are our own, and shown as they are.
_STATE_OF_RUN = {
    "cancelled": "cancelled",
    "completed": "completed",
    "completed with errors": "partly",
    "completed, empty": "completed",
    "draft": "draft",
    "errors in last run": "errors",
    "failed": "failed",
    "held": "held",
    "incomplete": "partly",
    "interrupted": "interrupted",
    "missed": "missed",
    "never run": "never_run",
    "overdue": "overdue",
    "paused": "paused",
    "running": "running",
    "waiting": "waiting",
}
_EXACT_WORDS = frozenset({"active", "archived", "deactivated", "disabled", "inactive", "leaving", "left", "suspended"})
_CLIPBOARD_TIME = "%Y-%m-%d %H:%M:%S"


class CellTexts:
    """Turns stored values into text, in the language and the zone of this desktop."""

    def shown(self, column: Column, value: Value, now: datetime) -> str:
        """What the cell says."""
        if value is None:
            return _tr("Unknown") if column.type is Special.AGE else ""
        match column.type:
            case Special.ACCOUNTS:
                return _accounts_in_words(value)
            case Special.STATUS:
                return status_of(value).word
            case Special.AGE:
                moment = local_time(str(value))
                return visible_text(str(value)) if moment is None else relative_time(moment, now)
            case FieldType.DATETIME:
                moment = local_time(str(value))
                return visible_text(str(value)) if moment is None else exact_time(moment)
            case FieldType.DATE:
                return _date_in_words(str(value))
            case Special.SENTENCE:
                return visible_text(days_as_chosen(str(value)))
            case FieldType.FLAG:
                return _tr("Yes") if value else _tr("No")
            case FieldType.NUMBER | FieldType.DECIMAL | Special.MONEY if isinstance(value, int | float):
                return self.number(column, value)
            case _:
                return visible_text(str(value))

    def number(self, column: Column, value: float) -> str:
        """A number with its groups; money with all the decimals of its currency."""
        if column.type is Special.MONEY:
            return QLocale().toString(float(value), "f", column.decimals)
        if isinstance(value, int):
            return QLocale().toString(value)
        # Two decimals at least, so that the points of a column stand below each other.
        decimals = len(f"{value:.10f}".rstrip("0").partition(".")[2])
        return QLocale().toString(value, "f", max(2, decimals))

    def exact(self, column: Column, value: Value) -> str:
        """What the cell does not say, because it is too exact to be read quickly; empty when it says everything."""
        if column.type in {Special.AGE, FieldType.DATETIME} and isinstance(value, str):
            moment = local_time(value)
            return "" if moment is None else exact_time_with_zone(moment)
        return ""

    def copied(self, column: Column, value: Value) -> str:
        """What goes into another program: exact times, plain numbers, one line."""
        if value is None:
            return ""
        if column.type in {Special.AGE, FieldType.DATETIME}:
            moment = local_time(str(value))
            return str(value) if moment is None else moment.strftime(_CLIPBOARD_TIME)
        if column.type in {FieldType.FLAG, Special.STATUS, Special.ACCOUNTS}:
            return self.shown(column, value, shown_now())
        if isinstance(value, int | float):
            return column.in_figures(value)
        return " ".join(str(value).split())


def field_value_in_words(type_: str, value: Value) -> str:
    """A value as lists show those of fields of this type; as it is where the type is not known, empty for nothing."""
    if value is None or not type_:
        return "" if value is None else visible_text(str(value))
    return CellTexts().shown(Column("", "", FieldType(type_)), value, shown_now())


def status_of(value: Value) -> Status:
    """The icon and the word for a status; a word of a vendor that we do not know is shown as it is."""
    text = str(value)
    word = text.strip().casefold()
    if word in _KNOWN_STATUS:
        return status(_KNOWN_STATUS[word], "" if word in _EXACT_WORDS else _capitalised(text))
    if word in _STATE_OF_RUN:
        return status(_STATE_OF_RUN[word], _capitalised(text))
    return Status(_capitalised(visible_text(text)), "info", "muted")


def account_in_words(account: Account) -> str:
    """ "JetBrains suspended"."""
    words = {
        AccountState.ACTIVE: _tr("active"),
        AccountState.SUSPENDED: _tr("suspended"),
        AccountState.GONE: _tr("gone"),
        AccountState.UNKNOWN: _tr("unknown"),
    }
    return f"{visible_text(account.application)} {words[account.state]}"


def _accounts_in_words(value: Value) -> str:
    if not isinstance(value, tuple):
        return ""
    return ", ".join(account_in_words(account) for account in value) or _tr("No accounts")


def _date_in_words(text: str) -> str:
    try:
        return in_words(date.fromisoformat(text[:10]))
    except ValueError:
        return visible_text(text)


def _capitalised(text: str) -> str:
    return text.replace("_", " ").strip().capitalize() if text.isupper() or "_" in text or text.islower() else text


def _tr(text: str) -> str:
    return QCoreApplication.translate("Cell", text)
