"""The schedule of a workflow: a sentence, and the form behind it."""

from typing import Any

from pydantic import ValidationError
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QWidget

from saasdesk.schedule import Schedule
from saasdesk.ui.canvas.inspector.setting import Setting, SettingField
from saasdesk.ui.schedule_form import ScheduleForm
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import OutlinedButton
from saasdesk.ui.widgets.form_dialog import FormDialog
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.paragraph import Paragraph


class ScheduleDialog(FormDialog):
    """The form; `schedule` is what was decided."""

    def __init__(self, theme: Theme, schedule: Schedule, parent: QWidget) -> None:
        title = QCoreApplication.translate("WorkflowSchedule", "Schedule")
        super().__init__(
            theme, title, QCoreApplication.translate("WorkflowSchedule", "Use it"), width=640, parent=parent
        )
        self.form = ScheduleForm(theme, schedule)
        self.schedule = schedule
        self.body.addWidget(self.form)
        self.body.addStretch(1)
        self.keep.clicked.connect(self._on_keep)
        self.fit(560)
        self.form.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_keep(self) -> None:
        try:
            self.schedule = self.form.schedule()
        except ValueError as problem:
            self.show_problem(str(problem))
            return
        self.accept()


class ScheduleField(SettingField):
    """What is set, and a button that opens the form."""

    def __init__(self, theme: Theme, setting: Setting) -> None:
        super().__init__(theme, setting)
        self._value: dict[str, Any] | None = None
        self.sentence = Paragraph(theme)
        self.change = OutlinedButton(theme, "", "calendar")
        self.change.clicked.connect(self.ask)
        row = Row(theme, gap=0)
        row.addWidget(self.change)
        row.addStretch(1)
        column = Column(theme, gap=6)
        column.addWidget(self.sentence)
        column.addLayout(row)
        self.setLayout(column)
        self._show()

    def value(self) -> dict[str, Any] | None:
        return self._value

    def show_value(self, value: Any) -> None:
        self._value = dict(value) if isinstance(value, dict) else None
        self._show()

    def ask(self) -> ScheduleDialog:
        """Open the form."""
        dialog = ScheduleDialog(self._theme, self._read() or Schedule(), self.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self._take(dialog.schedule))
        dialog.open()
        return dialog

    def _take(self, schedule: Schedule) -> None:
        self.show_value(schedule.model_dump(mode="json", exclude_defaults=True) or {"every": "day"})
        self.changed.emit()

    def _read(self) -> Schedule | None:
        try:
            return None if self._value is None else Schedule.model_validate(self._value)
        except ValidationError:
            return None

    def _show(self) -> None:
        schedule = self._read()
        self.sentence.set_runs(self.tr("None is set yet.") if schedule is None else f"{schedule.in_words()}.")
        self.change.setText(self.tr("Set the schedule…") if schedule is None else self.tr("Change the schedule…"))
