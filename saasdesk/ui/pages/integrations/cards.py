"""The cards of an integration's page: details, credential, schedule, mapping."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from saasdesk.connectors import Connector
from saasdesk.credentials import Credential
from saasdesk.mapping import MapRow
from saasdesk.records.software import SaasApplication
from saasdesk.rules import to_sentence
from saasdesk.schedule import next_slot
from saasdesk.sync.integration import Integration, IntegrationDocument, IntegrationState
from saasdesk.ui.credential_words import expiry_of, permission_of, place_of_key, standing_of
from saasdesk.ui.moments import moment_in_words, number
from saasdesk.ui.pages.integrations.session_words import preference, saas_mode
from saasdesk.ui.pages.plan.field_words import FieldWords
from saasdesk.ui.schedule_form import day_of_slot
from saasdesk.ui.tables.flow import Flow
from saasdesk.ui.theme import Theme
from saasdesk.ui.widgets.buttons import IconButton, LinkButton
from saasdesk.ui.widgets.card import Card
from saasdesk.ui.widgets.form_grid import FormGrid
from saasdesk.ui.widgets.icon_label import IconLabel
from saasdesk.ui.widgets.layouts import Row
from saasdesk.ui.widgets.paragraph import Paragraph
from saasdesk.ui.widgets.plain_label import PlainLabel
from saasdesk.ui.widgets.status_word import StatusWord
from saasdesk.ui.widgets.tag import Tag

_NEXT_RUNS = 3

Edit = Callable[[], object]


def details_card(
    theme: Theme,
    integration: Integration,
    application: SaasApplication | None,
    edit: Edit,
    open_one: Callable[[int], object],
) -> Card:
    """What it loads, and how it treats records."""
    document = integration.document
    card, grid = _card(theme, _tr("Integration details"), _pencil(theme, _tr("Edit the integration details"), edit))
    grid.add_value(_tr("Vendor"), integration.connector.title)
    grid.add_value(_tr("Loads"), saas_mode(document))
    if document.with_saas_users:
        grid.add_value(_tr("SaaS application"), _application(theme, document.application_name, application, open_one))
    grid.add_value(_tr("Preference"), preference(document))
    grid.add_value(_tr("Installation type"), _tr("Local: the key stays on this computer"))
    grid.add_value(_tr("Deactivate"), _deactivate(document))
    if document.deactivate:
        text = _tr("{0} % of the active ones, {1} at most, in one run")
        limit = text.format(document.deactivate_limit_percent, number(document.deactivate_limit_count))
        grid.add_value(_tr("Safeguard"), limit)
    grid.add_value(_tr("Integration user"), document.integration_user or document.name)
    grid.add_value(_tr("Contacts"), ", ".join(document.contacts) or _tr("None"))
    return card


def credential_card(
    theme: Theme, integration: Integration, credential: Credential | None, edit: Edit, open_one: Callable[[str], object]
) -> Card:
    """Which key it uses, and what is known of it."""
    document = integration.document
    card, grid = _card(theme, _tr("Credential details"), _pencil(theme, _tr("Choose the credential"), edit))
    if credential is None:
        grid.add_value(_tr("Credential"), document.credential or _tr("None chosen"))
        if document.credential:
            grid.add_value(_tr("Key"), _tr("There is no credential of this name"), "error")
    else:
        grid.add_value(_tr("Credential"), _link(theme, credential.name, partial(open_one, credential.name)))
        grid.add_value(_tr("State"), StatusWord(theme, standing_of(credential)))
        grid.add_value(_tr("Permission"), permission_of(credential))
        grid.add_value(_tr("Key"), place_of_key(credential), "error" if credential.source == "none" else "text")
        tested = credential.last_tested_at
        grid.add_value(_tr("Last tried"), moment_in_words(tested) if tested else _tr("Never"))
        grid.add_value(_tr("Expires"), expiry_of(credential) or _tr("No day noted"))
        grid.add_value(_tr("Sent only to"), ", ".join(credential.hosts))
    if document.directory_credential:
        grid.add_value(_tr("For the directory"), document.directory_credential)
    for declared in integration.connector.inputs:
        value = document.inputs.get(declared.key) or (credential.inputs.get(declared.key) if credential else "")
        if value:
            # Whose it is stands in the head of the page.
            grid.add_value(declared.label.removeprefix(f"{integration.connector.title} "), value)
    return card


def schedule_card(theme: Theme, integration: Integration, edit: Edit) -> Card:
    """When it runs."""
    schedule = integration.document.schedule
    card, grid = _card(theme, _tr("Schedule"), _pencil(theme, _tr("Edit the schedule"), edit))
    grid.add_value(_tr("Runs"), schedule.in_words())
    grid.add_value(_tr("When missed"), _tr("Once, at the next start"))
    match integration.state:
        case IntegrationState.ACTIVE:
            grid.add_value(_tr("Next runs"), _next_runs(theme, integration.document))
        case IntegrationState.PAUSED:
            grid.add_value(_tr("Next run"), _tr("None while paused"))
        case IntegrationState.DRAFT:
            grid.add_value(_tr("Next run"), _tr("None before Launch"))
    return card


def mapping_card(theme: Theme, integration: Integration, words: FieldWords, edit: Edit, edit_rules: Edit) -> Card:
    """Which source fills which field, which of them is the sync key, and which records are taken."""
    document, connector = integration.document, integration.connector
    card = Card(theme, gap=10)
    rules = LinkButton(theme, _tr("Edit integration"), "filter")
    rules.setToolTip(_tr("Which records are taken"))
    rules.clicked.connect(edit_rules)
    card.add_title(_tr("Mapping"), rules, _pencil(theme, _tr("Edit the mapping"), edit))
    table = QGridLayout()
    table.setContentsMargins(0, 0, 0, 0)
    table.setHorizontalSpacing(theme.px(10))
    table.setVerticalSpacing(theme.px(6))
    table.setColumnStretch(0, 2)
    table.setColumnStretch(2, 3)
    for place, line in enumerate(document.mapping):
        source = PlainLabel(source_of(line, connector), tone="muted", elided=True)
        target = PlainLabel(target_of(line, words), elided=True)
        target.setAccessibleName(f"{source.text()} → {target.text()}")
        table.addWidget(source, place, 0)
        table.addWidget(IconLabel(theme, "arrow-right"), place, 1)
        table.addWidget(target, place, 2)
        if line.sync_key is not None:
            tag = Tag(theme, _tr("Sync key {0}").format(line.sync_key), "accent", "key")
            table.addWidget(tag, place, 3, Qt.AlignmentFlag.AlignRight)
    card.body.addLayout(table)
    labels = {field.id: field.label for field in connector.all_fields()}
    for rule in document.filters:
        card.body.addWidget(Paragraph(theme, _tr("Takes a record only if {0}").format(to_sentence(rule, labels))))
    if document.restore_archived:
        card.body.addWidget(Paragraph(theme, _tr("Restores archived records that the vendor lists again")))
    card.body.addStretch(1)
    return card


def source_of(line: MapRow, connector: Connector) -> str:
    """What a line of the mapping takes: a field by its label, a path, or a constant in quotes."""
    if line.source is None:
        return f"“{line.value}”"
    field = connector.find_field(line.source)
    return line.source if field is None else field.label


def target_of(line: MapRow, words: FieldWords) -> str:
    """The field that a line fills; of an account it is said so, people are the usual case."""
    label = words.label(line.object.value, line.target)
    return label if line.object.value != "saas_users" else _tr("{0} (SaaS user)").format(label)


def _link(theme: Theme, words: str, go: Edit) -> LinkButton:
    link = LinkButton(theme, words, inline=True)
    link.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    link.clicked.connect(lambda _checked: go())
    return link


def _application(
    theme: Theme, name: str, application: SaasApplication | None, open_one: Callable[[int], object]
) -> QWidget:
    """The application as the way to its page, and whether the software catalogue knows it."""
    if application is None:
        return PlainLabel(name, elided=True)
    row = Row(theme, gap=6)
    row.addWidget(_link(theme, application.name, partial(open_one, application.id)))
    known = _tr("in the catalogue") if application.catalogue_entry else _tr("not in the catalogue")
    row.addWidget(PlainLabel(known, tone="muted"), 1)
    box = QWidget()
    box.setLayout(row)
    return box


def _pencil(theme: Theme, name: str, edit: Edit) -> IconButton:
    button = IconButton(theme, "edit", name)
    button.clicked.connect(edit)
    return button


def _card(theme: Theme, title: str, *buttons: QWidget) -> tuple[Card, FormGrid]:
    card = Card(theme, gap=10)
    card.add_title(title, *buttons)
    grid = FormGrid(theme, gap=6)
    card.body.addLayout(grid)
    card.body.addStretch(1)
    return card, grid


def _deactivate(document: IntegrationDocument) -> str:
    if not document.deactivate:
        return (
            _tr("Off: whatever is missing stays active")
            if document.loads_assets
            else _tr("Off: whoever is missing stays active")
        )
    if document.loads_assets:
        return _tr("On for assets")
    if not document.with_saas_users:
        return _tr("On for people")
    return (
        _tr("On for SaaS users and people") if document.deactivate_people else _tr("On for SaaS users · off for people")
    )


def _next_runs(theme: Theme, document: IntegrationDocument) -> QWidget:
    runs = Flow(theme, gap=6)
    slot = datetime.now(UTC)
    for place in range(_NEXT_RUNS):
        slot = next_slot(document.schedule, slot)
        runs.insert(place, Tag(theme, day_of_slot(slot), "accent" if place == 0 else "neutral"))
    return runs


def _tr(text: str) -> str:
    return QCoreApplication.translate("IntegrationCards", text)
