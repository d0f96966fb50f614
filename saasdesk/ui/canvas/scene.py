"""Everything that is drawn of a workflow, kept in step with its document."""

from collections import Counter
from collections.abc import Iterable, Mapping

from PySide6.QtCore import QLineF, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QPainter, QPixmap, QTransform
from PySide6.QtWidgets import QGraphicsScene

from saasdesk.ui.canvas.block_item import PLUS, BlockItem
from saasdesk.ui.canvas.comment_item import CommentItem
from saasdesk.ui.canvas.faces import face_of
from saasdesk.ui.canvas.ink import FAR, Ink, zoom_of
from saasdesk.ui.canvas.link_item import LinkItem
from saasdesk.ui.canvas.model import WorkflowModel
from saasdesk.ui.canvas.shapes import REACH, Names, distance, inlet_of, outlet_points, wire
from saasdesk.ui.canvas.trace import CanvasTrace
from saasdesk.ui.canvas.wire_bundle import WireBundle
from saasdesk.ui.theme import Theme
from saasdesk.workflows.graph import Link
from saasdesk.workflows.layout import GRID, Point

_ROOM = 4_000.0
# How far beyond its block the name of an outlet begins, and a little more.
_PAST_NAMES = 14
# How far above its wire it stands.
_NAME_ABOVE = 14
# More wires than this at one block, and they are drawn in a simpler way.
_CROWD = 40


