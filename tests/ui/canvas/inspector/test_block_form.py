"""A form with tabs: a request of one's own, as an API block asks for it."""

from typing import Any

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from saasdesk.ui.canvas.inspector.block_form import BlockForm
from saasdesk.ui.canvas.inspector.json_field import JsonField
from saasdesk.ui.canvas.inspector.list_fields import AnswersField, PairsField
from saasdesk.ui.canvas.inspector.names import Names
from saasdesk.ui.canvas.inspector.plain_fields import SegmentsField, StatusesField
from saasdesk.ui.theme import Theme
from saasdesk.workflows.blocks.form import Choice, FieldKind, FormField, field_choices
from saasdesk.workflows.validation import Problem
from tests.ui.canvas.conftest import world
from tests.ui.canvas.inspector.conftest import AskedAround

MODES = (Choice("preset", "Preset"), Choice("advanced", "Advanced Mode"))
FIELDS = (
    FormField("mode", "Mode", FieldKind.CHOICE, choices=MODES, default="preset"),
    FormField("url", "URL", FieldKind.TEMPLATE, required=True, tab="Information"),
    FormField("params", "Params", FieldKind.PAIRS, tab="Params"),
    FormField("body", "Body", FieldKind.JSON_TEMPLATE, tab="Body"),
    FormField("statuses", "Statuses", FieldKind.STATUSES, default=(200,), tab="Validation"),
    FormField("positive", "Positive", FieldKind.ANSWERS, choices=field_choices(world().fields), tab="Response"),
)
FILLED: dict[str, Any] = {
    "mode": "advanced",
    "url": "/users/{{ email }}",
    "params": {"limit": "10"},
    "body": '{"a": 1,}',
    "statuses": [200, "20x"],
    "positive": [{"to": "ticket", "into": "variable", "value": "{{ response.id }}"}],
}


class Listening(BlockForm):
    """A form that keeps the document's settings, as the inspector does."""

    def __init__(self, theme: Theme, settings: dict[str, Any]) -> None:
        super().__init__(theme, AskedAround())
        self.settings = settings
        self.edited.connect(self._keep)
        self.show_again()

    def show_again(self) -> None:
        self.show_fields(FIELDS, self.settings, world(), Names)

    def _keep(self, key: str, value: object, _is_typed: bool) -> None:
        self.settings = {**self.settings, key: value}
        self.show_again()


@pytest.fixture
def form(qtbot: QtBot, theme: Theme) -> Listening:
    made = Listening(theme, dict(FILLED))
    qtbot.addWidget(made)
    return made


def test_that_everything_comes_back_as_it_stands_in_the_document(form: Listening) -> None:
    assert {key: line.field.value() for key, line in form.lines.items()} == FILLED


def test_that_a_tab_shows_its_own_fields_and_those_of_none(form: Listening) -> None:
    assert list(form.chips) == ["Information", "Params", "Body", "Validation", "Response"]

    form.open_tab("Body")

    assert {key for key, line in form.lines.items() if not line.isHidden()} == {"mode", "body"}
    assert isinstance(form.lines["mode"].field, SegmentsField)


def test_that_a_body_that_is_no_json_is_told_with_its_place_and_kept(form: Listening) -> None:
    body = form.lines["body"].field
    assert isinstance(body, JsonField)

    assert body.own_problem.startswith("Line 1, column 9:")
    body.line.edit.setPlainText('{"a": {{ email }}}')
    assert body.own_problem == ""
    assert form.settings["body"] == '{"a": {{ email }}}'


def test_that_a_problem_marks_the_tab_of_its_field_and_leads_there(form: Listening) -> None:
    others = form.show_problems(
        [Problem("api", "URL is missing.", subject="url"), Problem("api", "No way leads from Begin to here.")]
    )

    assert [problem.message for problem in others] == ["No way leads from Begin to here."]
    assert form.lines["url"].error.message == "URL is missing."
    assert form.show_problems([Problem("api", "Body, number 1: no.", subject="body[1].key")]) == ()
    form.open_tab("Body")
    assert form.focus_field("url")
    assert form.tab == "Information"


def test_that_lines_are_added_filled_in_and_removed(form: Listening) -> None:
    params, answers = form.lines["params"].field, form.lines["positive"].field
    assert isinstance(params, PairsField)
    assert isinstance(answers, AnswersField)

    params.add_row().show_value(("offset", "0"))
    params.rows[-1].changed.emit()
    assert form.settings["params"] == {"limit": "10", "offset": "0"}
    answers.rows[0].removed.emit()
    assert form.settings["positive"] is None


def test_that_an_unfinished_list_of_statuses_is_not_written_over_while_it_is_typed(form: Listening) -> None:
    statuses = form.lines["statuses"].field
    assert isinstance(statuses, StatusesField)

    statuses.line.setText("200, ")

    assert form.settings["statuses"] == [200]
    assert statuses.line.text() == "200, "


def test_that_a_field_that_stays_keeps_its_widget(form: Listening) -> None:
    before: QWidget = form.lines["url"].field

    form.settings = {**form.settings, "url": "/teams"}
    form.show_again()

    assert form.lines["url"].field is before
    assert form.lines["url"].field.value() == "/teams"
