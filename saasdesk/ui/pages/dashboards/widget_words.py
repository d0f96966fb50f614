"""The choices of a widget's form in words."""

from PySide6.QtCore import QCoreApplication

from saasdesk.fields import FieldType
from saasdesk.licences.priced_lists import ListObject
from saasdesk.records.listing import Column, Special
from saasdesk.reports.dashboards.board import DateGroup, Measure, WidgetKind


def kinds() -> list[tuple[str, str]]:
    """Key and word of each kind of widget."""
    return [
        (WidgetKind.NUMBER.value, _tr("Number")),
        (WidgetKind.BAR.value, _tr("Bars")),
        (WidgetKind.STACKED.value, _tr("Stacked bars")),
        (WidgetKind.DONUT.value, _tr("Donut")),
        (WidgetKind.LINE.value, _tr("Line over time")),
        (WidgetKind.TABLE.value, _tr("Table")),
        (WidgetKind.SYNC_HEALTH.value, _tr("Sync health")),
        (WidgetKind.TEXT.value, _tr("Text")),
    ]


def objects() -> list[tuple[str, str]]:
    """Key and word of each kind of record."""
    return [
        (ListObject.PEOPLE.value, _tr("People")),
        (ListObject.SAAS_USERS.value, _tr("SaaS users")),
        (ListObject.LICENCES.value, _tr("Licences")),
        (ListObject.SAAS_APPLICATIONS.value, _tr("SaaS applications")),
        (ListObject.ASSETS.value, _tr("Assets")),
        (ListObject.SEATS.value, _tr("Seats")),
    ]


def states() -> list[tuple[str, str]]:
    """Which records are asked for."""
    return [("active", _tr("Active ones")), ("deactivated", _tr("Deactivated ones")), ("all", _tr("All"))]


def date_groups() -> list[tuple[str, str]]:
    """How dates are put together."""
    return [
        (DateGroup.AGE.value, _tr("How long ago")),
        (DateGroup.AHEAD.value, _tr("How soon")),
        (DateGroup.MONTHS.value, _tr("By month")),
    ]


def measures() -> list[tuple[str, str]]:
    """What is told of a group."""
    return [
        (Measure.COUNT.value, _tr("How many records")),
        (Measure.DISTINCT.value, _tr("How many different values")),
        (Measure.SUM.value, _tr("Sum")),
        (Measure.AVERAGE.value, _tr("Average")),
        (Measure.MIN.value, _tr("Smallest")),
        (Measure.MAX.value, _tr("Largest")),
    ]


def is_groupable(column: Column) -> bool:
    """Whether groups can be made of its values."""
    return column.type is not Special.ACCOUNTS


def is_date(column: Column) -> bool:
    """Whether its values are put together in bands."""
    return column.type in {FieldType.DATE, FieldType.DATETIME, Special.AGE}


def _tr(text: str) -> str:
    return QCoreApplication.translate("WidgetWords", text)