class CanvasScene(QGraphicsScene):
    """Blocks by id and wires by link; an edit touches those alone that it changed."""

    def __init__(self, model: WorkflowModel, theme: Theme) -> None:
        super().__init__()
        self.model = model
        self.ink = Ink(theme)
        self.blocks: dict[str, BlockItem] = {}
        self.links: dict[Link, LinkItem] = {}
        self.trace: CanvasTrace | None = None
        self._world: object = None
        self._content: QRectF | None = None
        self._tile: tuple[float, QBrush] | None = None
        self._bundle = WireBundle(self.ink)
        self.addItem(self._bundle)
        self.sync()

    # Following the document

    def sync(self) -> None:
        """Show the document as it is now."""
        document, world = self.model.document, self.model.world
        is_other_world, self._world = world is not self._world, world
        wanted = {block.id: block for block in document.blocks}
        for block_id in self.blocks.keys() - wanted.keys():
            self.removeItem(self.blocks.pop(block_id))
        moved = set()
        for block_id, block in wanted.items():
            item = self.blocks.get(block_id)
            if item is None:
                item = (CommentItem if block.is_comment else BlockItem)(self.ink, block, face_of(block, world))
                self.blocks[block_id] = item
                self.addItem(item)
                moved.add(block_id)
            elif item.block is not block or is_other_world or (item.x(), item.y()) != block.position:
                item.show_block(block, face_of(block, world))
                moved.add(block_id)
        there = {link for link in document.links if link.source in wanted and link.to in wanted}
        for link in self.links.keys() - there:
            self.removeItem(self.links.pop(link))
        linked: dict[str, set[str]] = {}
        entering = Counter(link.to for link in there)
        for link in there:
            linked.setdefault(link.source, set()).add(link.outlet)
            if link not in self.links:
                self.links[link] = LinkItem(self.ink, link)
                self.addItem(self.links[link])
                self._lay(self.links[link])
            elif link.source in moved or link.to in moved:
                self._lay(self.links[link])
            self.links[link].is_crowded = entering[link.to] > _CROWD
        for block_id, item in self.blocks.items():
            item.set_look(linked=frozenset(linked.get(block_id, ())))
        self._content = None
        self.show_selection()
        if self.trace is not None:
            self.show_trace(self.trace)
        self._make_room()

    def shift(self, to: Mapping[str, Point | QPointF], *, is_passing: bool = False) -> None:
        """Draw blocks elsewhere while they are carried; the document comes later.

        Where they are only `passing`, and many wires with them, the wires go straight until they have arrived.
        """
        for block_id, point in to.items():
            item = self.blocks.get(block_id)
            if item is not None:
                item.put(point if isinstance(point, QPointF) else QPointF(*point))
        self._content = None
        places = {block_id: self.blocks[block_id].pos() for block_id in to if block_id in self.blocks}
        if is_passing and self._bundle.holds(places):
            self._bundle.follow(places)
            return
        touched = [item for link, item in self.links.items() if link.source in to or link.to in to]
        if is_passing and len(touched) > _CROWD:
            self._bundle.take(((item, *self._ends(item.link)) for item in touched), places)
            self._bundle.follow(places)
            return
        self._bundle.put_down()
        for wire_item in touched:
            self._lay(wire_item)

    def redraw(self) -> None:
        """Draw everything in the colours and fonts of now."""
        self.ink.refresh()
        self._tile = None
        for item in self.blocks.values():
            item.write()
        self.update()

    def show_selection(self) -> None:
        """Frame the selected blocks."""
        selection = set(self.model.selection)
        for block_id, item in self.blocks.items():
            item.set_look(is_selected=block_id in selection)

    def show_problems(self) -> None:
        """Mark the blocks at which something is wrong."""
        worst: dict[str, str] = {}
        for problem in self.model.problems:
            if problem.block is not None and (problem.is_error or problem.block not in worst):
                worst[problem.block] = "error" if problem.is_error else "warning"
        for block_id, item in self.blocks.items():
            item.set_look(problem=worst.get(block_id, ""))

    def show_trace(self, trace: CanvasTrace | None) -> None:
        """Lay a run over the canvas, or take it away."""
        self.trace = trace
        for block_id, item in self.blocks.items():
            item.set_look(is_traced=trace is not None, trace=None if trace is None else trace.blocks.get(block_id))
        for link, wire_item in self.links.items():
            wire_item.show_trace(traced=trace is not None, count=None if trace is None else trace.links.get(link))

    def show_changes(self, blocks: Mapping[str, str], links: Mapping[Link, str]) -> None:
        """Mark what is otherwise in another version; what is the same fades."""
        for block_id, item in self.blocks.items():
            change = blocks.get(block_id, "")
            item.set_look(change=change, is_dimmed=not change)
        for link, wire_item in self.links.items():
            wire_item.show_change(links.get(link, ""))

    # What is where

    def block_at(self, point: QPointF) -> BlockItem | None:
        """The block under a point."""
        return next((item for item in reversed(self.blocks.values()) if item.area.contains(point)), None)

    def outlet_at(self, point: QPointF) -> tuple[str, str] | None:
        """The outlet that a press here means."""
        return self._nearest_outlet(point, REACH, plus=False)

    def plus_at(self, point: QPointF) -> tuple[str, str] | None:
        """The outlet after which a press here adds something."""
        return self._nearest_outlet(point, PLUS + 2, plus=True)

    def inlet_at(self, point: QPointF, reach: float = REACH) -> str | None:
        """The block whose way in is nearest to a point, within reach."""
        found, nearest = None, reach
        for block_id, item in self.blocks.items():
            if item.face.has_inlet:
                away = distance(inlet_of(item.area), point)
                if away <= nearest:
                    found, nearest = block_id, away
        return found

    def link_at(self, point: QPointF) -> LinkItem | None:
        """The wire under a point."""
        return next((item for item in self.links.values() if item.is_near(point)), None)

    def outlet_point(self, block_id: str, outlet: str) -> QPointF:
        """Where a wire leaves a block."""
        item = self.blocks[block_id]
        return outlet_points(item.area, item.face).get(outlet, item.area.center())

    def touched_by(self, area: QRectF) -> list[str]:
        """The blocks that an area touches."""
        return [block_id for block_id, item in self.blocks.items() if item.area.intersects(area)]

    def content(self, ids: Iterable[str] | None = None) -> QRectF:
        """The area of these blocks, or of all."""
        if ids is None:
            if self._content is None:
                self._content = _union(item.area for item in self.blocks.values())
            return QRectF(self._content)
        return _union(self.blocks[block_id].area for block_id in ids if block_id in self.blocks)

    # Drawing

    def drawBackground(self, painter: QPainter, rect: QRectF | QRect) -> None:
        area = QRectF(rect)
        zoom = zoom_of(painter)
        if zoom < FAR:
            painter.fillRect(area, self.ink.color("surface"))
            self._draw_from_far(painter, zoom)
            return
        # Dots further apart when they come close to each other.
        gap = GRID if zoom >= 0.75 else 2 * GRID
        painter.setBrushOrigin(0, 0)
        painter.fillRect(area, self._dots(gap, zoom))

    def _dots(self, gap: int, zoom: float) -> QBrush:
        """A brush with one dot, at the size of the screen's pixels: thousands of dots one by one take a whole frame."""
        if self._tile is None or self._tile[0] != zoom:
            side = max(1, round(gap * zoom))
            picture = QPixmap(side, side)
            picture.fill(self.ink.color("surface"))
            painter = QPainter(picture)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(self.ink.pen("canvas-dot", max(1.5, 2 * zoom)))
            painter.drawPoint(QPointF(side / 2, side / 2))
            painter.end()
            brush = QBrush(picture)
            # The dot is in the middle of its tile, and a point of the grid in the middle of the dot.
            brush.setTransform(QTransform.fromTranslate(-gap / 2, -gap / 2).scale(gap / side, gap / side))
            self._tile = (zoom, brush)
        return self._tile[1]

    def _draw_from_far(self, painter: QPainter, zoom: float) -> None:
        ink = self.ink
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        faint: list[QLineF] = []
        strong: list[QLineF] = []
        for wire_item in self.links.values():
            is_strong = wire_item.is_selected or (wire_item.is_traced and wire_item.count)
            (strong if is_strong else faint).append(wire_item.straight)
        for token, lines in (("border", faint), ("accent", strong)):
            if lines:
                painter.setPen(ink.pen(token, 1 / zoom))
                painter.drawLines(lines)
        painter.setPen(Qt.PenStyle.NoPen)
        areas: dict[str, list[QRectF]] = {}
        for item in self.blocks.values():
            areas.setdefault(_tone_from_far(item), []).append(item.area)
        for token, boxes in areas.items():
            painter.setBrush(ink.color(token))
            painter.drawRects(boxes)

    # Small steps

    def _ends(self, link: Link) -> tuple[QPointF, QPointF]:
        return self.outlet_point(link.source, link.outlet), inlet_of(self.blocks[link.to].area)

    def _lay(self, item: LinkItem) -> None:
        source, target = self.blocks[item.link.source], self.blocks[item.link.to]
        outlets = source.face.outlets
        lane = outlets.index(item.link.outlet) if item.link.outlet in outlets else 0
        item.is_labelled = len(outlets) > 1
        names = Names()
        if item.is_labelled:
            reach = max(self.ink.label(outlet)[1] for outlet in outlets) + _PAST_NAMES
            names = Names(reach, is_last=lane == len(outlets) - 1)
        start, end = self._ends(item.link)
        said = QRectF(start.x(), start.y() - _NAME_ABOVE, names.reach, _NAME_ABOVE)
        item.lay(wire(start, end, source.area, target.area, lane, names), (source.area, target.area, said))

    def _nearest_outlet(self, point: QPointF, reach: float, *, plus: bool) -> tuple[str, str] | None:
        found, nearest = None, reach
        for block_id, item in self.blocks.items():
            if plus and not item.shows_plus:
                continue
            for outlet, at in outlet_points(item.area, item.face).items():
                if plus and outlet in item.look.linked:
                    continue
                away = distance(item.plus_point(outlet) if plus else at, point)
                if away <= nearest:
                    found, nearest = (block_id, outlet), away
        return found

    def _make_room(self) -> None:
        content = self.content()
        wanted = content.adjusted(-_ROOM / 2, -_ROOM / 2, _ROOM / 2, _ROOM / 2)
        # It grows in leaps: each time the view has to think again.
        if not self.sceneRect().contains(wanted):
            self.setSceneRect(content.adjusted(-_ROOM, -_ROOM, _ROOM, _ROOM))


def _union(areas: Iterable[QRectF]) -> QRectF:
    found = QRectF()
    for area in areas:
        found = found.united(area)
    return found


def _tone_from_far(item: BlockItem) -> str:
    look = item.look
    if look.is_selected:
        return "accent"
    if look.trace is not None:
        return look.trace.state.tone
    if item.block.is_comment:
        return "accent-tint"
    if look.problem:
        return "error" if look.problem == "error" else "warn"
    return "disabled"
