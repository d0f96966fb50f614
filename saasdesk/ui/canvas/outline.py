"""The outline: the workflow as a tree that can be read and edited by keyboard alone. It is the canvas's twin."""

from collections.abc import Callable

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from saasdesk.ui.canvas.faces import Face, face_of, outlet_in_words, outlet_tone
from saasdesk.ui.canvas.keys import key_name
from saasdesk.ui.canvas.model import WorkflowModel
from saasdesk.ui.canvas.outline_tree import COMMENTS, OutlineNode, outline_of
from saasdesk.ui.canvas.quick_add import QuickAdd
from saasdesk.ui.canvas.verbs import CanvasVerbs
from saasdesk.ui.fuzzy import fuzzy_score
from saasdesk.ui.soon import soon
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import escaped_tip, visible_text
from saasdesk.ui.widgets.box import draw_box
from saasdesk.ui.widgets.layouts import Column, Row
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.search_field import SearchField
from saasdesk.workflows.graph import LONGEST_NAME, Link

_DISPLAY = int(Qt.ItemDataRole.DisplayRole)
_ACCESSIBLE = int(Qt.ItemDataRole.AccessibleTextRole)
_TOOLTIP = int(Qt.ItemDataRole.ToolTipRole)
_EDIT = int(Qt.ItemDataRole.EditRole)

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()


class _Lines(QAbstractItemModel):
    """The tree as Qt wants it."""

    def __init__(self, model: WorkflowModel) -> None:
        super().__init__()
        self._model = model
        self._faces: dict[str, Face] = {}
        # Whether the field that opens on a line is for the label of its wire, and not for the block's name.
        self.is_labelling = False
        self.root = outline_of(model.document)
        self._links: dict[tuple[str, str], Link] = {}

    def rebuild(self) -> None:
        """Show the document as it is now."""
        self.beginResetModel()
        self.root = outline_of(self._model.document)
        self._links = {(link.source, link.outlet): link for link in self._model.document.links}
        self._faces.clear()
        self.endResetModel()

    def node(self, index: Index) -> OutlineNode:
        """The line of an index."""
        node = index.internalPointer() if index.isValid() else None
        return node if isinstance(node, OutlineNode) else self.root

    def index_of(self, node: OutlineNode) -> QModelIndex:
        """The index of a line."""
        return self.createIndex(node.row, 0, node)

    def face(self, block_id: str) -> Face | None:
        """How a block looks."""
        if block_id not in self._faces:
            block = self._model.document.block(block_id)
            if block is None:
                return None
            self._faces[block_id] = face_of(block, self._model.world)
        return self._faces[block_id]

    def index(self, row: int, column: int, parent: Index = _NO_PARENT) -> QModelIndex:
        children = self.node(parent).children
        return self.createIndex(row, column, children[row]) if 0 <= row < len(children) else QModelIndex()

    def parent(self, index: Index = _NO_PARENT) -> QModelIndex:  # type: ignore[override]  # QObject has one, too
        above = self.node(index).parent
        return QModelIndex() if above is None or above is self.root else self.index_of(above)

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return len(self.node(parent).children)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        return 1

    def flags(self, index: Index) -> Qt.ItemFlag:
        node = self.node(index)
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        is_editable = self.is_labelling or (node.block and not node.is_again)
        return flags | Qt.ItemFlag.ItemIsEditable if is_editable else flags

    def link(self, node: OutlineNode) -> Link | None:
        """The wire that leads to a line, or that a line stands for."""
        return self._links.get((node.source, node.outlet))

    def label(self, node: OutlineNode) -> str:
        """What stands on that wire, unless the line above says it."""
        above, link = node.parent, self.link(node)
        is_said = above is not None and above.is_outlet and (above.source, above.outlet) == (node.source, node.outlet)
        return "" if link is None or is_said else visible_text(link.label)

    def data(self, index: Index, role: int = _DISPLAY) -> object:
        node = self.node(index)
        face = self.face(node.block) if node.block else None
        if role == _EDIT and self.is_labelling:
            link = self.link(node)
            return "" if link is None else link.label
        if role == _EDIT:
            block = self._model.document.block(node.block)
            return "" if block is None else block.title or (face.title if face else "")
        if role == _DISPLAY:
            words = node.heading or outlet_in_words(node.outlet) if face is None else face.title
            label = self.label(node)
            return f"{words} · by “{label}”" if label else words
        if role == _ACCESSIBLE:
            return self._spoken(node, face)
        if role == _TOOLTIP and self.label(node):
            # A line with a label is often longer than the outline is wide.
            return escaped_tip(self._spoken(node, face))
        return None

    def what_follows(self, node: OutlineNode) -> str:
        """Where a way out goes to which nothing is joined."""
        follows = self._model.document.after(node.source, node.outlet)
        return "nothing follows" if follows is None else "as success does"

    def _spoken(self, node: OutlineNode, face: Face | None) -> str:
        label = self.label(node)
        by = (f"The wire says “{label}”",) if label else ()
        if face is None:
            if node.heading:
                return node.heading
            way = outlet_in_words(node.outlet)
            return ". ".join((way if node.children else f"{way}, {self.what_follows(node)}", *by))
        if node.is_again:
            return ". ".join((f"goes on at {face.title}", *by))
        wrong = [problem.message for problem in self._model.problems if problem.block == node.block]
        return ". ".join((face.spoken, *by, *wrong))


