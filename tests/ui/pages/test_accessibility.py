"""On every page: what takes the keyboard has a name, is reached by Tab, and shows that the keyboard is there."""

from collections.abc import Callable, Iterator, Sequence

import pytest
from PySide6.QtCore import QEvent, QMetaMethod, QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QDialog, QLabel, QMainWindow, QWidget

from saasdesk.app.picture import wait_until_drawn
from saasdesk.fields import ObjectKind
from saasdesk.mapping.editing import Place
from saasdesk.ui.canvas.view import CanvasView
from saasdesk.ui.mapping_editor.editor import MappingEditor
from saasdesk.ui.pages.dashboards import handle as verbs
from saasdesk.ui.pages.dashboards.page import DashboardsPage
from saasdesk.ui.pages.dashboards.widget_dialog import WidgetDialog
from saasdesk.ui.pages.workflows.editor.page import WorkflowPage
from saasdesk.ui.tables import RecordTable
from saasdesk.ui.tables.lines import LineTable
from saasdesk.workflows.editing import add_block
from tests.ui.pages.conftest import Whole
from tests.ui.pages.places import places
from tests.walks.hands import name_of, seen, settle, wait_until

# The offscreen platform says this of every window; it says nothing about ours.
pytestmark = [pytest.mark.slow, pytest.mark.qt_log_ignore("This plugin does not support")]

LOOKS = [("light", 100), ("dark", 100), ("light", 200)]


DIALOGS = (
    ("configuration", "credentials", "Add new credential"),
    ("configuration", "variables", "Add new variable"),
    ("configuration", "fields", "Add new field"),
    ("configuration", "objects", "Add new object"),
    ("integration", 1, "Edit the integration details"),
    ("integration", 1, "Choose the credential"),
    ("integration", 1, "Edit the schedule"),
    ("integration", 1, "Edit integration"),
    ("people", None, "Add filter"),
    ("people", None, "Export…"),
    ("integrations", None, "New integration among User integrations"),
    ("settings", "costs", "Add a rate…"),
    ("settings", "diagnostics", "Support bundle…"),
)


def is_named(widget: QWidget, labelled: set[QWidget | None]) -> bool:
    """A name of its own, or a label that says whose it is.

    On Linux Qt calls a list of choices by what is chosen, whatever name it was given: it needs a label.
    """
    return widget in labelled or (bool(name_of(widget)) and not isinstance(widget, QComboBox))


def focusable(root: QWidget) -> list[QWidget]:
    """What takes the keyboard now. A group of choices is one stop: Tab comes to one, arrows to the others."""
    return [
        widget
        for widget in root.findChildren(QWidget)
        if widget.isVisible()
        and widget.isEnabled()
        and widget.window() is root
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and widget.focusProxy() is None
        and not is_behind_another_choice(widget)
    ]


def is_behind_another_choice(widget: QWidget) -> bool:
    """Of a group of which one is chosen, Tab comes to that one, and arrows go to the others."""
    if not isinstance(widget, QAbstractButton):
        return False
    group, above = widget.group(), widget.parentWidget()
    others: list[QAbstractButton] = []
    if group is not None and group.exclusive():
        others = group.buttons()
    elif widget.autoExclusive() and above is not None:
        others = [other for other in above.findChildren(QAbstractButton) if other.autoExclusive()]
    return any(other.isChecked() and other is not widget for other in others)


def faults(root: QWidget) -> list[str]:
    """What somebody without a mouse or without eyes would stumble over."""
    settle()
    wanted = focusable(root)
    labelled = {label.buddy() for label in root.findChildren(QLabel)}
    found = [f"has no name: {describe(widget)}" for widget in wanted if not is_named(widget, labelled)]
    reached: set[QWidget] = set()
    for _ in range(2 * len(wanted) + 5):
        here = QApplication.focusWidget() or root
        # On the canvas Tab adds a block: F6 leads on.
        QTest.keyClick(here, Qt.Key.Key_F6 if isinstance(here, CanvasView) else Qt.Key.Key_Tab)
        focus = QApplication.focusWidget()
        if focus is not None:
            reached.add(focus)
            proxied = focus.focusProxy()
            reached |= {focus} if proxied is None else {focus, proxied}
    # What went away because something else was chosen on the way is not there to be reached.
    missed = [widget for widget in wanted if widget not in reached and widget.isVisible()]
    found += [f"is not reached by Tab: {describe(widget)}" for widget in missed]
    for widget in wanted:
        others = [other for other in wanted if other is not widget]
        if not others or not widget.isVisible():
            continue
        others[0].setFocus(Qt.FocusReason.TabFocusReason)
        before = widget.grab().toImage()
        widget.setFocus(Qt.FocusReason.TabFocusReason)
        if widget.grab().toImage() == before:
            found.append(f"does not show the keyboard: {describe(widget)}")
    return found


def describe(widget: QWidget) -> str:
    above = widget.parentWidget()
    return f"{type(widget).__name__} “{name_of(widget)}” in {type(above).__name__ if above else 'nothing'}"


