"""Test Request: an API block's request really sent, to a stand-in of the vendor or, to read, to the vendor itself."""

import json
from functools import partial

from saasdesk.connectors import Danger
from saasdesk.ui.canvas.faces import outlet_in_words
from saasdesk.ui.canvas.inspector.around import Around
from saasdesk.ui.canvas.inspector.trial import Bench, TrialExtra, WireText, change_runs
from saasdesk.ui.canvas.model import WorkflowModel
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import OutlinedButton
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.paragraph import Paragraph, Run
from saasdesk.workflows.blocks import KINDS
from saasdesk.workflows.graph import Block
from saasdesk.workflows.rehearsing import Rehearsal


class RequestTrialExtra(TrialExtra):
    """What would be sent, and two ways to send it; nothing is written here, and a test changes nothing at a vendor."""

    def __init__(self, theme: Theme, model: WorkflowModel, around: Around, bench: Bench) -> None:
        super().__init__(theme, model, around, bench)
        self.test = OutlinedButton(theme, self.tr("Test Request"), "flask")
        self.test.setToolTip(self.tr("Sends it to a stand-in of the vendor on this machine, with an invented user"))
        self.test.clicked.connect(partial(self._send, is_real=False))
        self.ask_vendor = OutlinedButton(theme, self.tr("Ask the vendor"), "globe")
        self.ask_vendor.setToolTip(self.tr("Sends it to the vendor itself: it only reads"))
        self.ask_vendor.clicked.connect(partial(self._send, is_real=True))
        self.sent = Paragraph(theme, role="secondary")
        self.exchange = WireText(theme, self.tr("What was sent"))
        self.answer = WireText(theme, self.tr("The answer"))
        self.made = Paragraph(theme, role="secondary", tone="muted")
        # In a narrow pane there is room for both and not for more.
        row = Row(theme, gap=4)
        row.addWidget(self.test)
        row.addWidget(self.ask_vendor)
        row.addStretch(1)
        column = Column(theme, gap=6)
        column.addLayout(row)
        for widget in (self.sent, self.exchange, self.answer, self.made):
            column.addWidget(widget)
        self.body.addLayout(column)
        self._clear()

    def show_block(self, block: Block) -> None:
        if (block.id, block.settings) != (self._block, self._settings):
            # What was answered belonged to another request.
            self._clear()
        super().show_block(block)
        danger = KINDS[block.kind].danger(block.settings, self._model.world)
        self.ask_vendor.setVisible(danger is Danger.READS)

    def _clear(self) -> None:
        self.sent.hide()
        self.made.hide()
        self.exchange.show_text("")
        self.answer.show_text("")

    def _send(self, *, is_real: bool) -> None:
        self._clear()
        record = self._bench.record
        self.sent.show()
        if record is None:
            self.sent.set_runs(self.tr("Choose a record first: the request is filled in with its values."))
            self.record.setFocus()
            return
        self._set_busy(is_busy=True)
        self.sent.set_runs(self.tr("Waiting for the answer…"))
        document = self._model.document
        self._around.test_request(document, self._block, record.id, is_real, self._show_answer, self._refuse)

    def _show_answer(self, found: Rehearsal) -> None:
        self._set_busy(is_busy=False)
        where = (
            self.tr("Sent to the vendor:")
            if found.is_real
            else self.tr("Sent to a stand-in of the vendor on this machine, with an invented user:")
        )
        self.sent.set_runs(where)
        self.exchange.show_text(found.request)
        self.answer.show_text(found.answer)
        outlet = outlet_in_words(found.outlet or "")
        runs = [Run(self.tr("Leaves by “{0}”. {1}").format(outlet, found.message).rstrip())]
        for change in found.changes:
            runs += [Run("\n"), *change_runs(change)]
        for name, value in found.variables.items():
            runs += [Run(f"\n{name}: "), Run(str(value), strong=True)]
        self.made.set_runs(*runs)
        self.made.show()
        self._remember(found.answer)

    def _remember(self, answer: str) -> None:
        """Let its values be offered where values are taken from the answer."""
        _status, _, text = answer.partition("\n")
        try:
            self._bench.answers[self._block] = json.loads(text)
        except ValueError:
            self._bench.answers.pop(self._block, None)

    def _refuse(self, sentence: str) -> None:
        self._set_busy(is_busy=False)
        self.sent.set_runs(Run(sentence, tone="error"))

    def _set_busy(self, *, is_busy: bool) -> None:
        self.test.setEnabled(not is_busy)
        self.ask_vendor.setEnabled(not is_busy)
