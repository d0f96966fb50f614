"""Columns of money: in one currency, which their titles name."""

from collections.abc import Iterable
from dataclasses import replace

from saasdesk.currencies import DECIMALS
from saasdesk.records.listing import Column, Special


def in_currency(columns: Iterable[Column], currency: str) -> tuple[Column, ...]:
    """The same columns; what costs something a month says in which currency."""
    return tuple(
        replace(column, title=f"{currency} a Month", decimals=DECIMALS[currency], unit=currency)
        if column.type is Special.MONEY
        else column
        for column in columns
    )
