"""The PagerDuty delete workflow, from the page of workflows to its last Save: by keyboard alone, and by mouse alone."""

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLineEdit, QListView, QWidget

from saasdesk.ui.canvas.inspector.matches import MatchesExtra
from saasdesk.ui.canvas.inspector.template_edit import TemplateEdit
from saasdesk.ui.canvas.view import CanvasView
from saasdesk.ui.command_palette import CommandPalette
from saasdesk.ui.main_window import MainWindow
from saasdesk.ui.pages.workflows.editor.page import WorkflowPage
from saasdesk.workflows import workflows
from saasdesk.workflows.graph import WorkflowDocument, document_from
from saasdesk.workflows.workflow import Workflow
from tests.walks.hands import Hand, Keys, is_seen, middle, seen, settle, wait_until
from tests.walks.mapping import pick_from_list
from tests.workflows.conftest import DELETE, Workshop

NAME = "Delete users at PagerDuty"
CREDENTIAL = "pd key"
PRESET = "PagerDuty Delete User"
SUBJECT = "Somebody is still at PagerDuty"
_NO_PRESET = "Select Preset: Select a preset…"


WANTED = document_from(
    {
        "name": NAME,
        "object": "saas_users",
        "block": [
            {
                "id": "begin",
                "kind": "begin",
                "settings": {
                    "criteria": {"all": [{"field": "saas_application", "operator": "equals", "value": "PagerDuty"}]}
                },
            },
            {"id": "end", "kind": "end"},
            {"id": "api", "kind": "api", "settings": {"preset": DELETE, "credential": CREDENTIAL}},
            {"id": "notification", "kind": "notification", "settings": {"subject": SUBJECT}},
        ],
        "link": [
            {"from": "api", "outlet": "failure", "to": "notification"},
            {"from": "api", "outlet": "success", "to": "end"},
            {"from": "begin", "outlet": "next", "to": "api"},
            {"from": "notification", "outlet": "success", "to": "end"},
        ],
    },
    "the test",
)


def prepare(workshop: Workshop) -> None:
    """A key that may act, and the people and accounts whom it reads."""
    workshop.vault.change(CREDENTIAL, expires=None, permission="act", owner="", notes="")
    workshop.integrate()
    workshop.run()


def without_places(document: WorkflowDocument) -> WorkflowDocument:
    """All but two things that are mere looks: where blocks stand on the canvas, and in which order wires were laid.

    What is compared: name, object and description, the blocks in their order with ids, kinds, titles and settings, and
    every link with its outlet.
    """
    blocks = tuple(block.model_copy(update={"position": None}) for block in document.blocks)
    links = tuple(sorted(document.links, key=lambda link: (link.source, link.outlet)))
    return document.model_copy(update={"blocks": blocks, "links": links})


def by_keyboard(window: MainWindow, workshop: Workshop) -> Workflow:
    """Each step without a mouse."""
    keys = Keys(window)
    wait_until(lambda: is_seen("NEW WORKFLOW"), "the page of workflows")
    keys.tab_to("NEW WORKFLOW")
    keys.press("Space")
    wait_until(lambda: is_seen("ADD"), "the form of a new workflow")
    keys.type(NAME)
    keys.tab_to("Object")
    keys.type("SaaS users")
    keys.tab_to("ADD")
    keys.press("Space")
    page = _page_in(window)

    # Begin: by hand is there from the beginning; the condition is put in where the keyboard is led.
    _go_to_canvas(keys)
    keys.press("Esc", "Right", "Return")
    assert seen("By hand", QCheckBox).isChecked()
    keys.tab_to("Add condition")
    keys.press("Space")
    keys.type("SaaS Application")
    keys.press("Return")
    keys.tab_to("Comparison")
    keys.type("is")
    keys.tab_to("Value")
    keys.type("PagerDuty")

    # The block comes between Begin and End.
    _go_to_canvas(keys)
    keys.press("Space")
    keys.type("API")
    keys.press("Return", "Return")
    keys.tab_to(_NO_PRESET)
    keys.press("Space")
    keys.type(PRESET)
    keys.press("Return")
    wait_until(lambda: is_seen("Documentation"), "what the preset asks for")
    keys.tab_to("Credential")
    keys.type(CREDENTIAL)

    # A block that stands by itself for a moment, and its two wires.
    _go_to_canvas(keys)
    keys.press("Esc", "Space")
    keys.type("Notification")
    keys.press("Return")
    keys.press("Esc", "Right", "Right", "C")
    keys.type("failed Notification")
    keys.press("Return", "Down", "C")
    keys.type("success End")
    keys.press("Return", "Return")
    keys.tab_to("Subject")
    keys.type(SUBJECT)

    keys.press("Ctrl+S")
    return _saved(page, workshop)


