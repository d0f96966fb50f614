"""One record of a plan whole: its way block by block, each request as it would be sent, each change here."""

import orjson
from PySide6.QtWidgets import QWidget

from saasdesk.connectors import CONNECTORS, Danger
from saasdesk.ui.harm import harm_of_preset
from saasdesk.ui.pages.workflows.plan.lines import shown
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.layouts import Row
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.reading_pane import ReadingPane
from saasdesk.ui.widgets.tag import Tag
from saasdesk.workflows.planning import Step, Way
from saasdesk.workflows.requests import PresetRequest, find_preset


class WayDetails(ReadingPane):
    """Shows a way; nothing is shown before a record is chosen."""

    def __init__(self, theme: Theme) -> None:
        name = self.tr("What would happen to the record")
        hint = self.tr("Choose a record above to see its way, and every request as it would be sent.")
        super().__init__(theme, name, hint)

    def show_way(self, way: Way, outcome: str = "") -> None:
        """Show the way of one record, and what became of it if it was run."""
        self.clear()
        self.column.addWidget(PlainLabel(way.label, "card-title", elided=True))
        if outcome:
            self.column.addWidget(Paragraph(self._theme, outcome))
        for number, step in enumerate(way.steps, start=1):
            self._add_step(number, step)
        self.end()

    def _add_step(self, number: int, step: Step) -> None:
        theme, foreseen = self._theme, step.foreseen
        row = Row(theme, gap=8)
        row.addWidget(PlainLabel(f"{number}.", "secondary", "muted", digits=True))
        row.addWidget(PlainLabel(step.title, "strong"))
        said = foreseen.problem or foreseen.message
        tone = "error" if foreseen.problem else "muted"
        row.addWidget(Paragraph(theme, said, role="secondary", tone=tone), 1)
        self.column.addLayout(row)
        for request in foreseen.requests:
            self._add_request(request)
        for change in foreseen.changes:
            text = f"{change.label}: {shown(change.before)} → {shown(change.after)}"
            self._add_indented(Paragraph(theme, text, role="secondary"))

    def _add_request(self, request: PresetRequest) -> None:
        theme, preset = self._theme, request.preset
        harm = harm_of_preset(preset)
        head = Row(theme, gap=8, margins=(24, 0, 0, 0))
        head.addWidget(Tag(theme, harm.word, harm.tone, harm.icon))
        line = PlainLabel(request.line, "name", elided=True)
        head.addWidget(line, 1)
        self.column.addLayout(head)
        if request.look_up is not None:
            path, params = request.look_up
            asked = "&".join(f"{key}={value}" for key, value in params.items())
            text = self.tr("First it is looked up: GET {0}{1}").format(path, f"?{asked}" if asked else "")
            self._add_indented(Paragraph(theme, text, role="secondary", tone="muted"))
        if request.params:
            asked = ", ".join(f"{key} = {value}" for key, value in request.params.items())
            self._add_indented(Paragraph(theme, self.tr("Parameters: {0}").format(asked), role="secondary"))
        if request.body is not None:
            body = orjson.dumps(request.body, option=orjson.OPT_INDENT_2).decode()
            self._add_indented(Paragraph(theme, body, role="secondary"))
        key = self.tr("The key goes along in a header, and is shown nowhere.")
        is_read = preset.danger is Danger.READS
        back = "" if is_read else self.tr("Afterwards it is read back what became of it.")
        inverse = self._what_takes_it_back(request)
        self._add_indented(
            Paragraph(theme, " ".join(part for part in (key, back, inverse) if part), role="secondary", tone="muted")
        )

    def _what_takes_it_back(self, request: PresetRequest) -> str:
        if request.preset.is_irreversible:
            return self.tr("Nothing takes it back.")
        if not request.preset.inverse:
            return ""
        _, inverse = find_preset(CONNECTORS, request.preset.inverse)
        named = inverse.title if inverse.title.startswith(request.vendor) else f"{request.vendor} {inverse.title}"
        return self.tr("{0} takes it back.").format(named)

    def _add_indented(self, widget: QWidget) -> None:
        row = Row(self._theme, gap=0, margins=(24, 0, 0, 0))
        row.addWidget(widget, 1)
        self.column.addLayout(row)
