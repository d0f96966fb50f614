"""Begin's matching records: how many there are just now, and the list of them."""

from saasdesk.ui.canvas.inspector.around import Around, Matches
from saasdesk.ui.canvas.inspector.extra import Extra
from saasdesk.ui.canvas.model import WorkflowModel
from saasdesk.ui.soon import soon
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import OutlinedButton
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.paragraph import Paragraph, Run
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.workflows.graph import Block

_PAUSE_MILLISECONDS = 400


class MatchesExtra(Extra):
    """Begin: how many records it lets in just now, and the list of them."""

    def __init__(self, theme: Theme, model: WorkflowModel, around: Around) -> None:
        super().__init__(theme, model, around)
        self._asked: dict[str, object] | None = None
        # Whether what is shown may be of another moment than what is asked.
        self.is_counting = False
        self.outcome = Paragraph(theme)
        self.some = Paragraph(theme, role="secondary", tone="muted")
        self.show_list = OutlinedButton(theme, self.tr("Show in list view"), "list")
        self.show_list.clicked.connect(lambda: around.show_matches(model.document))
        row = Row(theme, gap=0)
        row.addWidget(self.show_list)
        row.addStretch(1)
        column = Column(theme, gap=6)
        column.addWidget(PlainLabel(self.tr("Records that match"), "heading"))
        column.addWidget(self.outcome)
        column.addWidget(self.some)
        column.addLayout(row)
        self.setLayout(column)
        self._soon = soon(self, _PAUSE_MILLISECONDS, self._ask)

    def show_block(self, block: Block) -> None:
        asked = {key: block.settings.get(key) for key in ("run_for", "criteria")}
        if asked != self._asked:
            if self._asked is None:
                self.outcome.set_runs(self.tr("Counting…"))
            self._asked, self.is_counting = asked, True
            self._soon.start()

    def _ask(self) -> None:
        self._around.count_matches(self._model.document, self._take, self._fail)

    def _take(self, matches: Matches) -> None:
        self.is_counting = False
        words = self.tr("{0} of {1} records match").format(f"{matches.taken:,}", f"{matches.records:,}")
        self.outcome.set_runs(Run(words, strong=True))
        more = matches.taken - len(matches.some)
        names = ", ".join(matches.some)
        self.some.set_runs(self.tr("{0} and {1} more").format(names, f"{more:,}") if more > 0 and names else names)
        self.some.setVisible(bool(names))
        self.show_list.setEnabled(True)

    def _fail(self, sentence: str) -> None:
        self.is_counting = False
        # While a condition is half done there is nothing to count: the field above says what is missing.
        self.outcome.set_runs(sentence)
        self.some.hide()
        self.show_list.setEnabled(False)
