import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from saasdesk.connectors import CONNECTORS
from saasdesk.ui.dialogs.connect_vendor.key_step import KeyStep
from saasdesk.ui.dialogs.connect_vendor.work import Beginning, Connecting
from tests.ui.pages.people.desk import light_theme

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def step(qtbot: QtBot, qapp: QApplication) -> KeyStep:
    made = KeyStep(light_theme(qapp))
    qtbot.addWidget(made)
    made.resize(680, 700)
    made.show()
    return made


def begin(step: KeyStep, vendor: str) -> None:
    step.begin(Connecting(CONNECTORS[vendor], Beginning({}, frozenset(), {})))
    QApplication.sendPostedEvents()
    QApplication.processEvents()


def shown(step: KeyStep) -> dict[str, QRect]:
    """Where everything stands that somebody reads or fills in."""
    kinds = (QLabel, QLineEdit, QComboBox, QAbstractButton)
    places = {}
    for widget in step.findChildren(QWidget):
        if isinstance(widget, kinds) and widget.isVisible() and not isinstance(widget.parent(), QLineEdit | QComboBox):
            name = widget.accessibleName() or getattr(widget, "text", str)()
            places[f"{name} ({type(widget).__name__})"] = QRect(widget.mapTo(step, QPoint(0, 0)), widget.size())
    return places


@pytest.mark.parametrize("vendor", sorted(CONNECTORS))
def test_that_nothing_lies_on_top_of_anything_else(step: KeyStep, vendor: str) -> None:
    begin(step, vendor)

    places = shown(step)
    overlaps = [
        (one, other)
        for one, area in places.items()
        for other, place in places.items()
        if one < other and area.adjusted(1, 1, -1, -1).intersects(place)
    ]
    assert overlaps == []


def test_that_another_vendor_leaves_none_of_the_first_ones_fields(step: KeyStep) -> None:
    begin(step, "atlassian")
    begin(step, "pagerduty")

    left = [
        edit
        for edit in step.findChildren(QLineEdit)
        if edit.isVisible() and edit not in (step.name, step.key, step.expires)
    ]
    assert left == []

    begin(step, "jumpcloud")

    fields = [edit.accessibleName() for edit in step.findChildren(QLineEdit) if edit.isVisible()]
    assert fields.count("Organization ID") == 1
    assert "Directory ID" not in fields


def test_that_the_demo_claims_no_keyring_and_says_where_a_real_key_belongs(qtbot: QtBot, qapp: QApplication) -> None:
    made = KeyStep(light_theme(qapp), is_demo=True)
    qtbot.addWidget(made)

    begin(made, "pagerduty")

    assert "“Leave the demo” in the File menu" in made.intro.text()
    assert "keyring" not in made.intro.text() + made.where.text()


def test_that_the_keyboard_goes_through_the_form_from_above_to_below(step: KeyStep) -> None:
    begin(step, "atlassian")
    step.name.setFocus()

    heights = []
    for _ in range(6):
        focus = QApplication.focusWidget()
        assert focus is not None
        heights.append(focus.mapTo(step, QPoint(0, 0)).y())
        step.focusNextChild()

    assert heights == sorted(heights)
