"""Which records an integration takes: conditions in groups, tried at once on the records at hand."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QCheckBox, QPlainTextEdit, QRadioButton, QWidget

from saasdesk.connectors import Connector
from saasdesk.errors import Cancelled, UserError
from saasdesk.records.listing import Column as ListColumn
from saasdesk.rules import Rule
from saasdesk.sync.filtering import filter_of
from saasdesk.sync.integration import IntegrationDocument, connector_of
from saasdesk.ui.pages.integrations.editing.section_dialog import Save, SectionDialog, fit_to_content
from saasdesk.ui.rule_builder import RuleGroup, draft_of
from saasdesk.ui.soon import soon
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.buttons import OutlinedButton
from saasdesk.ui.widgets.layouts import Row
from saasdesk.ui.widgets.paragraph import Paragraph

_PAUSE_MILLISECONDS = 250
_LISTED = 200
_LOOK_UP_EVERY = 500

Ask = Callable[[Callable[[threading.Event], Any], Callable[[Any], object]], object]
"""Runs something in a worker and hands its result on; asking again makes what was asked before stale."""

Records = Sequence[Mapping[str, Any]]
Fetch = Callable[[Callable[[Records], object], Callable[[str], object]], object]
"""Reads a few records from the vendor: hands them on, or a sentence about why there are none."""


@dataclass(frozen=True, slots=True)
class Match:
    """How a rule does on the records at hand: who falls out, by name."""

    taken: int
    records: int
    left_out: tuple[str, ...]


def try_rules(
    rules: Sequence[Rule], connector: Connector, records: Sequence[Mapping[str, Any]], stop: threading.Event
) -> Match:
    """Try rules on records as the vendor sent them; a UserError says what is wrong with a rule."""
    take = filter_of(rules, connector)
    taken = 0
    left_out: list[str] = []
    for number, record in enumerate(records):
        if number % _LOOK_UP_EVERY == 0 and stop.is_set():
            raise Cancelled
        if take(record):
            taken += 1
        elif len(left_out) < _LISTED:
            left_out.append(connector.label_of(dict(record)))
    return Match(taken, len(records), tuple(left_out))


class RulesDialog(SectionDialog):
    """*Edit integration*: take every record, or only those that meet the conditions; who falls out is listed.

    Whether archived records come back is decided here too.
    """

    def __init__(
        self,
        theme: Theme,
        document: IntegrationDocument,
        save: Save,
        records: Records,
        ask: Ask,
        fetch: Fetch,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, QCoreApplication.translate("RulesDialog", "Edit integration"), document, save, parent)
        self._records, self._ask, self._fetch = records, ask, fetch
        self._connector = connector_of(document)
        self._build(document)
        self._soon = soon(self, _PAUSE_MILLISECONDS, self._try)
        self.group.changed.connect(self._soon.start)
        self._show_choice()
        self.setMinimumWidth(theme.px(760))
        fit_to_content(self, 620)
        self.resize(theme.px(760), self.height())

    def _build(self, document: IntegrationDocument) -> None:
        theme = self._theme
        self.always = QRadioButton(self.tr("Always create/update the record"))
        self.only_if = QRadioButton(self.tr("Create/update the record if"))
        (self.only_if if document.filters else self.always).setChecked(True)
        self.body.addWidget(self.always)
        self.body.addWidget(self.only_if)
        whole = Rule(all=document.filters) if document.filters else None
        if whole is not None and len(whole.parts) == 1 and whole.parts[0].parts:
            whole = whole.parts[0]
        fields = (known for known in self._connector.all_fields() if known.path)
        columns = [ListColumn(known.id, known.label, known.type) for known in fields]
        self.group = RuleGroup(theme, columns, draft_of(whole))
        self.body.addWidget(self.group)
        self.outcome = Paragraph(theme, role="body")
        self.body.addWidget(self.outcome)
        self.left_out = QPlainTextEdit()
        self.left_out.setReadOnly(True)
        self.left_out.setTabChangesFocus(True)
        self.left_out.setAccessibleName(self.tr("Records that are left out"))
        self.left_out.setFixedHeight(theme.px(112))
        self.show_left_out = OutlinedButton(theme, self.tr("Who is left out"))
        self.show_left_out.setCheckable(True)
        self.show_left_out.toggled.connect(self.left_out.setVisible)
        self.left_out.hide()
        row = Row(theme, gap=8)
        self.read = OutlinedButton(theme, self.tr("Read up to 50 records"), "download")
        self.read.clicked.connect(self._on_read)
        row.addWidget(self.show_left_out)
        row.addWidget(self.read)
        row.addStretch(1)
        self.body.addLayout(row)
        self.body.addWidget(self.left_out)
        note = self.tr(
            "Conditions look at the vendor's values as they came. A record that is left out counts as seen: nobody is "
            "deactivated for it."
        )
        self.body.addWidget(Paragraph(theme, note, role="secondary", tone="muted"))
        self.restore = QCheckBox(self.tr("Restore archived records"))
        self.restore.setChecked(document.restore_archived)
        self.body.addWidget(self.restore)
        restoring = self.tr("A record that somebody archived comes back once the vendor lists it again.")
        self.body.addWidget(Paragraph(theme, restoring, role="secondary", tone="muted"))
        self.body.addStretch(1)
        self.only_if.toggled.connect(lambda _on: self._show_choice())

    def _show_choice(self) -> None:
        is_on = self.only_if.isChecked()
        self.group.setVisible(is_on)
        if is_on and not self.group.conditions and self.group.rule() is None:
            self.group.add_condition()
        self._soon.start()

    def rules(self) -> tuple[Rule, ...]:
        """What is filled in; a ValueError says what is wrong with it."""
        if self.always.isChecked():
            return ()
        try:
            rule = self.group.rule()
            if rule is None:
                raise ValueError(self.tr("Add a condition, or take every record."))
            filter_of((rule,), self._connector)
        except UserError as error:
            raise ValueError(self._with_labels(str(error))) from None
        return rule.parts if rule.all is not None else (rule,)

    def _with_labels(self, sentence: str) -> str:
        """A condition is named by its field's id; on the screen it has a label."""
        name, colon, rest = sentence.partition(":")
        found = self._connector.find_field(name)
        return f"{found.label}{colon}{rest}" if found is not None else sentence

    def _on_read(self) -> None:
        self.read.setEnabled(False)
        self.outcome.set_runs(self.tr("Reading up to 50 records of {0}…").format(self._connector.title))
        self._fetch(self._take_records, self._on_not_read)

    def _take_records(self, records: Records) -> None:
        self._records = records
        self.read.setEnabled(True)
        self._try()

    def _on_not_read(self, sentence: str) -> None:
        self.read.setEnabled(True)
        self.outcome.set_runs(sentence)

    def _try(self) -> None:
        self.read.setVisible(not self._records)
        if not self._records:
            self.outcome.set_runs(self.tr("There are no records at hand to try it on: they come with the first run."))
            self.show_left_out.hide()
            return
        try:
            rules = self.rules()
        except ValueError as problem:
            self.outcome.set_runs(str(problem))
            return
        connector, records = self._connector, self._records
        self._ask(lambda stop: try_rules(rules, connector, records, stop), self._show_match)

    def _show_match(self, match: Match) -> None:
        self.outcome.set_runs(self.tr("{0} of {1} match").format(f"{match.taken:,}", f"{match.records:,}"))
        missing = match.records - match.taken
        self.show_left_out.setVisible(missing > 0)
        self.show_left_out.setText(self.tr("Who is left out ({0})").format(f"{missing:,}"))
        more = missing - len(match.left_out)
        names = [visible_text(name) for name in match.left_out]
        if more > 0:
            names.append(self.tr("… and {0} more").format(f"{more:,}"))
        self.left_out.setPlainText("\n".join(names))
        self.left_out.setVisible(missing > 0 and self.show_left_out.isChecked())

    def changed_document(self) -> IntegrationDocument:
        changes = {"filters": self.rules(), "restore_archived": self.restore.isChecked()}
        return self.document.model_copy(update=changes)