class Strays(QObject):
    """Notes what is shown before it has a parent: it is a window for a moment, and takes the keyboard along."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: list[str] = []

    def take(self) -> list[str]:
        seen, self._seen = self._seen, []
        return seen

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        is_shown = event.type() == QEvent.Type.Show and isinstance(watched, QWidget) and watched.isWindow()
        # Menus, tips and dialogs are windows of other types.
        if is_shown and watched.windowType() == Qt.WindowType.Window and not isinstance(watched, QMainWindow):
            self._seen.append(f"was a window for a moment: {describe(watched)}")
        return super().eventFilter(watched, event)


@pytest.mark.parametrize(("mode", "zoom"), LOOKS, ids=["light", "dark", "200 %"])
def test_that_every_page_and_dialog_is_worked_without_a_mouse(lived_in: Whole, mode: str, zoom: int) -> None:
    lived_in.desk.theme.mode = mode
    if zoom != lived_in.desk.theme.zoom:
        lived_in.desk.theme.zoom = zoom

    found = [
        *faults_of_pages(lived_in),
        *faults_of_blocks(lived_in),
        *faults_of_the_editors_dialogs(lived_in),
        *faults_of_arranging(lived_in),
        *faults_of_dialogs(lived_in),
    ]

    assert found == [], "\n" + "\n".join(found)


def faults_of_pages(whole: Whole) -> Iterator[str]:
    strays = Strays()
    for key, argument in places(whole.office):
        QApplication.instance().installEventFilter(strays)
        whole.show(key, argument)
        QApplication.instance().removeEventFilter(strays)
        wait_until_drawn(whole.desk)
        name = key if argument is None else f"{key} {argument}"
        yield from (f"{name}: {fault}" for fault in (*strays.take(), *faults(whole.window)))
        yield from (
            f"{name}: Enter and a double click open nothing: {view}" for view in lists_without_way(whole.window)
        )


def lists_without_way(root: QWidget) -> list[str]:
    """Lists whose lines lead nowhere; one signal answers Enter and a double click in all of them."""
    tables = [table for table in root.findChildren(RecordTable) if table.isVisible()]
    lines = [table for table in root.findChildren(LineTable) if table.isVisible() and table.model().rowCount()]
    return [
        describe(each) for each in (*tables, *lines) if not each.isSignalConnected(QMetaMethod.fromSignal(each.opened))
    ]


def faults_of_blocks(whole: Whole) -> Iterator[str]:
    """The settings of a block have fields of their own kind each."""
    whole.show("workflow", (1, "design"))
    wait_until_drawn(whole.desk)
    page = whole.window.page("workflow")
    assert isinstance(page, WorkflowPage)
    assert page.design is not None
    model = page.design.model
    document, api = add_block(model.document, "api", after=("begin", "next"))
    model.edit("Add a block", document)
    for block in ("begin", api):
        model.select([block])
        wait_until_drawn(whole.desk)
        yield from (f"workflow, {block} selected: {fault}" for fault in faults(whole.window))
    page.discard()


def faults_of_the_editors_dialogs(whole: Whole) -> Iterator[str]:
    whole.show("mapping", 1)
    wait_until_drawn(whole.desk)
    editor = whole.window.findChild(MappingEditor)
    assert editor is not None
    openings: Sequence[Callable[[], None]] = (
        lambda: editor.ask_for_field("id"),
        editor.ask_for_source,
        lambda: editor.ask_for_steps(Place(ObjectKind.PEOPLE, "email")),
    )
    for open_it in openings:
        open_it()
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QDialog)
        dialog.activateWindow()
        wait_until(dialog.isActiveWindow, "the dialog")
        yield from (f"{dialog.windowTitle()}: {fault}" for fault in faults(dialog))
        dialog.reject()
        settle()


def faults_of_arranging(whole: Whole) -> Iterator[str]:
    whole.show("dashboards")
    wait_until_drawn(whole.desk)
    page = whole.window.page("dashboards")
    assert isinstance(page, DashboardsPage)
    page.turn_editing()
    wait_until_drawn(whole.desk)
    # The dialog that was closed last may have had the keyboard.
    whole.window.activateWindow()
    wait_until(whole.window.isActiveWindow, "the window")
    yield from (f"dashboards, arranged: {fault}" for fault in faults(whole.window))
    # There is no form for one more where the dashboard is full.
    page.arranging.do(0, verbs.REMOVE)
    wait_until_drawn(whole.desk)
    for place in (None, 5):
        page.ask_for_widget(place)
        wait_until(lambda: isinstance(QApplication.activeModalWidget(), WidgetDialog), "the form of a widget")
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, WidgetDialog)
        wait_until_drawn(whole.desk)
        dialog.activateWindow()
        wait_until(dialog.isActiveWindow, "the form of a widget")
        yield from (f"widget {place}: {fault}" for fault in faults(dialog))
        dialog.reject()
        settle()
    page.turn_editing()


def faults_of_dialogs(whole: Whole) -> Iterator[str]:
    for page, argument, button in DIALOGS:
        whole.show(page, argument)
        wait_until_drawn(whole.desk)
        opener = seen(button, QAbstractButton)
        opener.click()
        wait_until_drawn(whole.desk)
        dialog = QApplication.activeModalWidget()
        front = dialog or whole.window
        front.activateWindow()
        wait_until(front.isActiveWindow, button)
        yield from (f"{button}: {fault}" for fault in faults(front))
        if isinstance(dialog, QDialog):
            dialog.reject()
            settle()