def by_mouse(window: MainWindow, workshop: Workshop, hand: Hand) -> Workflow:
    """Each step without a keyboard; what has to be written comes from the clipboard."""
    _click(hand, "NEW WORKFLOW")
    wait_until(lambda: is_seen("ADD"), "the form of a new workflow")
    _paste(hand, "Name", NAME)
    _choose_in(hand, "Object", "SaaS users")
    _click(hand, "ADD")
    page = _page_in(window)
    canvas = _canvas(page)

    hand.click(_block(canvas, "begin"))
    wait_until(lambda: is_seen("By hand"), "what Begin asks for")
    assert seen("By hand", QCheckBox).isChecked()
    _click(hand, "Add condition")
    _choose_in(hand, "Field", "SaaS Application")
    _choose_in(hand, "Comparison", "is")
    _paste(hand, "Value", "PagerDuty")

    # The sign in the middle of a wire is there while the mouse is on it.
    link = next(iter(canvas.canvas.links.values()))
    hand.click(_on_screen(canvas, link.middle))
    _add(hand, canvas, "API")
    _click(hand, _NO_PRESET)
    pick_from_list(hand, PRESET)
    wait_until(lambda: is_seen("Documentation"), "what the preset asks for")
    _choose_in(hand, "Credential", CREDENTIAL)

    # A wire that is let go over nothing asks what is to stand there.
    api = canvas.canvas.blocks["api"].area
    hand.drag(_outlet(canvas, "api", "failure"), _on_screen(canvas, api.bottomRight() + QPointF(80, 80)))
    _add(hand, canvas, "Notification")
    hand.drag(_outlet(canvas, "notification", "success"), _block(canvas, "end"))
    _paste(hand, "Subject", SUBJECT, TemplateEdit)

    _click(hand, "Save")
    return _saved(page, workshop)


def _page_in(window: MainWindow) -> WorkflowPage:
    """The editor, once it has read the new workflow."""
    wait_until(lambda: not QApplication.activeModalWidget() and is_seen("Canvas"), "the editor")
    page = window.current_page
    assert isinstance(page, WorkflowPage)
    return page


def _canvas(page: WorkflowPage) -> CanvasView:
    assert page.design is not None
    return page.design.canvas


def _saved(page: WorkflowPage, workshop: Workshop) -> Workflow:
    wait_until(lambda: not page.is_dirty, "it is saved")
    return workflows.find_workflow(workshop.store, NAME)


def _go_to_canvas(keys: Keys) -> None:
    """F6 goes from pane to pane."""
    for _ in range(8):
        if seen("Canvas").hasFocus():
            return
        keys.press("F6")
    raise AssertionError("F6 never came to the canvas")


def until_checked() -> None:
    """What is wrong, and how many records match, is looked for a moment after each edit; saying it moves the rest."""
    canvases = [widget for widget in QApplication.allWidgets() if isinstance(widget, CanvasView)]
    wait_until(lambda: not any(each.model.is_about_to_validate for each in canvases), "the document is checked")
    counts = [widget for widget in QApplication.allWidgets() if isinstance(widget, MatchesExtra) and widget.isVisible()]
    wait_until(lambda: not any(each.is_counting for each in counts), "the records that match are counted")
    settle()


def _click(hand: Hand, name: str) -> None:
    wait_until(lambda: is_seen(name), name)
    until_checked()
    hand.click(seen(name))


def _on_screen(canvas: CanvasView, point: QPointF) -> QPoint:
    until_checked()
    return canvas.viewport().mapToGlobal(canvas.mapFromScene(point))


def _block(canvas: CanvasView, block_id: str) -> QPoint:
    return _on_screen(canvas, canvas.canvas.blocks[block_id].area.center())


def _outlet(canvas: CanvasView, block_id: str, outlet: str) -> QPoint:
    return _on_screen(canvas, canvas.canvas.outlet_point(block_id, outlet))


def _add(hand: Hand, canvas: CanvasView, words: str) -> None:
    """Click an entry of the field in which a block is chosen."""
    palette = canvas.quick_add.blocks
    wait_until(palette.isVisible, "the blocks that can be added")
    _click_line(hand, palette, words)


def _click_line(hand: Hand, palette: CommandPalette, words: str) -> None:
    view: QListView = palette.list
    model = view.model()
    row = next(row for row in range(model.rowCount()) if model.index(row, 0).data() == words)
    view.scrollTo(model.index(row, 0))
    hand.click_at(lambda: view.viewport().mapToGlobal(view.visualRect(model.index(row, 0)).center()))


def _choose_in(hand: Hand, name: str, words: str) -> None:
    wait_until(lambda: is_seen(name), name)
    until_checked()
    combo = seen(name, QComboBox)
    if combo.currentText() != words:
        # On its arrow: elsewhere the text of one that can be edited would be clicked.
        hand.click(middle(combo) + QPoint(combo.width() // 2 - 10, 0))
        pick_from_list(hand, words)
    wait_until(lambda: seen(name, QComboBox).currentText() == words, f"{words} in {name}")


def _paste(hand: Hand, name: str, text: str, kind: type[QWidget] = QLineEdit) -> None:
    until_checked()
    QGuiApplication.clipboard().setText(text)
    hand.click(seen(name, kind), Qt.MouseButton.RightButton)
    hand.choose("Paste")
