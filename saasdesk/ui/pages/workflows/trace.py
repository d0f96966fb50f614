"""What happened to one record on its way: block by block, with each change and each call."""

from functools import partial

import orjson
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from saasdesk.ui.canvas.faces import outlet_in_words
from saasdesk.ui.moments import duration_in_words, moment_in_words, seconds_between
from saasdesk.ui.pages.workflows.plan.lines import shown
from saasdesk.ui.pages.workflows.words import event_in_words, state_of_call, state_of_run, verified_word
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.banner import Banner
from saasdesk.ui.widgets.buttons import OutlinedButton
from saasdesk.ui.widgets.layouts import Row
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.reading_pane import ReadingPane
from saasdesk.ui.widgets.status_word import StatusWord
from saasdesk.workflows.history import Passage
from saasdesk.workflows.rows.call_rows import ActionRow
from saasdesk.workflows.rows.run_rows import StepRow


class TraceView(ReadingPane):
    """Shows a run; `decided` says of an open call whether it was carried out."""

    decided = Signal(int, bool)

    def __init__(self, theme: Theme) -> None:
        name = self.tr("What happened to the record")
        hint = self.tr("Choose a run above to see it step by step.")
        super().__init__(theme, name, hint)

    def show_passage(self, passage: Passage) -> None:
        """Show what happened to one record."""
        theme, run = self._theme, passage.run
        self.clear()
        head = Row(theme, gap=12)
        head.addWidget(PlainLabel(run.label, "card-title", elided=True))
        head.addWidget(StatusWord(theme, state_of_run(run.state)))
        facts = [event_in_words(run.event), self.tr("version {0}").format(run.version), moment_in_words(run.started_at)]
        seconds = seconds_between(run.started_at, run.finished_at)
        if seconds is not None:
            facts.append(duration_in_words(seconds))
        head.addWidget(PlainLabel(" · ".join(facts), "secondary", "muted", elided=True), 1)
        self.column.addLayout(head)
        if run.message:
            self.column.addWidget(Paragraph(theme, run.message))
        shown_calls: set[int] = set()
        for number, step in enumerate(passage.steps, start=1):
            calls = [action for action in passage.actions if action.block == step.block]
            shown_calls |= {action.id for action in calls}
            self._add_step(number, step, calls)
        # Of a block that never came to its end there is no step, but its call is known.
        for action in passage.actions:
            if action.id not in shown_calls:
                self._add_call(action)
        self.end()

    def _add_step(self, number: int, step: StepRow, calls: list[ActionRow]) -> None:
        theme = self._theme
        row = Row(theme, gap=8)
        row.addWidget(PlainLabel(f"{number}.", "secondary", "muted", digits=True))
        row.addWidget(PlainLabel(step.title, "strong"))
        if step.outlet:
            row.addWidget(PlainLabel(f"→ {outlet_in_words(step.outlet)}", "secondary", "muted"))
        # What a call was read back as stands beside the call.
        said = self._with_read_back(step.message, "" if calls else step.verified)
        row.addWidget(Paragraph(theme, said, role="secondary"), 1)
        self.column.addLayout(row)
        for field, before, after in orjson.loads(step.changes):
            self._indent(Paragraph(theme, f"{field}: {shown(before)} → {shown(after)}", role="secondary"))
        for action in calls:
            self._add_call(action, is_told=action.message == step.message)
        self._add_exchange(step)

    def _add_exchange(self, step: StepRow) -> None:
        """What came in, what was sent, what was said; without any key."""
        inputs = orjson.loads(step.inputs)
        parts = [f"{name}: {shown(value)}" for name, value in inputs.items()]
        facts = [self.tr("With {0}").format(", ".join(parts))] if parts else []
        if step.request:
            facts.append(self.tr("Sent: {0}").format(step.request))
        if step.answer:
            is_named = step.status is not None and not step.answer.startswith(str(step.status))
            status = f" ({step.status})" if is_named else ""
            facts.append(self.tr("Answer{0}: {1}").format(status, step.answer))
        if step.tries > 1:
            facts.append(self.tr("{0} tries").format(step.tries))
        for fact in facts:
            self._indent(Paragraph(self._theme, fact, role="secondary", tone="muted"))

    def _with_read_back(self, message: str, verified: str) -> str:
        read_back = self.tr("Read back: {0}.").format(verified_word(verified)) if verified else ""
        return " ".join(part for part in (message, read_back) if part)

    def _add_call(self, action: ActionRow, *, is_told: bool = False) -> None:
        theme = self._theme
        row = Row(theme, gap=8, margins=(24, 0, 0, 0))
        row.addWidget(StatusWord(theme, state_of_call(action.state), small=True))
        row.addWidget(PlainLabel(f"{action.method} {action.host}{action.path}", "name", elided=True), 1)
        seconds = seconds_between(action.armed_at, action.finished_at)
        took = "" if seconds is None else duration_in_words(seconds)
        answer = self.tr("answer {0}").format(action.status) if action.status is not None else ""
        row.addWidget(PlainLabel(" · ".join(part for part in (answer, took) if part), "secondary", "muted"))
        self.column.addLayout(row)
        said = self._with_read_back("" if is_told else action.message, action.verified)
        if said:
            self._indent(Paragraph(theme, said, role="secondary", tone="muted"))
        if action.state == "unknown":
            self._ask(action)

    def _ask(self, action: ActionRow) -> None:
        theme = self._theme
        yes = OutlinedButton(theme, self.tr("It was carried out"))
        yes.clicked.connect(partial(self._say, action.id, "yes"))
        no = OutlinedButton(theme, self.tr("It was not"))
        no.clicked.connect(partial(self._say, action.id, "no"))
        text = self.tr("Look at the vendor's own page, then say what you found. Nothing is sent again by itself.")
        self._indent(
            Banner(theme, "warn", self.tr("Nobody knows whether this was carried out."), text, buttons=(no, yes))
        )

    def _say(self, action: int, answer: str, _checked: bool = False) -> None:
        self.decided.emit(action, answer == "yes")

    def _indent(self, widget: QWidget) -> None:
        row = Row(self._theme, gap=0, margins=(24, 0, 0, 0))
        row.addWidget(widget, 1)
        self.column.addLayout(row)
