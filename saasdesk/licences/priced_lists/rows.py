"""SQL that says what all active seats of a person cost a month.

The same seats and prices as in the relation of seats (`licences/seats/rows.py`), so put that SQL looks at this person's
alone, and once at each: a million people are sorted by it.
"""

from collections.abc import Iterable

from saasdesk.fields import FieldType
from saasdesk.licences.prices.tariff import SCOPES, Tariff, TariffLine, unit_of
from saasdesk.records.listing.rows import Expression

# Accounts `u` of the person with their licences `l`; an account is a seat itself where its application has no licences.
_COST = """(
    SELECT sum(CASE
        WHEN l.id IS NOT NULL THEN {of_licence}
        WHEN u.deactivated = 0 AND u.archived = 0 AND u.saas_application IN (
            SELECT a.id FROM saas_application a WHERE NOT EXISTS (
                SELECT 1 FROM licence k WHERE k.saas_application = a.id AND k.deactivated = 0 AND k.archived = 0)
        ) THEN {of_account}
    END)
    FROM saas_user u LEFT JOIN licence l ON l.saas_user = u.id AND l.deactivated = 0 AND l.archived = 0
    WHERE u.person = r.id
)"""
_OF_LICENCE = {"product": "l.product", "role": "u.role"}
_OF_ACCOUNT = {"role": "u.role"}


def cost_of_person(tariff: Tariff) -> Expression:
    """What the seats of a person `r` cost a month; NULL where none has a price."""
    cost = _COST.format(
        of_licence=_price("l.saas_application", _OF_LICENCE, tariff.lines),
        of_account=_price("u.saas_application", _OF_ACCOUNT, tariff.lines),
    )
    # Whole numbers are sorted sooner.
    return Expression(f"{cost} / {unit_of(tariff.currency)}.0", FieldType.DECIMAL, sorted_by=cost)


def _price(application: str, columns: dict[str, str], lines: Iterable[TariffLine]) -> str:
    """The price of a seat that has these columns.

    It is written out, as looking it up in a table costs more than finding the seat.
    """
    of: dict[int, list[TariffLine]] = {}
    for line in lines:
        of.setdefault(line.application, []).append(line)
    return _choice(application, ((str(number), _price_within(columns, of[number])) for number in of), "NULL")


def _price_within(columns: dict[str, str], lines: list[TariffLine]) -> str:
    """The price by the lines of one application: that of the most particular scope that has one."""
    price = "NULL"
    for scope, named in reversed(list(SCOPES.items())):
        of_scope = [line for line in lines if line.scope == scope]
        if named is None:
            price = _minor(of_scope[0]) if of_scope else price
        elif named in columns:
            known = ((_text(line.name), _minor(line)) for line in of_scope)
            price = _choice(f"{columns[named]} COLLATE NOCASE", known, price)
    return price


def _choice(of: str, known: Iterable[tuple[str, str]], otherwise: str) -> str:
    branches = "".join(f" WHEN {value} THEN {result}" for value, result in known)
    return f"CASE {of}{branches} ELSE {otherwise} END" if branches else otherwise


def _minor(line: TariffLine) -> str:
    return "NULL" if line.minor is None else str(line.minor)


def _text(text: str) -> str:
    # Whatever letters it has, none of them means anything to SQL.
    return f"CAST(x'{text.encode().hex()}' AS TEXT)"
