"""What a list of records can show: its columns, and the words their values are shown in."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from saasdesk.fields import FieldType


class Special(Enum):
    """Columns that are drawn in a way of their own, beyond what their field's type says."""

    PERSON = "person"
    APPLICATION = "application"
    STATUS = "status"
    ACCOUNTS = "accounts"
    AGE = "age"
    MONEY = "money"
    # Words of our own, in which days stand as in files: 2026-11-30.
    SENTENCE = "sentence"


ColumnType = FieldType | Special

_TEXTS = frozenset(
    {
        *(kind for kind in FieldType if kind.is_text),
        FieldType.LIST,
        Special.PERSON,
        Special.APPLICATION,
        Special.STATUS,
        Special.ACCOUNTS,
        Special.SENTENCE,
    }
)
_DATES = frozenset({FieldType.DATE, FieldType.DATETIME, Special.AGE})
_NUMBERS = frozenset({FieldType.NUMBER, FieldType.DECIMAL, Special.MONEY})


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list; the key is an External ID, or a name of ours that no field may take."""

    key: str
    title: str
    type: ColumnType
    width_hint: int = 140
    align_right: bool = False
    is_shown: bool = True
    is_secondary: bool = False
    # The applications of an account strip, in the order in which every row shows them.
    choices: tuple[str, ...] = ()
    # Of amounts of money: how many decimals their currency has, and which it is.
    decimals: int = 2
    unit: str = ""

    @property
    def is_text(self) -> bool:
        """Whether the value is text that somebody else may have written."""
        return self.type in _TEXTS

    @property
    def is_date(self) -> bool:
        """Whether the values are days or moments, which are grouped by month."""
        return self.type in _DATES

    @property
    def is_number(self) -> bool:
        """Whether sums and averages of this column mean something."""
        return self.type in _NUMBERS

    @property
    def is_money(self) -> bool:
        """Whether the values are amounts of money."""
        return self.type is Special.MONEY

    def in_figures(self, value: float) -> str:
        """A number for files and scripts: an amount with all its decimals (12.50), any other as it is kept."""
        return f"{value:.{self.decimals}f}" if self.is_money else str(value)


@dataclass(frozen=True, slots=True)
class Group:
    """Records that stand together in a list: what they have in common, how many they are, and their sums by column.

    Of dates it is the month, as YYYY-MM.
    """

    value: str | float | None
    count: int
    sums: tuple[tuple[str, float], ...] = ()


class AccountState(Enum):
    """How an account stands at its vendor, as far as we know."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    UNKNOWN = "unknown"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Account:
    """One account of a person, in one application."""

    application: str
    state: AccountState


Value = str | int | float | tuple[Account, ...] | None

# Vendors' words for the same few situations; what is not here is unknown rather than guessed.
_STATE_OF_WORD = {
    "active": AccountState.ACTIVE,
    "activated": AccountState.ACTIVE,
    "accepted": AccountState.ACTIVE,
    "invited": AccountState.ACTIVE,
    "enabled": AccountState.ACTIVE,
    "assigned": AccountState.ACTIVE,
    "inactive": AccountState.SUSPENDED,
    "staged": AccountState.SUSPENDED,
    "suspended": AccountState.SUSPENDED,
    "disabled": AccountState.SUSPENDED,
    "deactivated": AccountState.SUSPENDED,
    "locked": AccountState.SUSPENDED,
    "closed": AccountState.GONE,
    "deleted": AccountState.GONE,
}
# Somebody with two accounts in one application is shown by the one that matters most to whoever takes access away.
_MOST_ALIVE_FIRST = (AccountState.ACTIVE, AccountState.UNKNOWN, AccountState.SUSPENDED, AccountState.GONE)


def account_state(status: str | None, is_deactivated: bool) -> AccountState:
    """What a vendor's word for an account's status means."""
    if is_deactivated:
        return AccountState.GONE
    return _STATE_OF_WORD.get((status or "").strip().casefold(), AccountState.UNKNOWN)


def summarise_accounts(accounts: Iterable[Account]) -> tuple[Account, ...]:
    """One account an application, the most alive one, in the order of the applications' names."""
    states: dict[str, AccountState] = {}
    for account in accounts:
        known = states.get(account.application, AccountState.GONE)
        states[account.application] = min(known, account.state, key=_MOST_ALIVE_FIRST.index)
    return tuple(Account(name, states[name]) for name in sorted(states, key=str.casefold))


def accounts_in_words(accounts: Iterable[Account]) -> str:
    """The account strip as a sentence reads it: "Atlassian active, JetBrains suspended"."""
    return ", ".join(f"{account.application} {account.state.value}" for account in accounts)


def accounts_as_json(accounts: Iterable[Account]) -> dict[str, str]:
    """The account strip as scripts read it."""
    return {account.application: account.state.value for account in accounts}
