import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QFont
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.card import Card
from saasdesk.ui.widgets.counter import Counter
from saasdesk.ui.widgets.key_cap import KeyCap
from saasdesk.ui.widgets.monogram import Monogram, tint_of
from saasdesk.ui.widgets.paragraph import Paragraph, Run
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.status_word import Status, StatusWord, status
from saasdesk.ui.widgets.tag import Tag

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

HOSTILE = "<img src='file:///x'><b>Bob</b>\u202e"
HARMLESS = "<img src='file:///x'><b>Bob</b>⟨U+202E⟩"


def test_that_no_label_takes_data_for_markup(qtbot: QtBot, theme: Theme) -> None:
    labels: list[QLabel] = [
        PlainLabel(HOSTILE),
        Paragraph(theme, HOSTILE),
        Tag(theme, HOSTILE),
        StatusWord(theme, Status(HOSTILE, "ok", "ok")),
    ]

    for label in labels:
        qtbot.addWidget(label)
        assert label.textFormat() == Qt.TextFormat.PlainText
        assert label.text() == HARMLESS


def test_that_setting_another_text_is_as_safe(qtbot: QtBot, theme: Theme) -> None:
    label = PlainLabel()
    qtbot.addWidget(label)

    label.setText(HOSTILE)

    assert label.text() == HARMLESS


def test_that_role_and_tone_change_how_a_label_looks(qtbot: QtBot, theme: Theme) -> None:
    title, muted = PlainLabel("Title", "page-title"), PlainLabel("word", "secondary", "muted")
    for label in (title, muted):
        qtbot.addWidget(label)
        label.ensurePolished()

    assert title.font().pointSizeF() == 16
    assert title.font().weight() == QFont.Weight.DemiBold
    assert muted.palette().color(muted.foregroundRole()) == theme.color("muted")

    muted.set_tone("error")

    assert muted.palette().color(muted.foregroundRole()) == theme.color("error")


def test_that_labels_grow_with_the_zoom(qtbot: QtBot, theme: Theme) -> None:
    label = PlainLabel("Title", "page-title")
    qtbot.addWidget(label)
    label.ensurePolished()

    theme.zoom = 150

    assert label.font().pointSizeF() == 24


def test_that_a_label_cut_short_tells_the_rest_in_its_tool_tip(qtbot: QtBot, theme: Theme) -> None:
    label = PlainLabel("a rather long name of an integration", elided=True)
    qtbot.addWidget(label)
    label.resize(60, 20)
    label.show()
    assert label.toolTip() == "a rather long name of an integration"

    label.resize(600, 20)
    assert label.toolTip() == ""


def test_that_a_paragraph_grows_when_it_gets_narrow(qtbot: QtBot, theme: Theme) -> None:
    paragraph = Paragraph(theme, Run("14 deactivations are held.", strong=True), " That is over the limit of 10.")
    qtbot.addWidget(paragraph)

    assert paragraph.heightForWidth(1000) == 20
    assert paragraph.heightForWidth(150) >= 60
    assert paragraph.text() == "14 deactivations are held. That is over the limit of 10."


def test_that_a_paragraph_is_measured_anew_after_another_text_and_at_another_zoom(qtbot: QtBot, theme: Theme) -> None:
    paragraph = Paragraph(theme, "Short.")
    qtbot.addWidget(paragraph)
    (narrow, lines) = paragraph.sizeHint().width(), paragraph.heightForWidth(150) // theme.line_height()

    theme.zoom = 200
    assert paragraph.sizeHint().width() > narrow * 1.5
    assert paragraph.heightForWidth(150) == theme.line_height() * lines

    paragraph.setText("A sentence that needs more than one line at such a width.")
    assert paragraph.heightForWidth(150) > theme.line_height() * lines
    at_200 = paragraph.heightForWidth(150) // theme.line_height()
    theme.zoom = 100
    assert paragraph.heightForWidth(150) // theme.line_height() < at_200


def test_that_strong_parts_stay_strong_behind_wide_characters(qtbot: QtBot, theme: Theme) -> None:
    paragraph = Paragraph(theme, "😀 ", Run("strong", strong=True), wraps=False)
    qtbot.addWidget(paragraph)

    spans = paragraph.spans()

    assert [(span.start, span.length) for span in spans] == [(0, 3), (3, 6)]


def test_that_a_status_is_an_icon_and_a_word(qtbot: QtBot, theme: Theme) -> None:
    word = StatusWord(theme, status("suspended"))
    qtbot.addWidget(word)

    assert (word.text(), word.status.icon, word.status.token) == ("Suspended", "warning", "warn")
    assert QAccessible.queryAccessibleInterface(word).text(QAccessible.Text.Name) == "Suspended"


def test_that_unknown_is_not_inactive(theme: Theme) -> None:
    assert status("unknown") != status("inactive")


def test_that_a_status_may_say_more(theme: Theme) -> None:
    assert status("held", "Held: 14 deactivations").word == "Held: 14 deactivations"


def test_that_a_state_nobody_named_is_a_mistake(theme: Theme) -> None:
    with pytest.raises(KeyError):
        status("whatever")


def test_that_the_same_name_always_has_the_same_tint() -> None:
    assert tint_of("Asha Nair") == tint_of("ASHA NAIR") == "tint-1"
    assert {tint_of(f"person {number}") for number in range(60)} == {f"tint-{number}" for number in range(1, 7)}


def test_that_a_monogram_keeps_its_square(qtbot: QtBot, theme: Theme) -> None:
    host = QWidget()
    monogram = Monogram(theme, "WWW MMM", size=24)
    monogram.setParent(host)
    qtbot.addWidget(host)

    assert monogram.sizeHint().width() == monogram.sizeHint().height() == 24


def test_that_a_counter_is_heard_as_one_phrase(qtbot: QtBot, theme: Theme) -> None:
    counter = Counter(theme, "700", "read")
    qtbot.addWidget(counter)
    counter.set_number("800")

    assert counter.accessibleName() == "800 read"


def test_that_a_key_cap_fits_its_keys(qtbot: QtBot, theme: Theme) -> None:
    short, long = KeyCap(theme, "F5"), KeyCap(theme, "Ctrl+Shift+M")
    for cap in (short, long):
        qtbot.addWidget(cap)

    assert short.sizeHint().width() < long.sizeHint().width()


def test_that_a_card_made_at_a_large_zoom_is_as_high_as_the_others_at_a_smaller_one(qtbot: QtBot, theme: Theme) -> None:
    def titled() -> Card:
        card = Card(theme)
        qtbot.addWidget(card)
        card.add_title("Network")
        return card

    theme.zoom = 200
    made_large = titled()
    theme.zoom = 100

    assert made_large.sizeHint().height() == titled().sizeHint().height()
