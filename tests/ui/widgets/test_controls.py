import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QComboBox, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import OutlinedButton
from saasdesk.ui.widgets.chip import Chip, ToggleChip, exclusive
from saasdesk.ui.widgets.choice_list import ChoiceList, ListedChoice
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.meter import Meter
from saasdesk.ui.widgets.page_header import PageHeader
from saasdesk.ui.widgets.paragraph import Run
from saasdesk.ui.widgets.progress import ProgressBar
from saasdesk.ui.widgets.search_field import SearchField
from saasdesk.ui.widgets.segmented_control import Choice, SegmentedControl
from saasdesk.ui.widgets.stepped_fields import DateField, NumberField, TimeField
from saasdesk.ui.widgets.tabs import Tabs
from saasdesk.ui.widgets.type_ahead import TypeAhead

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def host(qtbot: QtBot) -> QWidget:
    window = QWidget()
    QVBoxLayout(window)
    qtbot.addWidget(window)
    window.resize(600, 400)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def test_that_the_cross_and_delete_take_a_filter_away(qtbot: QtBot, theme: Theme, host: QWidget) -> None:
    chip = Chip(theme, "Status ", Run("is not", strong=True), " archived")
    host.layout().addWidget(chip)
    cross = chip.findChildren(QWidget)[0]

    with qtbot.waitSignal(chip.removed):
        qtbot.mouseClick(cross, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(chip.removed):
        qtbot.keyClick(chip, Qt.Key.Key_Delete)

    assert chip.label == "Status is not archived"
    assert cross.accessibleName() == "Remove “Status is not archived”"


def test_that_a_filter_is_opened_by_a_click_on_its_words(qtbot: QtBot, theme: Theme, host: QWidget) -> None:
    chip = Chip(theme, "Department is Finance")
    host.layout().addWidget(chip)

    with qtbot.waitSignal(chip.clicked), qtbot.assertNotEmitted(chip.removed):
        qtbot.mouseClick(chip, Qt.MouseButton.LeftButton, pos=chip.rect().center())


def test_that_a_choice_shows_a_tick_and_not_only_a_color(qtbot: QtBot, theme: Theme, host: QWidget) -> None:
    chip = ToggleChip(theme, "Users")
    host.layout().addWidget(chip)
    narrow = chip.sizeHint().width()

    chip.click()

    assert chip.isChecked()
    assert chip.sizeHint().width() > narrow


def test_that_only_one_of_exclusive_choices_is_on(qtbot: QtBot, theme: Theme, host: QWidget) -> None:
    chips = [ToggleChip(theme, text) for text in ("All apps", "Atlassian")]
    for chip in chips:
        host.layout().addWidget(chip)
    exclusive(chips)

    chips[0].click()
    chips[1].click()

    assert [chip.isChecked() for chip in chips] == [False, True]


@pytest.fixture
def views(theme: Theme, host: QWidget) -> SegmentedControl:
    control = SegmentedControl(
        theme,
        "View",
        [
            Choice("blocks", "Block view", "blocks"),
            Choice("list", icon="list", name="List view"),
            Choice("map", "Mapping"),
        ],
    )
    host.layout().addWidget(control)
    return control


def test_that_a_segment_is_chosen_by_a_click(qtbot: QtBot, views: SegmentedControl) -> None:
    segment = views.findChildren(QWidget)[-1]

    with qtbot.waitSignal(views.chosen) as chosen:
        qtbot.mouseClick(segment, Qt.MouseButton.LeftButton)

    assert chosen.args == ["map"]
    assert views.current == "map"


def test_that_segments_are_walked_by_arrows(qtbot: QtBot, views: SegmentedControl) -> None:
    chosen: list[str] = []
    views.chosen.connect(chosen.append)
    first = next(child for child in views.findChildren(QWidget) if getattr(child, "key", "") == "blocks")
    first.setFocus(Qt.FocusReason.TabFocusReason)

    qtbot.keyClick(first, Qt.Key.Key_Right)
    qtbot.keyClick(views.focusWidget(), Qt.Key.Key_Space)

    assert views.current == "list"
    assert chosen[-1] == "list"


def test_that_a_segment_of_an_icon_has_a_name(views: SegmentedControl) -> None:
    names = [child.accessibleName() or child.label for child in views.findChildren(QWidget)]

    assert names == ["Block view", "List view", "Mapping"]


def test_that_setting_the_segment_says_nothing(qtbot: QtBot, views: SegmentedControl) -> None:
    with qtbot.assertNotEmitted(views.chosen):
        views.set_current("map")

    assert views.current == "map"


def test_that_a_search_waits_for_a_pause_in_typing(qtbot: QtBot, theme: Theme, host: QWidget) -> None:
    field = SearchField(theme, "Filter rows")
    host.layout().addWidget(field)
    asked: list[str] = []
    field.searched.connect(asked.append)

    qtbot.keyClicks(field, "pager")
    qtbot.waitUntil(lambda: bool(asked))

    assert asked == ["pager"]


def test_that_escape_empties_a_search(qtbot: QtBot, theme: Theme, host: QWidget) -> None:
    field = SearchField(theme, "Filter rows")
    host.layout().addWidget(field)
    qtbot.keyClicks(field, "pager")

    qtbot.keyClick(field, Qt.Key.Key_Escape)

    assert field.text() == ""
    assert field.accessibleName() == "Filter rows"


def test_that_the_count_of_a_search_does_not_cover_its_text(qtbot: QtBot, theme: Theme, host: QWidget) -> None:
    field = SearchField(theme, "Filter")
    host.layout().addWidget(field)
    before = field.textMargins().right()

    field.set_count("4 of 9")

    assert field.textMargins().right() >= before + field.fontMetrics().horizontalAdvance("4 of 9")


def test_that_progress_is_told_to_screen_readers(qtbot: QtBot, theme: Theme, host: QWidget) -> None:
    bar = ProgressBar(theme, "Reading users")
    host.layout().addWidget(bar)
    QApplication.processEvents()

    bar.set_share(0.58)

    assert (bar.value(), bar.maximum()) == (580, 1000)
    assert bar.height() == 4


def test_that_a_bar_without_an_end_moves_only_while_it_is_seen(qtbot: QtBot, theme: Theme, host: QWidget) -> None:
    bar = ProgressBar(theme, "Reading users")
    host.layout().addWidget(bar)
    QApplication.processEvents()

    bar.set_share(None)
    assert bar.is_moving

    bar.hide()
    assert not bar.is_moving


@pytest.mark.parametrize(("value", "limit", "spoken"), [(3, 10, "3 of 10"), (14, 10, "14 of 10"), (0, 0, "0 of 0")])
def test_that_a_meter_says_how_much_of_the_limit(
    qtbot: QtBot, theme: Theme, value: int, limit: int, spoken: str
) -> None:
    meter = Meter(theme, "Deactivations", value, limit)
    qtbot.addWidget(meter)

    assert meter.accessibleDescription() == spoken


def test_that_a_meter_is_amber_beyond_its_limit(theme: Theme, host: QWidget) -> None:
    meter = Meter(theme, "Deactivations", 14, 10)
    meter.setParent(host)
    meter.resize(280, 8)

    picture = meter.grab().toImage()

    assert picture.pixelColor(100, 4).name() == theme.color("ok").name()
    assert picture.pixelColor(200, 4).name() == theme.color("text").name()
    assert picture.pixelColor(240, 4).name() == theme.color("warn").name()


def test_that_a_field_says_what_is_wrong_with_it(theme: Theme, host: QWidget) -> None:
    grid, field = FormGrid(theme), QLineEdit()
    error = grid.add_field("Base URL", field, "Where the vendor answers.")
    host.layout().addLayout(grid)
    assert not error.isVisible()

    error.show_error("The address must begin with https://.")

    assert error.isVisible()
    assert field.property("invalid") is True
    assert field.accessibleDescription() == "The address must begin with https://."

    error.clear()

    assert not error.isVisible()
    assert field.accessibleDescription() == ""


def test_that_labels_name_their_fields(qtbot: QtBot, theme: Theme, host: QWidget) -> None:
    grid, field = FormGrid(theme), QLineEdit()
    grid.add_field("Name", field)
    host.layout().addLayout(grid)

    assert QAccessible.queryAccessibleInterface(field).text(QAccessible.Text.Name) == "Name"
    assert grid.itemAtPosition(0, 0).widget().buddy() is field


def test_that_a_label_longer_than_its_column_keeps_away_from_its_value(theme: Theme, host: QWidget) -> None:
    grid = FormGrid(theme, label_width=40)
    value = grid.add_value("Atlassian Application Names", "Confluence")
    host.layout().addLayout(grid)
    QApplication.processEvents()

    label = grid.itemAtPosition(0, 0).widget()

    assert value.x() - label.x() - label.fontMetrics().horizontalAdvance(label.text()) >= 8


def test_that_fields_with_arrows_are_as_high_as_the_others(theme: Theme, host: QWidget) -> None:
    fields = [NumberField(theme, "Every"), DateField(theme, "From"), TimeField(theme, "At")]
    for field in fields:
        host.layout().addWidget(field)
    QApplication.processEvents()

    assert [field.height() for field in fields] == [28, 28, 28]
    assert all(field.accessibleName() for field in fields)


def test_that_tabs_are_walked_by_arrows(qtbot: QtBot, theme: Theme, host: QWidget) -> None:
    tabs = Tabs(theme, "Sections", [("users", "Users"), ("licences", "Licences & costs")])
    host.layout().addWidget(tabs)
    QApplication.processEvents()

    with qtbot.waitSignal(tabs.chosen) as chosen:
        qtbot.keyClick(tabs, Qt.Key.Key_Right)

    assert chosen.args == ["licences"]
    assert tabs.current == "licences"
    assert tabs.height() == 40


@pytest.fixture
def kinds(theme: Theme, host: QWidget) -> ChoiceList:
    listed = ChoiceList(
        theme,
        "Kinds of change",
        [
            ListedChoice("Changes"),
            ListedChoice("All changes", "all", "list", count=41),
            ListedChoice("Create", "create", "plus", "ok", 3),
            ListedChoice("Skip", "skip", "chevron-right", count=4),
        ],
    )
    host.layout().addWidget(listed)
    QApplication.processEvents()
    return listed


def test_that_the_first_of_the_listed_choices_is_on(kinds: ChoiceList) -> None:
    assert kinds.current == "all"


def test_that_a_listed_choice_is_taken_by_a_click(qtbot: QtBot, kinds: ChoiceList) -> None:
    line = next(child for child in kinds.findChildren(QWidget) if child.accessibleName() == "Create, 3")

    with qtbot.waitSignal(kinds.chosen) as chosen:
        qtbot.mouseClick(line, Qt.MouseButton.LeftButton)

    assert chosen.args == ["create"]


def test_that_listed_choices_are_walked_by_arrows(qtbot: QtBot, kinds: ChoiceList) -> None:
    first = next(child for child in kinds.findChildren(QWidget) if child.accessibleName() == "All changes, 41")
    first.setFocus(Qt.FocusReason.TabFocusReason)

    qtbot.keyClick(first, Qt.Key.Key_Down)
    qtbot.keyClick(kinds.focusWidget(), Qt.Key.Key_Space)

    assert kinds.current == "create"


def test_that_a_choice_with_nothing_behind_it_cannot_be_taken(qtbot: QtBot, kinds: ChoiceList) -> None:
    kinds.set_count("skip", 0)
    line = next(child for child in kinds.findChildren(QWidget) if child.accessibleName() == "Skip, 0")

    with qtbot.assertNotEmitted(kinds.chosen):
        qtbot.mouseClick(line, Qt.MouseButton.LeftButton)

    assert kinds.current == "all"


def test_that_tab_leaves_a_field_in_which_one_types_to_find(qtbot: QtBot, theme: Theme, host: QWidget) -> None:
    box, behind = QComboBox(), QComboBox()
    box.setEditable(True)
    box.addItems(["Email", "Email of the manager", "Role"])
    box.setCompleter(TypeAhead(box.model(), box))
    for field in (box, behind):
        host.layout().addWidget(field)
    host.activateWindow()
    box.setFocus()
    line = box.lineEdit()
    assert line is not None
    line.selectAll()

    qtbot.keyClicks(line, "email")
    popup = box.completer().popup()
    assert popup.isVisible()
    qtbot.keyClick(popup, Qt.Key.Key_Tab)

    qtbot.waitUntil(behind.hasFocus)
    assert not popup.isVisible()
    assert box.currentText() == "Email"


def test_that_the_ring_of_the_first_tab_is_whole(theme: Theme, host: QWidget) -> None:
    tabs = Tabs(theme, "Sections", [("users", "Users"), ("licences", "Licences & costs")])
    host.layout().addWidget(tabs)
    QApplication.processEvents()

    assert tabs.rect().contains(tabs._ring(tabs._word_area(0)))


def test_that_actions_of_a_page_give_way_to_its_title_one_after_the_other(host: QWidget, theme: Theme) -> None:
    header = PageHeader(theme, "People")
    first, second, last = (OutlinedButton(theme, text) for text in ("Import a file…", "Add a person…", "Kept"))
    gone = OutlinedButton(theme, "Put away")
    gone.hide()
    header.add_actions(first, second, gone, last)
    header.let_give_way(first, second, gone)
    # No window of its own: nothing keeps it from being narrow.
    header.setParent(host)
    assert header.minimumSizeHint().width() < header.sizeHint().width() / 2

    def seen(width: int) -> list[bool]:
        header.resize(width, 40)
        header.show()
        return [button.isVisibleTo(header) for button in (first, second, gone, last)]

    assert seen(800) == [True, True, False, True]
    assert seen(320) == [False, True, False, True]
    assert seen(160) == [False, False, False, True]
    assert seen(800) == [True, True, False, True]


def test_that_a_filter_too_long_for_its_place_leaves_room_for_its_cross_and_says_all_in_its_tool_tip(
    qtbot: QtBot, theme: Theme
) -> None:
    chip = Chip(theme, "Department is ", Run("Customer Support & Operations", strong=True))
    qtbot.addWidget(chip)
    chip.setMaximumWidth(140)
    chip.resize(140, 28)
    chip.show()
    assert "Customer Support" in chip.toolTip()
    narrow = chip.grab().toImage()

    chip.set_runs("Department is ", Run("Customer", strong=True))
    chip.setMaximumWidth(1_000)
    chip.resize(chip.sizeHint())

    assert chip.toolTip() == ""
    assert narrow.width() == 140


def test_that_a_shorter_title_gives_its_room_to_the_words_beside_it(theme: Theme, qtbot: QtBot) -> None:
    header = PageHeader(theme, "Seats and what they cost", "A word about it")
    qtbot.addWidget(header)
    header.resize(900, 60)
    header.show()
    beside = header.subtitle.x()

    header.title.set_text("Seats")

    qtbot.waitUntil(lambda: header.subtitle.x() < beside)
    assert header.subtitle.x() - header.title.fontMetrics().horizontalAdvance("Seats") < 40
