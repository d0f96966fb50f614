"""What a merge of two people would do: who stays, which values, what goes over; nothing happens before MERGE."""

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QComboBox, QWidget

from saasdesk.fields import Field
from saasdesk.records.merging import MergePlan
from saasdesk.ui.moments import counted
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.form_dialog import FormDialog
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.layouts import clear_layout
from saasdesk.ui.widgets.paragraph import Paragraph

_WIDTH, _HEIGHT = 600, 480


class MergeDialog(FormDialog):
    """`wanted` brings the plan and the fields in which the other's value is kept; `swapped` asks for the plan in which
    the other one stays."""

    wanted = Signal(object, object)
    swapped = Signal(object)

    def __init__(self, theme: Theme, plan: MergePlan, parent: QWidget | None = None) -> None:
        super().__init__(theme, _tr("Merge two people"), _tr("MERGE"), width=_WIDTH, icon="merge", parent=parent)
        self._plan = plan
        self.stays = QComboBox()
        self.values: dict[str, QComboBox] = {}
        self.stays.activated.connect(self._on_stays_chosen)
        self._who = FormGrid(theme, gap=12)
        self._who.add_field(_tr("Who stays"), self.stays)
        self._both = Paragraph(theme, "", tone="muted")
        self._fields = FormGrid(theme, gap=12)
        self._moves = Paragraph(theme, "")
        self.body.addLayout(self._who)
        self.body.addWidget(self._both)
        self._holder = QWidget()
        self._holder.setLayout(self._fields)
        self.body.addWidget(self._holder)
        self.body.addWidget(self._moves)
        self.body.addStretch(1)
        self.keep.clicked.connect(self._on_keep)
        self.show_plan(plan)
        self.fit(_HEIGHT)
        self.stays.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_plan(self, plan: MergePlan) -> None:
        """Show a plan, such as that in which the other one stays."""
        self._plan = plan
        self.set_busy("")
        self.clear_problem()
        self.stays.clear()
        self.stays.addItem(_who(plan, plan.kept_name, 0))
        self.stays.addItem(_who(plan, plan.gone_name, 1))
        self._show_fields(plan)
        self._both.setText(_tr("Both have these, and not the same. Choose which value is kept.") if self.values else "")
        self._both.setVisible(bool(self.values))
        self._moves.setText(" ".join(_outcome(plan)))

    def _show_fields(self, plan: MergePlan) -> None:
        clear_layout(self._fields)
        self._fields = FormGrid(self._theme, gap=12)
        self.values = {}
        for field in plan.conflicts:
            combo = self.values[field.external_id] = QComboBox()
            for value in plan.values[field.external_id]:
                combo.addItem(visible_text(str(value)))
            self._fields.add_field(field.label, combo)
        holder = QWidget()
        self._fields.setContentsMargins(0, 0, 0, 0)
        holder.setLayout(self._fields)
        self.body.replaceWidget(self._holder, holder)
        self._holder.deleteLater()
        self._holder = holder
        holder.setVisible(bool(self.values))

    def _on_stays_chosen(self, place: int) -> None:
        if place == 1:
            self.set_busy(_tr("Looking at both…"))
            self.swapped.emit(self._plan)

    def _on_keep(self) -> None:
        theirs = frozenset(name for name, combo in self.values.items() if combo.currentIndex() == 1)
        self.set_busy(_tr("Merging…"))
        self.wanted.emit(self._plan, theirs)


def _who(plan: MergePlan, name: str, place: int) -> str:
    address = plan.values.get("email", ("", ""))[place]
    return visible_text(f"{name} · {address}" if address else name)


def _outcome(plan: MergePlan) -> list[str]:
    """What happens besides the values that somebody chooses."""
    said = []
    if plan.filled:
        said.append(_tr("Taken over, because only the other has it: {0}.").format(_labels(plan.filled)))
    moves = plan.moves
    parts = [
        counted(count, one, many)
        for count, one, many in (
            (moves.accounts, _tr("{0} account"), _tr("{0} accounts")),
            (moves.licences, _tr("{0} licence"), _tr("{0} licences")),
            (moves.assets, _tr("{0} asset"), _tr("{0} assets")),
            (moves.runs, _tr("{0} workflow run"), _tr("{0} workflow runs")),
        )
        if count
    ]
    if parts:
        said.append(_tr("Goes over: {0}.").format(", ".join(parts)))
    said.append(_tr("The record of the other is archived, and runs do not make it again. The merge can be undone."))
    return said


def _labels(fields: tuple[Field, ...]) -> str:
    return ", ".join(visible_text(field.label) for field in fields)


def _tr(text: str) -> str:
    return QCoreApplication.translate("MergeDialog", text)
