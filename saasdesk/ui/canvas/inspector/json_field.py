"""The body of a request: JSON in which `{{ names }}` can stand, with the place of the first mistake."""

from saasdesk.ui.canvas.inspector.json_text import problem_of_json, tidied
from saasdesk.ui.canvas.inspector.setting import Setting
from saasdesk.ui.canvas.inspector.template_edit import TemplateField, problem_of_template
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import LinkButton
from saasdesk.ui.widgets.layouts import Row

_LINES = 11


class JsonField(TemplateField):
    """Several lines with colours, and a button that puts each value on a line of its own."""

    lines = _LINES
    is_json = True

    def __init__(self, theme: Theme, setting: Setting) -> None:
        super().__init__(theme, setting)
        self.tidy = LinkButton(theme, self.tr("Tidy up"), "list")
        self.tidy.clicked.connect(self._on_tidy)
        below = Row(theme, gap=0)
        below.addStretch(1)
        below.addWidget(self.tidy)
        self.body.addLayout(below)

    def check(self, text: str) -> str:
        return problem_of_json(text) or problem_of_template(text)

    def _on_tidy(self) -> None:
        before = self.line.text()
        self.line.set_text(tidied(before))
        if self.line.text() != before:
            self.changed.emit()
