"""Figures as they are written on cards and beside bars."""

from PySide6.QtCore import QCoreApplication, QLocale

from saasdesk.records.listing import Column
from saasdesk.reports.dashboards.figures import Figure
from saasdesk.reports.dashboards.trend import Trend
from saasdesk.ui.formats import day_text

_NOTHING = "—"


def figure_in_words(value: float | None) -> str:
    """ "1 362", "12.50", "—" where there is nothing to measure."""
    if value is None:
        return _NOTHING
    locale = QLocale()
    return locale.toString(int(value)) if float(value).is_integer() else locale.toString(float(value), "f", 2)


def amount_in_words(value: float | None, measured: Column | None) -> str:
    """The same; an amount of money with all its decimals: "1,476.00"."""
    if value is None or measured is None or not measured.is_money:
        return figure_in_words(value)
    return QLocale().toString(float(value), "f", measured.decimals)


def value_in_words(value: float | None, measured: Column | None) -> str:
    """The same with its currency: "1,476.00 EUR"."""
    unit = measured.unit if measured is not None and value is not None else ""
    return f"{amount_in_words(value, measured)} {unit}".rstrip()


def share_in_words(value: float | None, whole: float) -> str:
    """ "94 %", of all parts of a donut."""
    return f"{round(100 * (value or 0) / (whole or 1))} %"


def below_in_words(figure: Figure) -> str:
    """The currency of an amount, what it is paid for and what it leaves out; nothing below other numbers."""
    if figure.measured is None or not figure.measured.is_money:
        return ""
    unpriced = _tr("{0} without a price").format(figure_in_words(figure.unpriced)) if figure.unpriced else ""
    a_month = _tr("{0} a month").format(figure.measured.unit)
    return " · ".join(part for part in (a_month, unpriced) if part)


def why_not_priced() -> str:
    """Why there is nothing to draw where records are, in a sentence."""
    return _tr(
        "None of them has a price. What a seat costs is entered on the page of its application, under Costs & renewal."
    )


def change_in_words(trend: Trend) -> tuple[str, str]:
    """An icon and a few words: how much more or less than at the first point, or why nobody knows."""
    if trend.change is None:
        return "", _tr("its past is not kept") if trend.lacks else _tr("no earlier days yet")
    first = trend.points[0].at.astimezone()
    day = day_text(first.date(), with_year=False)
    if not trend.change:
        return "", _tr("unchanged since {0}").format(day)
    return "arrow-up" if trend.change > 0 else "arrow-down", _tr("{0} since {1}").format(
        figure_in_words(abs(trend.change)), day
    )


def why_no_line(trend: Trend) -> str:
    """Why a line over time cannot be drawn, in a sentence."""
    if trend.lacks:
        return _tr("How many there were cannot be told: the filter looks at “{0}”, whose past is not kept.").format(
            trend.lacks
        )
    return _tr("There are no earlier days yet. The line begins tomorrow.")


def _tr(text: str) -> str:
    return QCoreApplication.translate("Figures", text)
