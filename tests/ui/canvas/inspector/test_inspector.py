"""The inspector: each setting of the selected block is a field, and every change of it a step that can be undone."""

from typing import Any, TypeVar

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from saasdesk.ui.canvas.inspector import Inspector
from saasdesk.ui.canvas.inspector.form_fields import FIELDS, InputsField
from saasdesk.ui.canvas.inspector.list_fields import AnswersField, ListField, PairsField
from saasdesk.ui.canvas.inspector.long_text import LongTextField
from saasdesk.ui.canvas.inspector.plain_fields import ChoiceField, DurationField
from saasdesk.ui.canvas.inspector.request_trial import RequestTrialExtra
from saasdesk.ui.canvas.inspector.rule_fields import BranchesField, RuleField
from saasdesk.ui.canvas.inspector.setting import SettingField
from saasdesk.ui.canvas.inspector.tab_order import entry_of
from saasdesk.ui.canvas.inspector.template_edit import TemplateField, TemplateLine
from saasdesk.ui.canvas.inspector.trial import TrialExtra
from saasdesk.ui.canvas.inspector.vendor_fields import CredentialField, PresetField
from saasdesk.ui.canvas.model import WorkflowModel
from saasdesk.ui.widgets.buttons import LinkButton
from saasdesk.ui.widgets.scroll_area import ScrollArea
from saasdesk.workflows import editing
from saasdesk.workflows.blocks import KINDS
from saasdesk.workflows.blocks.form import FieldKind
from saasdesk.workflows.graph import Block
from tests.ui.canvas.conftest import DELETE, Clock
from tests.ui.canvas.inspector.conftest import AskedAround
from tests.walks.hands import Hand, MouseOfQt, settle

DELETE_BLOCK = "pagerduty_delete_user"
# Windows that pop up ask for more than a screen that is not there can give.
pops_up = pytest.mark.qt_log_ignore("This plugin does not support")

F = TypeVar("F", bound=SettingField)


def add(model: WorkflowModel, kind: str, **settings: Any) -> str:
    document, made = editing.add_block(model.document, kind, settings=settings)
    model.edit("Add", document)
    model.select([made])
    return made


def block(model: WorkflowModel, block_id: str) -> Block:
    found = model.document.block(block_id)
    assert found is not None
    return found


def field(inspector: Inspector, key: str, kind: type[F]) -> F:
    found = inspector.form.lines[key].field
    assert isinstance(found, kind)
    return found


def test_that_every_kind_of_field_has_a_widget() -> None:
    assert set(FIELDS) == set(FieldKind)


