"""The chain of steps that a value goes through, each with what it makes of the sample record."""

from collections import Counter
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QWidget

from saasdesk.mapping.editing import Place
from saasdesk.mapping.samples import example_of
from saasdesk.mapping.transforms import TransformProblem, compile_step, step_names
from saasdesk.ui.mapping_editor.board import MappingBoard
from saasdesk.ui.mapping_editor.values_table import ValuesTable, pairs_of
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import IconButton, OutlinedButton, PrimaryButton
from saasdesk.ui.widgets.careful_dialog import CarefulDialog
from saasdesk.ui.widgets.inline_error import InlineError
from saasdesk.ui.widgets.layouts import Column, Row, clear_layout
from saasdesk.ui.widgets.line import Line
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel

_WIDTH = 640
# So many values of the vendor's are offered to be mapped.
_MOST_VALUES = 30


class StepsDialog(CarefulDialog):
    """Changes are taken with UPDATE only; `steps` is the chain then."""

    def __init__(self, theme: Theme, board: MappingBoard, place: Place, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._board, self._place = board, place
        row, field = board.row_of(place), board.field_at(place)
        self._steps_at_first: list[str] = list(row.transform) if row is not None else []
        self.steps = list(self._steps_at_first)
        self._label = field.label if field is not None else place.target
        self.setWindowTitle(self.tr("Transform {0}").format(self._label))
        self.setMinimumWidth(theme.px(_WIDTH))
        self._changed: int | None = None
        self._build()
        self._show_steps()

    def has_changes(self) -> bool:
        """Whether a step was changed, or is half filled in."""
        return self.steps != self._steps_at_first or bool(self.arguments.text().strip())

    def _build(self) -> None:
        theme = self._theme
        upper = Column(theme, gap=10, margins=(24, 20, 24, 16))
        upper.addWidget(PlainLabel(self.windowTitle(), "section"))
        self._intro = Paragraph(theme, role="secondary", tone="muted")
        upper.addWidget(self._intro)
        self._table = QGridLayout()
        self._table.setColumnStretch(1, 1)
        self._table.setColumnStretch(2, 1)
        self._table.setColumnStretch(3, 1)
        upper.addLayout(self._table)
        upper.addLayout(self._build_adder())
        self._explanation = Paragraph(theme, role="secondary", tone="muted")
        upper.addWidget(self._explanation)
        upper.addStretch(1)
        lower = Row(theme, gap=8, margins=(24, 14))
        lower.addStretch(1)
        cancel = OutlinedButton(theme, self.tr("Cancel"))
        cancel.clicked.connect(self.reject)
        self.update_button = PrimaryButton(theme, self.tr("Update"))
        self.update_button.clicked.connect(self.accept)
        lower.addWidget(cancel)
        lower.addWidget(self.update_button)
        whole = Column(theme, gap=0)
        whole.addLayout(upper, 1)
        whole.addWidget(Line(theme))
        whole.addLayout(lower)
        self.setLayout(whole)
        self._on_kind()

    def _build_adder(self) -> Column:
        theme = self._theme
        self.kind = QComboBox()
        self.kind.setAccessibleName(self.tr("Step to add"))
        for name in step_names():
            self.kind.addItem(name)
        self.kind.currentIndexChanged.connect(self._on_kind)
        self.arguments = QLineEdit()
        self.arguments.setAccessibleName(self.tr("What the step needs"))
        self.arguments.returnPressed.connect(self.add_step)
        self.pairs = ValuesTable(theme)
        self.pairs.show_pairs(self._known_values())
        self.add = OutlinedButton(theme, self.tr("Add step"), "plus")
        self.add.clicked.connect(self.add_step)
        row = Row(theme, gap=8)
        row.addWidget(self.kind)
        row.addWidget(self.arguments, 1)
        row.addWidget(self.pairs, 1)
        row.addWidget(self.add)
        row.setAlignment(self.add, Qt.AlignmentFlag.AlignTop)
        row.setAlignment(self.kind, Qt.AlignmentFlag.AlignTop)
        self._error = InlineError(theme, self.arguments)
        column = Column(theme, gap=4)
        heading = PlainLabel(self.tr("Step to add"), "heading", "muted")
        heading.setBuddy(self.kind)
        column.addWidget(heading)
        column.addLayout(row)
        column.addWidget(self._error)
        return column

    def add_step(self) -> None:
        """Put the step that is filled in at the end of the chain, or in the place of the one that is changed."""
        try:
            text = self._step_text()
            compile_step(text)
        except TransformProblem as problem:
            self._error.show_error(str(problem))
            return
        self._error.clear()
        if self._changed is None:
            self.steps.append(text)
        else:
            self.steps[self._changed] = text
        self._change(None)
        self._show_steps()

    def _change(self, number: int | None) -> None:
        """Fill in a step of the chain to be changed, or begin with a new one."""
        self._changed = number
        step = "" if number is None else self.steps[number]
        name, _, rest = step.partition(":")
        if name:
            self.kind.setCurrentText(name)
        is_table = name == "values"
        needs, _, _ = self._needs(name)
        self.arguments.setText("" if is_table else rest if needs > 1 else rest.replace("::", ":"))
        self.pairs.show_pairs(self._known_values(), pairs_of(step) if is_table else ())
        self.add.setText(self.tr("Add step") if number is None else self.tr("Change step"))
        if number is not None:
            (self.pairs if is_table else self.arguments if needs else self.kind).setFocus(
                Qt.FocusReason.OtherFocusReason
            )

    def _known_values(self) -> list[str]:
        """What the records at hand have in this field, the commonest first."""
        row = self._board.row_of(self._place)
        sample = None if row is None or row.source is None else self._board.sample(row.source)
        if sample is None:
            return []
        counted = Counter(str(value).strip() for value in sample.values if isinstance(value, str | int | bool))
        return [text for text, _ in counted.most_common(_MOST_VALUES)]

    def _step_text(self) -> str:
        name = self.kind.currentText()
        if name == "values":
            return self.pairs.step()
        needs, is_optional, _ = self._needs(name)
        typed = self.arguments.text()
        if not needs or (is_optional and not typed):
            return name
        # A colon parts the arguments; one that belongs to a text is written as two.
        return f"{name}:{typed}" if needs > 1 else f"{name}:{typed.replace(':', '::')}"

    def _needs(self, name: str) -> tuple[int, bool, str]:
        """How many arguments, whether they may be left out, and what they are."""
        return {
            "split": (2, False, self.tr("separator:position, such as @:0")),
            "item": (1, False, self.tr("position, such as 0 or -1")),
            "take": (1, False, self.tr("how many")),
            "join": (1, True, self.tr("separator; a comma by itself")),
            "default": (1, False, self.tr("value for empty ones")),
            "prefix": (1, False, self.tr("text to put before")),
            "suffix": (1, False, self.tr("text to put after")),
            "replace": (2, False, self.tr("old:new")),
            "date": (1, True, self.tr("form, such as %d.%m.%Y")),
            "epoch": (1, True, self.tr("s or ms")),
        }.get(name, (0, True, ""))

    def _meaning(self, name: str) -> str:
        return {
            "trim": self.tr("Takes spaces off both ends."),
            "lower": self.tr("Small letters."),
            "upper": self.tr("Capital letters."),
            "title": self.tr("A capital letter at the beginning of each word."),
            "split": self.tr("Cuts text at a separator; with a position, keeps that part."),
            "item": self.tr("Picks one item of a list."),
            "first": self.tr("Picks the first item of a list."),
            "last": self.tr("Picks the last item of a list."),
            "take": self.tr("Keeps the first letters of a text, or items of a list."),
            "join": self.tr("Makes one text of a list."),
            "count": self.tr("How many items a list has."),
            "default": self.tr("Stands in where there is no value."),
            "prefix": self.tr("Puts a text before the value."),
            "suffix": self.tr("Puts a text after the value."),
            "replace": self.tr("Puts one text in the place of another."),
            "values": self.tr("Other words for known values; what is not named stays as it is."),
            "date": self.tr("Reads a date that is written in a form of its own."),
            "epoch": self.tr("Reads seconds since 1970 as a moment."),
        }.get(name, "")

    def _on_kind(self) -> None:
        name = self.kind.currentText()
        needs, _, what = self._needs(name)
        is_table = name == "values"
        self.pairs.setVisible(is_table)
        self.arguments.setVisible(not is_table)
        self.arguments.setEnabled(bool(needs))
        self.arguments.setPlaceholderText(what)
        self._explanation.set_runs(self._meaning(name))
        self._error.clear()

    def _in_words(self, value: object) -> str:
        return self.tr("empty") if value is None else example_of(value)

    def _show_steps(self) -> None:
        clear_layout(self._table)
        theme = self._theme
        value, start_problem = self._value_before()
        start = self._in_words(value) if value is None else f"“{example_of(value)}”"
        self._intro.set_runs(self.tr("The sample record has: {0}").format(start_problem or start))
        for place, heading in enumerate((self.tr("Step"), self.tr("Before"), self.tr("After"))):
            self._table.addWidget(PlainLabel(heading, "heading", "muted"), 0, place + 1)
        if not self.steps:
            self._table.addWidget(
                PlainLabel(self.tr("No steps yet: the value is taken as it comes."), tone="muted"), 1, 1, 1, 3
            )
        for number, step in enumerate(self.steps):
            before, problem = value, start_problem
            if not start_problem:
                try:
                    value = compile_step(step)(value)
                except ValueError as error:
                    problem = start_problem = str(error)
            after = problem or self._in_words(value)
            row = number + 1
            self._table.addWidget(PlainLabel(f"{row}.", tone="muted"), row, 0)
            self._table.addWidget(PlainLabel(step, "strong", elided=True), row, 1)
            self._table.addWidget(PlainLabel(self._in_words(before), "secondary", "muted", elided=True), row, 2)
            self._table.addWidget(PlainLabel(after, "secondary", "error" if problem else "text", elided=True), row, 3)
            self._table.addLayout(self._buttons(number), row, 4)
        self._table.setHorizontalSpacing(theme.px(10))
        self._table.setVerticalSpacing(theme.px(6))

    def _value_before(self) -> tuple[object, str]:
        traced = self._board.trace(self._place)
        return (None, "") if not traced else (traced[0].after, traced[0].problem)

    def _buttons(self, number: int) -> Row:
        theme = self._theme
        row = Row(theme, gap=0)
        moves = (("arrow-up", -1, self.tr("Earlier")), ("arrow-down", 1, self.tr("Later")))
        for icon, by, name in moves:
            button = IconButton(theme, icon, f"{name}: {self.steps[number]}", size=24, icon_size=11)
            button.setEnabled(0 <= number + by < len(self.steps))
            button.clicked.connect(partial(self._move, number, by))
            row.addWidget(button)
        change = IconButton(theme, "edit", self.tr("Change {0}").format(self.steps[number]), size=24, icon_size=12)
        change.clicked.connect(partial(self._change, number))
        row.addWidget(change)
        remove = IconButton(theme, "trash", self.tr("Remove {0}").format(self.steps[number]), size=24, icon_size=12)
        remove.clicked.connect(partial(self._remove, number))
        row.addWidget(remove)
        return row

    def _move(self, number: int, by: int) -> None:
        self._change(None)
        self.steps[number], self.steps[number + by] = self.steps[number + by], self.steps[number]
        self._show_steps()

    def _remove(self, number: int) -> None:
        self._change(None)
        del self.steps[number]
        self._show_steps()
