"""What the help articles have an admin do with workflows, step after step in their order, in the real window.

`make screens` takes the pictures of docs/walkthroughs on the way; the tests look at what came of it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QPushButton, QTreeView, QWidget

from saasdesk.app.picture import wait_until_drawn
from saasdesk.app.window import WindowDesk
from saasdesk.store import Store
from saasdesk.workflows import history, workflows
from saasdesk.workflows.workflow import Workflow, WorkflowState
from tests.walks.building import until_checked
from tests.walks.hands import Hand, Keys, MouseOfQt, is_seen, middle, name_of, seen, settle, wait_until
from tests.walks.mapping import pick_from_list

Take = Callable[[str], object]
OUTLINE, BLOCKS = "Outline of the workflow", "Find a block"


def _no_picture(_name: str) -> None:
    """Nobody looks."""


@dataclass(frozen=True)
class WorkflowArticle:
    """What is special in one article: for whom the workflow is, what its one block is, and what it sends.

    `condition` is a field with the value that it equals; `inputs` what is filled in below the preset.
    """

    key: str
    vendor: str
    name: str
    object: str
    condition: tuple[str, str]
    block: str
    preset: str
    inputs: dict[str, str] = field(default_factory=dict)


def articles(address: str, licences: str = "") -> dict[str, WorkflowArticle]:
    """The three of them; `address` is whom those about one person are about."""
    return {
        "user": WorkflowArticle(
            "workflow-user", "jetbrains", "JetBrains licences of a person", "People", ("Email", address), "API",
            "Get all Licenses", {"Map Licenses to Field name": licences},
        ),
        "saas-user": WorkflowArticle(
            "workflow-saas-user", "pagerduty", "PagerDuty roles", "SaaS users", ("SaaS Application", "PagerDuty"),
            "SaaS User Role Retrieval", "PagerDuty SaaS",
        ),
        "delete": WorkflowArticle(
            "workflow-delete", "pagerduty", "Delete leavers at PagerDuty", "People", ("Email", address), "API",
            "PagerDuty Delete",
        ),
    }  # fmt: skip


class WorkflowWalk:
    """One admin, one article, from the page of workflows to the end of its run."""

    def __init__(
        self, desk: WindowDesk, store: Store, article: WorkflowArticle, credential: str, take: Take = _no_picture
    ) -> None:
        self._desk, self._store, self._article, self._credential = desk, store, article, credential
        self._window = desk.window
        self._hand, self._keys = Hand(MouseOfQt()), Keys(desk.window)
        self._take_picture = take

    def go(self) -> None:
        """The whole article."""
        self.add_workflow()
        self.edit_begin()
        self.add_block()
        self.launch()
        self.run()

    def add_workflow(self) -> None:
        """Workflows, add; the object, the name. Begin and End are there."""
        self._window.navigate("workflows")
        wait_until_drawn(self._desk)
        self._press("NEW WORKFLOW")
        self._fill("Name", self._article.name)
        self._choose_in("Object", self._article.object)
        self._take("new")
        self._press("ADD")
        wait_until(lambda: not QApplication.activeModalWidget(), "the workflow is kept")
        wait_until(lambda: is_seen(OUTLINE), "its canvas")
        self._take("empty")

    def edit_begin(self) -> None:
        """Which records go through it."""
        self._select("Begin")
        self._press("Add condition")
        name, value = self._article.condition
        self._choose_in("Field", name)
        self._choose_in("Comparison", "is")
        self._set("Value", value)
        self._take("begin")

    def add_block(self) -> None:
        """From the list of blocks; the preset, the credential, and what the preset asks for."""
        self._set(BLOCKS, self._article.block)
        self._keys.press("Return")
        picker = "Select Preset: Select a preset…"
        wait_until(lambda: is_seen(picker), "the form of the block")
        self._press(picker)
        wait_until(lambda: is_seen("Find a preset"), "the presets")
        self._keys.type(self._article.preset)
        self._take("presets")
        self._keys.press("Return")
        # The form is made anew for the preset: what was there before is not what is meant.
        wait_until(lambda: not is_seen(picker) and is_seen("Documentation"), "what the preset asks for")
        wait_until_drawn(self._desk)
        self._choose_in("Credential", self._credential)
        for name, text in self._article.inputs.items():
            wait_until(lambda name=name: is_seen(name), name)
            (self._choose_in if isinstance(seen(name), QComboBox) else self._set)(name, text)
        self._take("block")

    def launch(self) -> None:
        """Save, Validate, and the plan before it is launched."""
        self._press("Save")
        wait_until(lambda: not is_seen("Save"), "it is saved")
        self._press("Validate")
        self._press("Launch")
        wait_until(lambda: is_seen("Make it again") and is_seen("Launch"), "the plan")
        self._take("plan")
        self._press("Launch")
        wait_until(
            lambda: QApplication.activeModalWidget() or self._found().state is WorkflowState.ACTIVE, "a question"
        )
        if QApplication.activeModalWidget():
            self._take("question")
            self._answer()
        wait_until(lambda: self._found().state is WorkflowState.ACTIVE, "it is launched")

    def run(self) -> None:
        """Run it from its plan, and wait until everybody came through."""
        wait_until(lambda: self._names_that_begin("Run "), "the plan that can be run")
        wait_until_drawn(self._desk)
        self._press(self._names_that_begin("Run ")[0])
        wait_until(lambda: QApplication.activeModalWidget() or self._came_through(), "a question, or the end")
        if QApplication.activeModalWidget():
            self._answer()
        wait_until(self._came_through, "the records have gone through")
        wait_until(lambda: not self._desk.jobs.running(), "the run has ended")
        self._take("run")

    # One thing at a time

    def _answer(self) -> None:
        """By keyboard: it stands on Cancel, and the number comes before the button that it opens."""
        fields = self._names_that_begin("Type ")
        if fields:
            self._keys.tab_to(fields[0])
            self._keys.type(fields[0].split()[1])
        aside = {"Cancel", *fields}
        (go_on,) = [name_of(button) for button in self._front().findChildren(QPushButton) if _works(button, aside)]
        self._keys.tab_to(go_on)
        self._keys.press("Space")

    def _front(self) -> QWidget:
        return QApplication.activeModalWidget() or self._window

    def _names_that_begin(self, word: str) -> list[str]:
        widgets = self._front().findChildren(QWidget)
        return [name_of(w) for w in widgets if _works(w, set()) and name_of(w).startswith(word)]

    def _came_through(self) -> bool:
        found = history.latest_runs(self._store, self._found())
        return bool(found) and all(passage.run.state == "completed" for passage in found)

    def _found(self) -> Workflow:
        return workflows.find_workflow(self._store, self._article.name)

    def _select(self, title: str) -> None:
        until_checked()
        tree = seen(OUTLINE, QTreeView)
        model = tree.model()
        rows = [model.index(row, 0) for row in range(model.rowCount())]
        index = next(index for index in rows if str(index.data()).startswith(title))
        self._hand.click(tree.viewport().mapToGlobal(tree.visualRect(index).center()))
        settle()

    def _press(self, name: str) -> None:
        wait_until(lambda: is_seen(name), name)
        until_checked()
        self._hand.click(seen(name))
        settle()

    def _fill(self, name: str, text: str) -> None:
        self._set(name, text)
        assert seen(name, QLineEdit).text() == text

    def _set(self, name: str, text: str) -> None:
        """Into whatever takes letters: a line, or a choice that can be typed into."""
        wait_until(lambda: is_seen(name), name)
        until_checked()
        field = seen(name)
        if isinstance(field, QComboBox) and not field.isEditable():
            self._choose_in(name, text)
            return
        self._hand.click(field)
        self._keys.press("Ctrl+A")
        self._keys.type(text)

    def _choose_in(self, name: str, words: str) -> None:
        wait_until(lambda: is_seen(name), name)
        until_checked()
        combo = seen(name, QComboBox)
        if combo.currentText() != words:
            self._hand.click(middle(combo) + QPoint(combo.width() // 2 - 10, 0))
            pick_from_list(self._hand, words)
            settle()

    def _take(self, name: str) -> None:
        wait_until_drawn(self._desk)
        self._take_picture(f"{self._article.key}-{name}")


def _works(widget: QWidget, aside: set[str]) -> bool:
    """Whether it can be worked now, and is meant."""
    is_there = widget.isVisible() and widget.isEnabled() and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
    return is_there and bool(name_of(widget)) and name_of(widget) not in aside
