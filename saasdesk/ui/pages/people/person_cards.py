"""What is known of a person, each value with who feeds it; the licences they hold, and the devices they have."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QWidget

from saasdesk.fields import Field
from saasdesk.records.assets import DeviceFacts
from saasdesk.records.history import GONE, HAND, LicenceFacts, PersonFacts
from saasdesk.ui.moments import moment_in_words, number
from saasdesk.ui.pages.record_list.details_card import Detail, details_of
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

_MOST_LICENCES = 6


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


def details_of_person(facts: PersonFacts, people: Mapping[str, int]) -> Iterable[Detail]:
    """Every field with a value and who feeds it; `people` says whom the fields that name somebody mean."""
    yield from details_of(facts.values, lambda field: _origin(facts, field), people.get)
    by = _tr("By {0}").format(facts.created_by) if facts.created_by else ""
    yield Detail(_tr("Added"), moment_in_words(facts.created_at), by)


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
