"""A company whose every text was written by somebody hostile: on every page it is shown as text, and cannot hide."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QModelIndex
from PySide6.QtGui import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QComboBox,
    QGroupBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QListView,
    QTabBar,
    QTextEdit,
    QWidget,
)

from saasdesk.app.picture import wait_until_drawn
from saasdesk.simulator.faults import HOSTILE_NAMES
from saasdesk.store import Connection
from saasdesk.ui.visible_text import visible_text
from tests.ui.pages.conftest import Whole
from tests.ui.pages.places import places

# The offscreen platform says this of every window; it says nothing about ours.
pytestmark = [pytest.mark.slow, pytest.mark.qt_log_ignore("This plugin does not support")]

MARKUP = "<img"
_LONG = "W" * 5_000 + " <b>end</b>"
_TEXTS = (*HOSTILE_NAMES, _LONG, "أحمد \u202bABC\u202c <img src='x'>", "\x1b[2J\x1b]0;title\x07 <img src='y'>")

# Whatever a vendor, a file or a person can have written.
_POISONED = {
    "person": "name first_name last_name job_title department location phone manager role username email",
    "saas_user": "name email role status",
    "saas_application": "name vendor category",
    "licence": "licence_id product team held_by",
    "sync_session": "integration_name message",
    "session_error": "record message sent",
    "workflow": "name",
    "workflow_run": "workflow_name label message",
    "integration": "name",
    "credential": "name owner notes",
    "field": "label help",
    "notice": "title body",
    "dashboard": "name",
    "report": "name",
}


def poison(db: Connection) -> None:
    """Put hostile text wherever text can come from outside."""
    for table, columns in _POISONED.items():
        for (number,) in db.execute_sql(f"SELECT rowid FROM {table}").fetchall():
            text = f"{_TEXTS[number % len(_TEXTS)]} {number}"
            values = ", ".join(f"{column} = ?" for column in columns.split())
            db.execute_sql(f"UPDATE {table} SET {values} WHERE rowid = ?", (*[text] * len(columns.split()), number))
    for number, text in enumerate(_TEXTS):
        db.execute_sql(
            "UPDATE change SET before = ?, after = ?, reason = ? WHERE kind = 'update' AND id % ? = ?",
            (text, f"{text} then", text, len(_TEXTS), number),
        )
    db.execute_sql("UPDATE plan_record SET label = ?, reason = ?", (HOSTILE_NAMES[1], HOSTILE_NAMES[2]))
    db.execute_sql("UPDATE plan_field SET before = ?, after = ?", (HOSTILE_NAMES[1], HOSTILE_NAMES[2]))
    db.execute_sql("UPDATE workflow_step SET title = ?, message = ?", (HOSTILE_NAMES[1], HOSTILE_NAMES[2]))
    for table in ("workflow", "integration"):
        db.execute_sql(f"UPDATE {table} SET document = json_set(document, '$.name', name)")


def texts(widget: QWidget) -> Iterator[str]:
    """What somebody reads or hears of it; fields to type in are left out, which have to hold what is there."""
    yield from (widget.toolTip(), widget.accessibleName(), widget.accessibleDescription(), widget.windowTitle())
    match widget:
        case QLabel() | QAbstractButton():
            yield widget.text()
        case QGroupBox():
            yield widget.title()
        case QTabBar():
            yield from (widget.tabText(place) for place in range(widget.count()))
        case QComboBox():
            yield from (widget.itemText(place) for place in range(widget.count()))
        case QLineEdit():
            yield widget.placeholderText()
        case QHeaderView():
            pass
        case QAbstractItemView() if widget.model() is not None:
            yield from cells(widget)


def cells(view: QAbstractItemView, above: QModelIndex | None = None) -> Iterator[str]:
    """What the first lines of a list say, and their tool tips."""
    model, above = view.model(), above or QModelIndex()
    columns = 1 if isinstance(view, QListView) else model.columnCount(above)
    for row in range(min(60, model.rowCount(above))):
        for column in range(columns):
            here = model.index(row, column, above)
            roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)
            yield from (found for role in roles if isinstance(found := here.data(role), str))
        yield from cells(view, model.index(row, 0, above))


def faults(root: QWidget) -> Iterator[str]:
    for widget in [root, *(each for each in root.findChildren(QWidget) if each.isVisible())]:
        for text in texts(widget):
            if visible_text(text, keep_line_breaks=True) != text:
                yield f"{type(widget).__name__} shows what hides: {text[:80]!r}"
        tip = widget.toolTip()
        if Qt.mightBeRichText(tip) and MARKUP in tip:
            yield f"{type(widget).__name__} has a tool tip with somebody's markup: {tip[:80]!r}"
        if isinstance(widget, QLabel) and is_markup(widget):
            yield f"a label shows somebody's markup: {widget.text()[:80]!r}"
        if isinstance(widget, QTextEdit) and MARKUP in widget.toHtml():
            yield f"{type(widget).__name__} shows a picture: {widget.toHtml()[:80]!r}"
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            yield from (
                f"a cell of {type(widget).__name__} has a tool tip with markup: {text[:80]!r}"
                for text in cells(widget)
                if text.startswith("<span") and MARKUP in text
            )


def is_markup(label: QLabel) -> bool:
    match label.textFormat():
        case Qt.TextFormat.PlainText:
            return False
        case Qt.TextFormat.AutoText:
            return Qt.mightBeRichText(label.text())
        case _:
            return MARKUP in label.text()


def test_p10_that_hostile_text_is_shown_as_text_on_every_page(lived_in: Whole) -> None:
    ways = places(lived_in.office)
    lived_in.office.store.write(poison)
    lived_in.window.forget_pages([key for key, _ in ways])

    found = []
    for key, argument in ways:
        lived_in.show(key, argument)
        wait_until_drawn(lived_in.desk)
        name = key if argument is None else f"{key} {argument}"
        found += [f"{name}: {fault}" for fault in faults(lived_in.window)]

    assert found == [], "\n" + "\n".join(dict.fromkeys(found))
