"""What is known of a person, each value with who feeds it; the licences they hold, and the devices they have."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from saasdesk.fields import Field
from saasdesk.records.assets import DeviceFacts
from saasdesk.records.history import GONE, HAND, LicenceFacts, PersonFacts
from saasdesk.records.listing import Column as ListColumn
from saasdesk.ui.moments import moment_in_words, number
from saasdesk.ui.pages.record_list.naming import link_to_person
from saasdesk.ui.tables.cells import CellTexts
from saasdesk.ui.tables.marks import mark_of
from saasdesk.ui.tables.times import local_time, relative_time, shown_now
from saasdesk.ui.theme import Theme
from saasdesk.ui.visible_text import visible_text
from saasdesk.ui.widgets.buttons import LinkButton
from saasdesk.ui.widgets.card import Card
from saasdesk.ui.widgets.layouts import Column, Row, clear_layout
from saasdesk.ui.widgets.monogram import Monogram
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel

_LABEL = 132
_MOST_LICENCES = 6


class DetailsCard(Card):
    """Field, value, and the integration that the value comes from."""

    def __init__(self, theme: Theme, open_person: Callable[[int], object], parent: QWidget | None = None) -> None:
        super().__init__(theme, parent=parent)
        self._open_person = open_person
        self._texts = CellTexts()
        self.add_title(self.tr("Details"))
        self._place = Column(theme, gap=0)
        self.body.addLayout(self._place)

    def show_person(self, facts: PersonFacts, people: Mapping[str, int]) -> None:
        """Show what is known of this person; `people` says whom the fields that name somebody mean."""
        clear_layout(self._place)
        theme, now = self._theme, shown_now()
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(theme.px(12))
        grid.setVerticalSpacing(theme.px(8))
        grid.setColumnMinimumWidth(0, theme.px(_LABEL))
        grid.setColumnStretch(1, 1)
        row = 0
        for field, value in facts.values:
            shown = self._texts.shown(ListColumn(field.external_id, field.label, field.type), value, now)
            self._add(
                grid,
                row,
                field.label,
                self._value(shown, people.get(field.external_id)),
                _origin(facts, field),
            )
            row += 1
        made = PlainLabel(moment_in_words(facts.created_at), elided=True)
        self._add(
            grid, row, self.tr("Added"), made, self.tr("By {0}").format(facts.created_by) if facts.created_by else ""
        )
        holder = QWidget()
        holder.setLayout(grid)
        self._place.addWidget(holder)

    def _value(self, shown: str, person: int | None) -> QWidget:
        if person is None:
            return PlainLabel(shown, elided=True)
        return link_to_person(self._theme, shown, lambda: self._open_person(person))

    def _add(self, grid: QGridLayout, row: int, label: str, value: QWidget, feeder: str) -> None:
        caption = PlainLabel(label, "body", "muted", elided=True)
        caption.setBuddy(value)
        # A long label must not take the room of the values.
        caption.setFixedWidth(self._theme.px(_LABEL))
        grid.addWidget(caption, row, 0, Qt.AlignmentFlag.AlignTop)
        told = Column(self._theme, gap=0)
        fills = value.sizePolicy().horizontalPolicy() != QSizePolicy.Policy.Minimum
        told.addWidget(value, 0, Qt.AlignmentFlag(0) if fills else Qt.AlignmentFlag.AlignLeft)
        if feeder:
            origin = PlainLabel(feeder, "secondary", "muted", elided=True)
            origin.setAccessibleName(visible_text(self.tr("{0}: {1}").format(label, feeder)))
            told.addWidget(origin)
        grid.addLayout(told, row, 1)


class LicencesCard(Card):
    """The licences that a person holds now, each leading to its application, and how to see those that ended."""

    def __init__(
        self,
        theme: Theme,
        show_all: Callable[[], object],
        open_licence: Callable[[LicenceFacts], object],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, parent=parent)
        self._open_licence = open_licence
        self.link = LinkButton(theme, self.tr("Show all"), inline=True)
        self.link.setAccessibleName(self.tr("Show all licences"))
        self.link.clicked.connect(show_all)
        self.title = self.add_title(self.tr("Licences"), self.link)
        self._place = Column(theme, gap=8)
        self.body.addLayout(self._place)

    def show_licences(self, licences: Sequence[LicenceFacts]) -> None:
        """Show these licences."""
        clear_layout(self._place)
        theme, now = self._theme, shown_now()
        held = [licence for licence in licences if not licence.has_ended]
        self.title.set_text(self.tr("Licences · {0}").format(number(len(held))) if held else self.tr("Licences"))
        self.link.setVisible(len(licences) > len(held[:_MOST_LICENCES]))
        if not held:
            self._place.addWidget(Paragraph(theme, self.tr("No licence is known."), tone="muted"))
        for licence in held[:_MOST_LICENCES]:
            row = Row(theme, gap=8)
            application = licence.application_name
            row.addWidget(Monogram(theme, application, letters=mark_of(application), size=24, tile=True))
            words = Column(theme, gap=0)
            words.addWidget(PlainLabel(licence.product or licence.licence_id, elided=True))
            link = LinkButton(theme, application, inline=True, role="secondary")
            link.setAccessibleName(visible_text(self.tr("Licences of {0}").format(application)))
            link.clicked.connect(partial(self._open_licence, licence))
            use = Row(theme, gap=0, margins=(-2, 0, 0, 0))
            use.addWidget(link)
            use.addWidget(PlainLabel(f"· {_use(licence, now)}", "secondary", "muted", elided=True), 1)
            words.addLayout(use)
            row.addLayout(words, 1)
            self._place.addLayout(row)


class DevicesCard(Card):
    """The devices that a person has; each leads to Hardware. Without any there is no card."""

    def __init__(self, theme: Theme, open_asset: Callable[[int], object], parent: QWidget | None = None) -> None:
        super().__init__(theme, parent=parent)
        self._open_asset = open_asset
        self.title = self.add_title(self.tr("Devices"))
        self.links: list[LinkButton] = []
        self._place = Column(theme, gap=8)
        self.body.addLayout(self._place)
        self.hide()

    def show_devices(self, devices: Sequence[DeviceFacts]) -> None:
        """Show these devices."""
        clear_layout(self._place)
        self.links.clear()
        self.setVisible(bool(devices))
        self.title.set_text(self.tr("Devices · {0}").format(number(len(devices))))
        now = shown_now()
        for device in devices:
            link = LinkButton(self._theme, device.name, inline=True)
            link.clicked.connect(partial(self._open_asset, device.id))
            self.links.append(link)
            words = Column(self._theme, gap=0)
            words.addWidget(link, 0, Qt.AlignmentFlag.AlignLeft)
            words.addWidget(PlainLabel(_kind_and_contact(device, now), "secondary", "muted", elided=True))
            self._place.addLayout(words)


def feeder_in_words(facts: PersonFacts, field: str) -> str:
    """Who feeds a value, as it is said below it."""
    feeder = facts.feeders.get(field, "")
    known = {HAND: _tr("By hand"), GONE: _tr("From an integration that was deleted"), "": ""}
    return known.get(feeder, _tr("Fed by {0}").format(feeder))


def _origin(facts: PersonFacts, field: Field) -> str:
    """Who feeds a value, and whether a hand may change it."""
    kept_away = "" if field.editable else _tr("Not editable by hand")
    return " · ".join(filter(None, (feeder_in_words(facts, field.external_id), kept_away)))


def _use(licence: LicenceFacts, now: datetime) -> str:
    used = local_time(licence.last_used) if licence.last_used else None
    parts = [
        licence.team,
        _tr("used {0}").format(_lower(relative_time(used, now))) if used is not None else _tr("last use unknown"),
    ]
    return " · ".join(filter(None, parts))


def _kind_and_contact(device: DeviceFacts, now: datetime) -> str:
    seen = local_time(device.last_contact) if device.last_contact else None
    if device.is_deactivated:
        contact = _tr("no longer listed")
    elif seen is None:
        contact = _tr("last contact unknown")
    else:
        contact = _tr("last contact {0}").format(_lower(relative_time(seen, now)))
    return " · ".join(filter(None, (device.model or device.operating_system, contact)))


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def _tr(text: str) -> str:
    return QCoreApplication.translate("PersonCards", text)