def test_that_typing_in_a_field_is_one_step_and_undo_shows_what_was_there(
    inspector: Inspector, model: WorkflowModel, qtbot: QtBot
) -> None:
    model.select(["notification"])
    subject = field(inspector, "subject", TemplateField)
    assert subject.line.text() == "It failed"

    subject.line.edit.selectAll()
    qtbot.keyClicks(subject.line.edit, "Gone")

    assert block(model, "notification").settings["subject"] == "Gone"
    assert model.undo_stack.count() == 1
    # The key that undoes belongs to the workflow, not to the field that has the keyboard.
    subject.line.edit.installEventFilter(inspector)
    qtbot.keyClick(subject.line.edit, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert subject.line.text() == "It failed"
    assert block(model, "notification").settings["subject"] == "It failed"


def test_that_what_is_half_filled_is_there_again_when_the_block_is_selected_again(
    inspector: Inspector, model: WorkflowModel, qtbot: QtBot
) -> None:
    model.select(["notification"])
    subject = field(inspector, "subject", TemplateField)
    subject.line.edit.selectAll()
    qtbot.keyClicks(subject.line.edit, "{{ email")
    assert "is not closed" in subject.line.error.message

    model.select(["begin"])
    model.select(["notification"])

    assert field(inspector, "subject", TemplateField).line.text() == "{{ email"


@pops_up
def test_that_a_name_is_chosen_from_a_list_and_written_where_the_cursor_is(
    inspector: Inspector, model: WorkflowModel, qtbot: QtBot
) -> None:
    model.select(["notification"])
    subject = field(inspector, "subject", TemplateField)
    subject.line.edit.selectAll()

    picker = subject.line.ask_for_name()
    picker.search.setText("role")
    assert picker.shown == ("{{ role }}",)
    qtbot.keyClick(picker.search, Qt.Key.Key_Return)

    assert block(model, "notification").settings["subject"] == "{{ role }}"


@pops_up
def test_that_a_preset_asks_for_what_it_needs_and_only_its_vendors_keys_are_offered(
    inspector: Inspector, model: WorkflowModel, around: AskedAround, qtbot: QtBot
) -> None:
    made = add(model, "api")
    preset = field(inspector, "preset", PresetField)

    picker = preset.ask()
    picker.search.setText("assign license")
    qtbot.keyClick(picker.search, Qt.Key.Key_Return)

    assert block(model, made).settings["preset"] == "jetbrains_assign_license"
    inputs = field(inspector, "inputs", InputsField)
    assert "license_id" in inputs.lines
    assert field(inspector, "credential", CredentialField).box.count() == 0
    field(inspector, "credential", CredentialField).new.click()
    assert around.vendors == ["jetbrains"]


def test_that_a_block_called_as_its_preset_goes_by_the_next_ones_name(
    inspector: Inspector, model: WorkflowModel
) -> None:
    model.select([DELETE_BLOCK])
    field(inspector, "preset", PresetField)._take("jumpcloud_unlock_user")
    assert block(model, DELETE_BLOCK).title == "Unlock User"

    model.edit("Rename", editing.retitle(model.document, DELETE_BLOCK, "Let them in again"))
    field(inspector, "preset", PresetField)._take("jumpcloud_get_user")

    assert block(model, DELETE_BLOCK).title == "Let them in again"


def test_that_a_block_that_is_not_joined_yet_still_tells_why_it_cannot_be_tried(
    inspector: Inspector, model: WorkflowModel
) -> None:
    why = "Ann is no user of PagerDuty."
    add(model, "api", **DELETE)
    model.validate()
    trial = inspector.extra
    assert isinstance(trial, TrialExtra)
    trial._fail(why)
    assert trial.problem.message == why

    add(model, "api")
    model.validate()
    trial = inspector.extra
    assert isinstance(trial, TrialExtra)
    trial._fail(why)
    assert trial.problem.message == "Put right what is marked above first."


def test_that_a_preset_that_cannot_be_undone_says_so(inspector: Inspector, model: WorkflowModel) -> None:
    model.select([DELETE_BLOCK])
    assert inspector._banner.isVisible()
    assert "Irreversible. What it deletes at the vendor cannot be brought back." in inspector._banner.text

    model.select(["notification"])
    assert not inspector._banner.isVisible()


def test_that_what_is_wrong_stands_at_its_field_by_the_fields_label(inspector: Inspector, model: WorkflowModel) -> None:
    add(model, "api")
    model.validate()

    assert inspector.form.lines["preset"].error.message == "Select Preset is missing."


def test_that_a_rule_that_came_from_elsewhere_can_still_be_found_wrong(
    inspector: Inspector, model: WorkflowModel
) -> None:
    """Undo brings another rule, and with it other boxes than those that were there when the field was made."""
    model.select(["begin"])
    rule = {"all": [{"field": "gone", "operator": "is_empty"}]}

    model.edit("Change", editing.with_settings(model.document, "begin", {"criteria": rule}))
    QApplication.sendPostedEvents(None, int(QEvent.Type.DeferredDelete.value))
    model.validate()

    assert "gone" in inspector.form.lines["criteria"].error.message


def test_that_an_input_that_is_emptied_is_taken_out_of_the_document(inspector: Inspector, model: WorkflowModel) -> None:
    made = add(model, "update", values={"role": "a"})
    values = field(inspector, "values", PairsField)

    values.rows[0].removed.emit()

    assert block(model, made).settings == {}
    values.add_row()
    assert isinstance(values, ListField)
    assert len(values.rows) == 1
    assert "values" not in block(model, made).settings


def test_that_a_branch_that_is_called_something_else_keeps_its_link(
    inspector: Inspector, model: WorkflowModel, qtbot: QtBot
) -> None:
    rule = {"field": "email", "operator": "is_empty"}
    made = add(model, "conditional", branches=[{"name": "yes", "rule": rule}])
    model.edit("Connect", editing.connect(model.document, made, "yes", "end"))
    name = entry_of(field(inspector, "branches", BranchesField).rows[0])
    assert isinstance(name, QLineEdit)

    name.setText("has none")
    name.editingFinished.emit()

    followed = model.document.after(made, "has none")
    assert followed is not None
    assert followed.id == "end"
    assert set(inspector.outlets.buttons) == {"has none", "otherwise"}


def test_that_a_branch_is_tried_earlier_and_keeps_its_link(inspector: Inspector, model: WorkflowModel) -> None:
    rule = {"field": "email", "operator": "is_empty"}
    made = add(model, "conditional", branches=[{"name": "first", "rule": rule}, {"name": "second", "rule": rule}])
    model.edit("Connect", editing.connect(model.document, made, "second", "end"))
    branches = field(inspector, "branches", BranchesField)

    branches.rows[1].raised.emit()
    branches.rows[0].raised.emit()

    assert [each["name"] for each in block(model, made).settings["branches"]] == ["second", "first"]
    assert model.document.after(made, "second") is not None
    assert list(inspector.outlets.buttons) == ["second", "first", "otherwise"]
    model.undo_stack.undo()
    assert [row.value()["name"] for row in branches.rows] == ["first", "second"]


@pops_up
def test_that_an_outlet_is_led_elsewhere_from_a_list(inspector: Inspector, model: WorkflowModel, qtbot: QtBot) -> None:
    model.select([DELETE_BLOCK])
    button = inspector.outlets.buttons["success"]
    assert button.label == "End"

    picker = inspector.outlets.ask("success")
    picker.search.setText("notif")
    qtbot.keyClick(picker.search, Qt.Key.Key_Return)
    followed = model.document.after(DELETE_BLOCK, "success")
    assert followed is not None
    assert followed.id == "notification"
    assert button.label == "Notification"

    picker = inspector.outlets.ask("success")
    qtbot.keyClick(picker.search, Qt.Key.Key_Return)
    assert model.document.after(DELETE_BLOCK, "success") is None
    model.undo_stack.undo()
    model.undo_stack.undo()
    assert button.label == "End"


@pops_up
def test_that_nothing_is_offered_that_would_lead_round_in_a_circle(inspector: Inspector, model: WorkflowModel) -> None:
    model.select(["notification"])

    picker = inspector.outlets.ask("success")

    assert picker.shown == ("", "end")
    picker.close()


def test_that_no_wait_is_no_setting_and_a_wait_has_its_unit(inspector: Inspector, model: WorkflowModel) -> None:
    made = add(model, "delay")
    wait = next(line.field for line in inspector.form.lines.values() if isinstance(line.field, DurationField))
    key = wait.setting.field.key

    wait.unit.setCurrentIndex(wait.unit.findData("hours"))
    assert block(model, made).settings == {}
    wait.amount.setValue(3)
    assert block(model, made).settings == {key: {"amount": 3, "unit": "hours"}}


def test_that_begin_tells_how_many_records_match_and_opens_their_list(
    inspector: Inspector, model: WorkflowModel, around: AskedAround, qtbot: QtBot
) -> None:
    model.select(["begin"])
    extra = inspector.extra
    assert extra is not None

    qtbot.waitUntil(lambda: "12 of 412 records match" in _texts(inspector))
    extra.show_list.click()  # type: ignore[attr-defined] # Begin's extra has it

    assert around.listed == [model.document]


@pops_up
def test_that_a_block_is_tried_with_a_record_that_stays_chosen(
    inspector: Inspector, model: WorkflowModel, around: AskedAround, qtbot: QtBot
) -> None:
    model.select([DELETE_BLOCK])
    trial = inspector.extra
    assert isinstance(trial, TrialExtra)

    picker = trial.ask()
    assert picker.shown == ("7",)
    qtbot.keyClick(picker.search, Qt.Key.Key_Return)

    assert around.tried == [(DELETE_BLOCK, 7)]
    assert trial.request.toPlainText() == "DELETE api.example.com/users/PANN"
    model.select(["notification"])
    qtbot.waitUntil(lambda: around.tried[-1] == ("notification", 7))


@pops_up
def test_that_a_request_is_tested_and_its_answer_offers_its_values(
    inspector: Inspector, model: WorkflowModel, around: AskedAround, qtbot: QtBot
) -> None:
    made = add(model, "api", mode="advanced", method="GET", url="/users/1", on_success=[{"to": "role", "value": ""}])
    trial = inspector.extra
    assert isinstance(trial, RequestTrialExtra)
    trial.test.click()
    assert "Choose a record first" in trial.sent.text()
    qtbot.keyClick(trial.ask().search, Qt.Key.Key_Return)

    trial.ask_vendor.click()

    assert trial.sent.text() == "Sent to the vendor:"
    assert trial.exchange.toPlainText() == "GET api.example.com/users/PANN"
    assert "Leaves by “success”. It is there." in trial.made.text()
    answers = field(inspector, "on_success", AnswersField)
    picker = answers.rows[0].findChildren(TemplateLine)[0].ask_for_name()
    assert picker.shown[:2] == ("{{ response.user.role }}", "{{ response.user.teams[0]['full-name'] }}")
    picker.close()
    around.refusal = "The key was refused."
    trial.test.click()
    assert trial.sent.text() == "The key was refused."
    assert trial.answer.isHidden()
    changed = {**block(model, made).settings, "method": "DELETE"}
    model.edit("Change", editing.with_settings(model.document, made, changed))
    assert trial.ask_vendor.isHidden()


def test_that_the_wheel_over_a_box_changes_no_setting(inspector: Inspector, model: WorkflowModel) -> None:
    model.select(["begin"])
    run_for = field(inspector, "run_for", ChoiceField)
    middle = QPointF(run_for.box.rect().center())
    turn = QWheelEvent(
        middle,
        QPointF(run_for.box.mapToGlobal(run_for.box.rect().center())),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )

    QApplication.sendEvent(run_for.box, turn)

    assert run_for.value() == "active"
    assert model.undo_stack.isClean()


def test_that_without_a_selection_the_workflow_itself_can_be_described(
    inspector: Inspector, model: WorkflowModel, clock: Clock
) -> None:
    inspector.details.name.setText("Leavers of this year")

    assert model.document.name == "Leavers of this year"
    inspector.details.name.setText("")
    assert inspector.details.error.message
    assert model.document.name == "Leavers of this year"


def test_that_a_block_is_named_in_the_inspector(inspector: Inspector, model: WorkflowModel) -> None:
    model.select([DELETE_BLOCK])

    inspector.title.setText("Remove the account ")

    assert block(model, DELETE_BLOCK).title == "Remove the account"
    assert inspector.title.text() == "Remove the account "
    assert block(model, DELETE_BLOCK).settings == DELETE


def test_that_tab_goes_through_a_block_as_it_is_seen(inspector: Inspector, model: WorkflowModel, qtbot: QtBot) -> None:
    model.select(["notification"])
    qtbot.waitUntil(lambda: inspector.extra is not None and inspector.extra.isVisible())
    inspector.title.setFocus()
    seen = []
    for _ in range(8):
        widget = QApplication.focusWidget()
        assert widget is not None
        seen.append(widget.accessibleName() or _text_of(widget))
        qtbot.keyClick(widget, Qt.Key.Key_Tab)

    assert seen == [
        "Name of the block",
        "Message",
        "Subject",
        "Insert a field or variable into Subject",
        "Message",
        "Insert a field or variable into Message",
        "Record to try it with: Choose a record…",
        "Outlet success goes on to: End",
    ]


def test_that_every_field_of_every_kind_has_a_name(inspector: Inspector, model: WorkflowModel) -> None:
    for kind in [kind for kind in KINDS if kind != "begin"]:
        add(model, kind)
        for line in inspector.form.lines.values():
            if isinstance(line.field, ListField):
                line.field.add_row()

        nameless = [
            widget
            for widget in inspector.findChildren(QWidget)
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            and widget.isVisible()
            and not (widget.accessibleName() or _text_of(widget))
            and not isinstance(widget.parent(), QComboBox | QAbstractSpinBox)
        ]

        assert nameless == [], kind


def _text_of(widget: QWidget) -> str:
    text = getattr(widget, "text", None)
    return str(text()) if callable(text) else ""


def _texts(inspector: Inspector) -> str:
    return " ".join(_text_of(child) for child in inspector.findChildren(QWidget))


def test_that_a_comment_has_a_text_and_nothing_else(inspector: Inspector, model: WorkflowModel) -> None:
    comment = add(model, "comment")
    text = field(inspector, "text", LongTextField)

    inspector.focus_field()
    text.edit.insertPlainText("Ask first\nShe knows")

    assert block(model, comment).settings == {"text": "Ask first\nShe knows"}
    assert text.edit.hasFocus() or not inspector.isActiveWindow()
    assert not inspector.title.isVisible()
    assert not inspector.outlets.isVisible()
    assert inspector.extra is None
    model.undo_stack.undo()
    assert text.edit.toPlainText() == ""
    model.select(["notification"])
    assert inspector.title.isVisible()


def test_that_what_is_pressed_at_the_edge_stays_under_the_mouse(inspector: Inspector, model: WorkflowModel) -> None:
    model.select(["begin"])
    rules = field(inspector, "criteria", RuleField)
    add_condition = next(each for each in rules.findChildren(LinkButton) if each.label == "Add condition")
    inspector.resize(inspector.width(), 400)
    settle()
    area = next(each for each in inspector.findChildren(ScrollArea))
    area.verticalScrollBar().setValue(0)
    area.ensureWidgetVisible(add_condition, 0, 0)
    # Half of it is seen.
    area.verticalScrollBar().setValue(area.verticalScrollBar().value() - add_condition.height() // 2)
    settle()

    Hand(MouseOfQt()).click(add_condition.mapToGlobal(add_condition.rect().topLeft() + QPoint(12, 5)))

    assert len(rules.group.conditions) == 1
