"""Amounts of money: whole numbers of the smallest unit, never a float."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from enum import StrEnum

from saasdesk.currencies import DECIMALS, checked_currency
from saasdesk.errors import UserError

_AMOUNT = re.compile(r"\d{1,9}(?:[.,]\d{1,3})?", re.ASCII)
_RATE = re.compile(r"\d{1,9}(?:[.,]\d{1,9})?", re.ASCII)
MONTHS_A_YEAR = 12


class Period(StrEnum):
    """What a price is paid for."""

    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in the smallest unit of its currency: 1250 and EUR are 12.50 EUR."""

    minor: int
    currency: str

    @property
    def amount(self) -> Decimal:
        """The amount as people write it."""
        return Decimal(self.minor).scaleb(-DECIMALS[self.currency])

    @property
    def figures(self) -> str:
        """The amount with all its decimals, for files and scripts: 12.50."""
        return f"{self.amount:.{DECIMALS[self.currency]}f}"

    def __str__(self) -> str:
        return f"{self.amount:,.{DECIMALS[self.currency]}f} {self.currency}"


def read_currency(text: str) -> str:
    """The currency that was meant; a UserError says that there is none."""
    try:
        return checked_currency(text)
    except ValueError as error:
        raise UserError(f"{error}.") from None


def read_money(text: str, currency: str) -> Money:
    """The amount that was typed; a UserError says what it takes."""
    currency = read_currency(currency)
    decimals, typed = DECIMALS[currency], text.strip()
    if typed.startswith(("-", "−")):  # noqa: RUF001 - whoever copies an amount copies a real minus sign
        raise UserError("A price is never below zero. Write what one seat costs, such as 12.50.")
    if not _AMOUNT.fullmatch(typed):
        raise UserError(
            f"{typed[:40]!r} is no amount. Write it in figures without spaces, such as 12.50; 999,999,999 at most."
            if typed
            else "Write the amount, such as 12.50."
        )
    amount = Decimal(typed.replace(",", "."))
    minor = amount.scaleb(decimals)
    if minor != minor.to_integral_value():
        raise UserError(f"{currency} has {decimals or 'no'} decimals, and {typed} has more.")
    return Money(int(minor), currency)


def read_rate(text: str) -> Decimal:
    """The exchange rate that was typed; a UserError says what it takes."""
    typed = text.strip()
    if not typed:
        raise UserError("An empty field is no exchange rate. Write it in figures above zero, such as 0.92.")
    rate = Decimal(typed.replace(",", ".")) if _RATE.fullmatch(typed) else Decimal(0)
    if not rate:
        raise UserError(f"{typed[:40]!r} is no exchange rate. Write it in figures above zero, such as 0.92.")
    return rate


def a_month(price: Money, period: Period, rate: Decimal, currency: str) -> int:
    """What a price comes to in a month, in the smallest unit of another currency, rounded once."""
    amount = price.amount * rate / (MONTHS_A_YEAR if period is Period.YEAR else 1)
    return int(amount.scaleb(DECIMALS[currency]).quantize(Decimal(1), ROUND_HALF_EVEN))
