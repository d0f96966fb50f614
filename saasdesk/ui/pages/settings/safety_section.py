"""How much may be destroyed before a person is asked, and what stops everything."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QCheckBox

from saasdesk.ui.pages.settings.section import Section, section_grid
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.stepped_fields import NumberField

# More than any budget takes: what is too much is said, not swallowed.
_ANY_NUMBER = 9_999_999


class SafetySection(Section):
    """The budgets of vendor actions that destroy something, and the switches that pause."""

    def __init__(self, theme: Theme) -> None:
        about = QCoreApplication.translate(
            "Settings", "What a workflow would destroy beyond a budget is held until a person looks at it."
        )
        super().__init__(theme, QCoreApplication.translate("Settings", "Safety budgets"), about)
        self.run = NumberField(theme, self.tr("Calls in one run"), 0, _ANY_NUMBER)
        self.day = NumberField(theme, self.tr("Calls a day"), 0, _ANY_NUMBER)
        self.percent = NumberField(theme, self.tr("Share of users"), 0, _ANY_NUMBER)
        self.percent.setSuffix(" %")
        self.bulk_edit = NumberField(theme, self.tr("Records edited at once"), 0, _ANY_NUMBER)
        self.workflows_paused = QCheckBox(self.tr("Pause all workflows"))
        self.scheduling_paused = QCheckBox(self.tr("Pause all schedules"))
        grid = section_grid(theme)
        self.fields.add(grid, "destructive_calls_per_run", self.tr("Calls in one run"), self.run)
        self.fields.add(grid, "destructive_calls_per_day", self.tr("Calls a day"), self.day)
        self.fields.add(
            grid,
            "destructive_percent",
            self.tr("Share of users"),
            self.percent,
            self.tr("Three may always be acted on, however few users there are."),
        )
        self.fields.add(grid, "bulk_edit_limit", self.tr("Records edited at once"), self.bulk_edit)
        self.fields.add(grid, "workflows_paused", self.tr("Workflows"), self.workflows_paused)
        self.fields.add(grid, "scheduling_paused", self.tr("Schedules"), self.scheduling_paused)
        self.body.addLayout(grid)
        self.finish()
