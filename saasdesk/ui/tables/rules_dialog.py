"""One filter of several conditions, of which all or any must hold, groups in groups."""

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from saasdesk.errors import UserError
from saasdesk.records.listing import Column
from saasdesk.rules import Rule, to_predicate
from saasdesk.ui.rule_builder import RuleGroup
from saasdesk.ui.tables.filter_words import stored_type
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.form_dialog import FormDialog

_WIDTH, _HEIGHT = 760, 480


class RulesDialog(FormDialog):
    """`rule` is what was decided; None until somebody has."""

    def __init__(
        self, theme: Theme, columns: Sequence[Column], draft: Mapping[str, Any], parent: QWidget | None = None
    ) -> None:
        super().__init__(theme, "", "", width=_WIDTH, parent=parent)
        self.setWindowTitle(self.tr("Filter by several conditions"))
        self.heading.set_text(self.windowTitle())
        self.keep.setText(self.tr("Filter"))
        self._types = {column.key: stored_type(column) for column in columns}
        self.rule: Rule | None = None
        self.group = RuleGroup(theme, columns, draft, only_known=True)
        self.body.addWidget(self.group)
        self.body.addStretch(1)
        self.group.changed.connect(self.clear_problem)
        self.keep.clicked.connect(self._on_kept)
        self.fit(_HEIGHT)
        self.group.joint.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_kept(self) -> None:
        try:
            rule = self.group.rule()
            if rule is not None:
                # Reads every value as its field's type: better here than as an empty table.
                to_predicate(rule, self._types)
        except UserError as error:
            self.show_problem(str(error))
            return
        if rule is None:
            self.show_problem(self.tr("There is no condition yet. Add one, or cancel."))
            return
        self.rule = rule
        self.accept()