class _Delegate(QStyledItemDelegate):
    def __init__(self, theme: Theme, lines: _Lines, model: WorkflowModel, verbs: CanvasVerbs, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._lines, self._model, self._verbs = theme, lines, model, verbs

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(1, self._theme.px(26))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, node = self._theme, self._lines.node(index)
        painter.save()
        area = QRect(option.rect)
        is_selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if is_selected or option.state & QStyle.StateFlag.State_MouseOver:
            token = "selection" if is_selected else "hover"
            draw_box(painter, area.toRectF(), theme.measure("radius-small"), theme.color(token))
        left = area.left() + theme.px(4)
        face = self._lines.face(node.block) if node.block else None
        font, ink = "body", "text"
        if face is not None:
            icon = QRect(left, area.top(), theme.measure("icon"), area.height())
            is_dangerous = face.harm.tone == "error"
            name = "arrow-right" if node.is_again else face.icon
            theme.paint_icon(painter, icon, name, "error" if is_dangerous and not node.is_again else "muted")
            left = icon.right() + theme.px(8)
            ink = "muted" if node.is_again else "text"
        elif node.heading:
            font, ink = "caption-strong", "muted" if node.heading == COMMENTS else "warn"
        else:
            font, ink = "secondary", outlet_tone(node.outlet) if node.children else "muted"
        right = area.right() - theme.px(4)
        wrong = self._problem(node)
        if wrong:
            mark = QRect(right - theme.measure("icon"), area.top(), theme.measure("icon"), area.height())
            theme.paint_icon(painter, mark, wrong, "error" if wrong == "error" else "warn", 13)
            right = mark.left() - theme.px(4)
        words = str(self._lines.data(index))
        if node.is_outlet and not node.children:
            words = f"{words}: {self._lines.what_follows(node)}"
        painter.setFont(theme.font(font))
        painter.setPen(theme.color(ink))
        room = QRect(left, area.top(), right - left, area.height())
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)
        painter.restore()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        field = QLineEdit(parent)
        field.setMaxLength(LONGEST_NAME)
        is_label = self._lines.is_labelling
        field.setAccessibleName(self.tr("Label of the wire") if is_label else self.tr("Name of the block"))
        return field

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        if isinstance(editor, QLineEdit):
            editor.setText(str(self._lines.data(index, _EDIT)))

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        node = self._lines.node(index)
        link = self._lines.link(node) if self._lines.is_labelling else None
        if isinstance(editor, QLineEdit) and editor.text() != self._lines.data(index, _EDIT):
            # Not in the midst of closing the field: the tree is built anew.
            text = editor.text()
            if link is None:
                QTimer.singleShot(0, self, lambda: self._verbs.rename(node.block, text))
            else:
                QTimer.singleShot(0, self, lambda: self._verbs.label(link, text))

    def _problem(self, node: OutlineNode) -> str:
        if not node.block or node.is_again:
            return ""
        here = [problem for problem in self._model.problems if problem.block == node.block]
        if not here:
            return ""
        return "error" if any(problem.is_error for problem in here) else "warning"


class _Tree(QTreeView):
    def __init__(self, outline: "Outline") -> None:
        super().__init__()
        self._outline = outline

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Enter in the field for the name comes by here, too.
        is_renaming = self.state() == QAbstractItemView.State.EditingState
        if is_renaming or not self._outline.press(event):
            super().keyPressEvent(event)


