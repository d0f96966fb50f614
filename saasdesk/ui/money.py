"""Money in words: in the language of this desktop, always with its currency."""

from PySide6.QtCore import QCoreApplication, QLocale

from saasdesk.currencies import DECIMALS
from saasdesk.licences.money import Money, Period
from saasdesk.licences.seats import Figure


def money_text(money: Money) -> str:
    """ "1,476.00 EUR"."""
    return f"{QLocale().toString(float(money.amount), 'f', DECIMALS[money.currency])} {money.currency}"


def price_text(money: Money, period: Period) -> str:
    """ "41.00 EUR a month"."""
    pattern = _tr("{0} a month") if period is Period.MONTH else _tr("{0} a year")
    return pattern.format(money_text(money))


def figure_text(figure: Figure) -> str:
    """What seats cost; "not priced" where nobody entered a price for any of them."""
    return price_text(figure.monthly, Period.MONTH) if figure.priced or not figure.seats else _tr("Not priced")


def seats_text(seats: int) -> str:
    """ "1 seat", "24 seats"."""
    return (_tr("{0} seat") if seats == 1 else _tr("{0} seats")).format(QLocale().toString(seats))


def unpriced_text(figure: Figure) -> str:
    """What an amount leaves out; empty where it leaves nothing out, or is none."""
    if not figure.priced or not figure.unpriced:
        return ""
    return _tr("{0} without a price").format(seats_text(figure.unpriced))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Money", text)
