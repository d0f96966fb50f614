import re
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QColor, QFont, QFontMetrics, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QDialog, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from saasdesk import resources as where
from saasdesk.resources import resource
from saasdesk.ui.theme import Theme, ThemeMode, zoom_step
from saasdesk.ui.theme.icons import icon_names, icon_svg
from saasdesk.ui.theme.tokens import load_tokens

Role, Group = QPalette.ColorRole, QPalette.ColorGroup


def ink_of(pixmap: QPixmap) -> QColor:
    """The colour of the most opaque pixel."""
    image = pixmap.toImage()
    pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return max(pixels, key=lambda color: color.alpha())


def test_that_dark_and_light_change_the_palette_of_an_open_window(qtbot: QtBot, theme: Theme) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    with qtbot.waitSignal(theme.changed):
        theme.mode = "dark"

    assert widget.palette().color(Role.Window) == QColor(load_tokens().dark["bg"])

    theme.mode = ThemeMode.LIGHT

    assert widget.palette().color(Role.Window) == QColor(load_tokens().light["bg"])


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_that_every_role_of_the_palette_is_a_token(qapp: QApplication, theme: Theme, mode: str) -> None:
    theme.mode = mode
    tokens = {
        QColor(value).name() for value in (load_tokens().dark if mode == "dark" else load_tokens().light).values()
    }

    for group in (Group.Active, Group.Inactive, Group.Disabled):
        for role in Role:
            if role not in (Role.NoRole, Role.NColorRoles):
                assert qapp.palette().color(group, role).name() in tokens, (group, role)


def test_that_disabled_text_and_placeholders_have_their_own_colors(qapp: QApplication, theme: Theme) -> None:
    palette = qapp.palette()

    assert palette.color(Group.Disabled, Role.Text) == theme.color("disabled")
    assert palette.color(Group.Active, Role.PlaceholderText) == theme.color("muted")
    assert palette.color(Group.Active, Role.Accent) == theme.color("accent")


def test_that_a_desktop_that_does_not_say_counts_as_light(theme: Theme) -> None:
    theme.mode = ThemeMode.SYSTEM

    assert not theme.is_dark


def test_that_the_style_sheet_is_filled_in(qapp: QApplication, theme: Theme) -> None:
    sheet = qapp.styleSheet()

    assert "@" not in sheet
    assert "icon(" not in sheet
    assert not re.search(r"\d[ut]\b", sheet)
    pictures = re.findall(r'url\("([^"]+)"\)', sheet)
    assert pictures
    assert all(Path(picture).exists() for picture in pictures)


@pytest.mark.parametrize(("wanted", "got"), [(20, 80), (80, 80), (150, 150), (999, 200)])
def test_that_zoom_stays_within_its_limits(theme: Theme, wanted: int, got: int) -> None:
    theme.zoom = wanted

    assert theme.zoom == got


def test_that_zoom_scales_text_measures_and_icons(theme: Theme) -> None:
    theme.zoom = 200

    assert theme.measure("control") == 56
    assert theme.font().pointSizeF() == 20
    assert theme.pixmap("key", "text", 14).width() == 28
    assert theme.measure("edge") == 2


def test_that_zoom_steps_lead_there_and_back_and_end_at_the_limits() -> None:
    assert zoom_step(zoom_step(zoom_step(100, 1), 1), -1) == 110
    assert (zoom_step(80, -1), zoom_step(200, 1), zoom_step(104, 1)) == (80, 200, 110)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_that_icons_have_the_color_of_their_token(theme: Theme, mode: str) -> None:
    theme.mode = mode
    icon = theme.icon("warning", "warn", 16)

    assert ink_of(icon.pixmap(QSize(16, 16))).name() == theme.color("warn").name()
    assert ink_of(icon.pixmap(QSize(16, 16), QIcon.Mode.Disabled)).name() == theme.color("disabled").name()


def test_that_an_unknown_icon_is_a_mistake(theme: Theme) -> None:
    with pytest.raises(FileNotFoundError):
        theme.pixmap("no such icon", "text")


@pytest.mark.parametrize("name", icon_names())
def test_that_icons_are_lines_of_one_color_on_a_grid_of_sixteen(theme: Theme, name: str) -> None:
    svg = icon_svg(name)

    assert 'viewBox="0 0 16 16"' in svg
    assert 'stroke="currentColor"' in svg
    assert "#" not in svg
    assert 'stroke-linecap="round"' in svg
    assert ink_of(theme.pixmap(name, "text", 32)).alpha() > 200


@pytest.mark.parametrize("name", ["demo", "connect", "restore"])
def test_that_pictures_take_their_colors_from_tokens(theme: Theme, name: str) -> None:
    light = theme.picture(name, 272, 96).toImage()
    theme.mode = "dark"

    assert theme.picture(name, 272, 96).toImage() != light


def test_that_high_contrast_drops_tints_and_strengthens_edges(theme: Theme) -> None:
    theme.high_contrast = True

    assert theme.color("warn-tint") == theme.color("bg")
    assert theme.color("line") == theme.color("text")
    assert theme.edge == 2

    theme.high_contrast = None

    assert theme.edge == 1


def test_that_tabular_digits_are_all_as_wide(theme: Theme) -> None:
    font = theme.font(tabular=True)
    if font.family() != "Inter":
        pytest.skip("needs the font Inter")
    metrics = QFontMetrics(font)

    assert metrics.horizontalAdvance("1111111111") == metrics.horizontalAdvance("0000000000")


def test_that_names_of_roles_have_their_weights(theme: Theme) -> None:
    assert theme.font("page-title").weight() == QFont.Weight.DemiBold
    assert theme.font("page-title").pointSizeF() == 16


def test_that_a_plain_qt_button_is_dressed_too(qtbot: QtBot, theme: Theme) -> None:
    theme.mode = "dark"
    button = QPushButton("Save")
    qtbot.addWidget(button)
    button.resize(120, 28)

    assert button.grab().toImage().pixelColor(10, 5).name() == theme.color("raised").name()


def test_that_an_installed_package_reads_its_own_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(where, "_PACKAGE", tmp_path / "saasdesk")
    assert resource("icons/key.svg") == tmp_path / "resources" / "icons" / "key.svg"

    (tmp_path / "saasdesk" / "_resources").mkdir(parents=True)

    assert resource("icons/key.svg") == tmp_path / "saasdesk" / "_resources" / "icons" / "key.svg"


def test_that_both_looks_have_the_same_tokens() -> None:
    tokens = load_tokens()

    assert tokens.light.keys() == tokens.dark.keys()
    assert tokens.contrast_replaces.keys() <= tokens.light.keys()


def test_that_a_theme_by_window_dresses_what_is_handed_to_it_and_what_opens_from_there(qapp: QApplication) -> None:
    theme = Theme(qapp, "light", by_window=True)
    window, other = QWidget(), QWidget()
    theme.dress(window)
    fields = [QLineEdit(window), QLineEdit(QDialog(window)), QLineEdit(other)]

    light = [field.sizeHint().height() for field in fields]
    theme.zoom = 200
    large = [field.sizeHint().height() for field in fields]

    assert qapp.styleSheet() == ""
    assert light[:2] == [28, 28] != [light[2]] * 2
    assert large[:2] == [56, 56]
    # A window that has gone is dressed no more.
    window.deleteLater()
    qapp.sendPostedEvents(None, int(QEvent.Type.DeferredDelete.value))
    theme.mode = "dark"
    theme.deleteLater()