class Outline(QWidget):
    """Selects what the canvas selects, and edits the same document: Insert adds, Ctrl+Enter connects, F2 renames."""

    def __init__(self, model: WorkflowModel, theme: Theme) -> None:
        super().__init__()
        self._theme, self._model = theme, model
        self._verbs = CanvasVerbs(model)
        self._is_following = False
        self.setAccessibleName(self.tr("Outline"))
        self._lines = _Lines(model)
        self.tree = _Tree(self)
        self.tree.setAccessibleName(self.tr("Outline of the workflow"))
        self.tree.setModel(self._lines)
        delegate = _Delegate(theme, self._lines, model, self._verbs, self.tree)
        delegate.closeEditor.connect(self._on_field_closed)
        self.tree.setItemDelegate(delegate)
        self.tree.setHeaderHidden(True)
        self.tree.setFrameShape(QFrame.Shape.NoFrame)
        self.tree.setUniformRowHeights(True)
        self.tree.setMouseTracking(True)
        self.tree.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.tree.setExpandsOnDoubleClick(False)
        self.tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)
        self.tree.viewport().setAutoFillBackground(False)
        self._indent()
        self._find = SearchField(theme, self.tr("Find in the outline"))
        self._find.hide()
        self._find.textChanged.connect(self._on_find)
        self._find.returnPressed.connect(self._leave_find)
        self._count = PlainLabel("", "secondary", "muted")
        head = Row(theme, gap=8, margins=(12, 8, 8, 2))
        head.addWidget(PlainLabel(self.tr("OUTLINE"), "caption-strong", "muted"))
        head.addStretch(1)
        head.addWidget(self._count)
        column = Column(theme, gap=2, margins=(0, 0, 0, 4))
        column.addLayout(head)
        column.addWidget(self._find)
        column.addWidget(self.tree, 1)
        self.setLayout(column)
        self._adding: QuickAdd | None = None
        # Soon, and once for many edits: nobody reads the outline while the mouse carries a block.
        self._soon = soon(self, 0, self.refresh)
        self._keys: dict[str, Callable[[], object]] = {
            "Ins": self._add,
            "Return": self._add_or_open,
            "Enter": self._add_or_open,
            "Space": self._model.inspector_wanted.emit,
            "Ctrl+Return": self._connect,
            "Ctrl+Enter": self._connect,
            "Del": self._delete,
            "F2": self._rename,
            "Shift+F2": self._label,
            "Alt+Up": lambda: self._move(-1),
            "Alt+Down": lambda: self._move(1),
            "Ctrl+F": self._open_find,
            "Ctrl+Z": self._verbs.undo,
            "Ctrl+Y": self._verbs.redo,
            "Ctrl+Shift+Z": self._verbs.redo,
        }
        self.tree.selectionModel().currentChanged.connect(self._on_current)
        self.tree.doubleClicked.connect(lambda _index: model.inspector_wanted.emit())
        model.changed.connect(self._soon.start)
        model.selected.connect(self._follow)
        model.problems_changed.connect(self.tree.viewport().update)
        theme.changed.connect(self._indent)
        self.refresh()

    def refresh(self) -> None:
        """Build the tree anew and stay where the keyboard was."""
        self._soon.stop()
        before = self.current.key if self.tree.currentIndex().isValid() else None
        scrolled = self.tree.verticalScrollBar().value()
        self._is_following = True
        self._lines.rebuild()
        self.tree.expandAll()
        self._is_following = False
        count = len(self._model.document.steps)
        self._count.set_text(self.tr("1 block") if count == 1 else self.tr("{0} blocks").format(f"{count:,}"))
        self.tree.verticalScrollBar().setValue(scrolled)
        found = self._find_node(lambda node: node.key == before)
        if found is not None and (not found.block or found.block in self._model.selection):
            self._go(found)
        else:
            self._follow()

    @property
    def current(self) -> OutlineNode:
        """The line on which the keyboard is."""
        return self._lines.node(self.tree.currentIndex())

    def press(self, event: QKeyEvent) -> bool:
        """Do what a key says; False if it says nothing here."""
        work = self._keys.get(key_name(event))
        if work is None:
            return False
        work()
        event.accept()
        return True

    # In step with the canvas

    def _follow(self) -> None:
        if self._soon.isActive():
            return
        selection = self._model.selection
        if self.current.block and self.current.block in selection:
            return
        wanted = selection[-1] if selection else ""
        node = self._find_node(lambda each: each.block == wanted and not each.is_again) if wanted else None
        if node is not None:
            self._go(node)
        elif not self.current.is_outlet:
            self._is_following = True
            self.tree.clearSelection()
            self._is_following = False

    def _go(self, node: OutlineNode) -> None:
        self._is_following = True
        self.tree.setCurrentIndex(self._lines.index_of(node))
        self._is_following = False

    def _on_current(self, current: QModelIndex) -> None:
        if self._is_following or not current.isValid():
            return
        node = self._lines.node(current)
        self._model.select([node.block or node.source] if node.block or node.source else ())

    def _find_node(self, fits: Callable[[OutlineNode], bool]) -> OutlineNode | None:
        waiting = list(reversed(self._lines.root.children))
        while waiting:
            node = waiting.pop()
            if fits(node):
                return node
            waiting.extend(reversed(node.children))
        return None

    # Editing

    def _place(self) -> tuple[str, str] | None:
        """The outlet after which something is added here."""
        node = self.current
        if node.is_outlet and node.source:
            return node.source, node.outlet
        return self._verbs.next_outlet(node.block) if node.block else None

    def _quick_add(self) -> QuickAdd:
        # Over the window: the outline itself is too narrow for a list.
        if self._adding is None:
            self._adding = QuickAdd(self._theme, self._model, self.window(), self.tree)
        return self._adding

    def _beside(self) -> QPoint:
        area = self.tree.visualRect(self.tree.currentIndex())
        return self.tree.viewport().mapTo(self.window(), QPoint(min(area.left(), 40) + area.height(), area.bottom()))

    def _add(self) -> None:
        after = self._place()
        if after is None:
            self._model.refuse(self.tr("Nothing can come after this. Go to a block or an outlet first."))
            return
        self._quick_add().offer_blocks(self._beside(), lambda entry: self._verbs.add(entry, after=after))

    def _add_or_open(self) -> None:
        node = self.current
        if node.is_again:
            self._model.select([node.block])
            target = self._find_node(lambda each: each.block == node.block and not each.is_again)
            if target is not None:
                self._go(target)
        else:
            self._add()

    def _connect(self) -> None:
        node = self.current
        if node.is_outlet and node.source:
            self._quick_add().offer_targets(self._beside(), node.source, (node.outlet,))
        elif node.block:
            self._quick_add().offer_targets(self._beside(), node.block)

    def _delete(self) -> None:
        node = self.current
        if node.block and not node.is_again:
            self._verbs.delete([node.block])
            return
        # A line that stands for a way: the wire goes, the blocks stay.
        link = next(
            (link for link in self._model.document.links if (link.source, link.outlet) == (node.source, node.outlet)),
            None,
        )
        if link is not None:
            self._verbs.disconnect(link)

    def _rename(self) -> None:
        if self._model.current is not None and self._model.current.is_comment:
            self._model.inspector_wanted.emit()
        elif self.current.block and not self.current.is_again:
            self.tree.edit(self.tree.currentIndex())

    def _label(self) -> None:
        if self._lines.link(self.current) is None:
            self._model.refuse(self.tr("No wire leads to this line. Go to a block or an outlet that is joined."))
            return
        self._lines.is_labelling = True
        self.tree.edit(self.tree.currentIndex())

    def _on_field_closed(self) -> None:
        self._lines.is_labelling = False

    def _move(self, step: int) -> None:
        block = self.current.block
        if block and not self.current.is_again:
            self._verbs.move_along(block, step)

    # Finding

    def _open_find(self) -> None:
        self._find.show()
        self._find.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._find.selectAll()

    def _on_find(self, text: str) -> None:
        best: tuple[int, OutlineNode] | None = None
        waiting = list(reversed(self._lines.root.children))
        while waiting and text.strip():
            node = waiting.pop()
            face = self._lines.face(node.block) if node.block and not node.is_again else None
            score = None if face is None else fuzzy_score(text, f"{face.title} {face.summary}")
            if score is not None and (best is None or score > best[0]):
                best = (score, node)
            waiting.extend(reversed(node.children))
        self._find.set_count("" if best is not None or not text.strip() else self.tr("none"))
        if best is not None:
            self._model.select([best[1].block])
            self._go(best[1])

    def _leave_find(self) -> None:
        self._find.hide()
        self.tree.setFocus(Qt.FocusReason.OtherFocusReason)

    def _indent(self) -> None:
        self.tree.setIndentation(self._theme.px(14))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self._find.isVisible():
            self._leave_find()
        else:
            super().keyPressEvent(event)
