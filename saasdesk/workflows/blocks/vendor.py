"""What blocks that speak to a vendor have in common: choosing a preset, and a credential that may send it."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from saasdesk.connectors import CONNECTORS, Connector, Danger, Input, Preset
from saasdesk.credentials import Credential
from saasdesk.errors import UserError
from saasdesk.workflows.blocks.form import Choice, FieldKind, FormField
from saasdesk.workflows.blocks.kind import Fault, World
from saasdesk.workflows.requests import find_preset, refuse_unfit


def preset_of(settings: Mapping[str, Any], world: World) -> Preset | None:
    """The preset that was chosen; None until one is."""
    try:
        return find_preset(world.connectors, str(settings.get("preset", "")))[1]
    except UserError:
        return None


def title_of_preset(key: str) -> str:
    """What the preset of this key is called; its key, where no vendor has it."""
    try:
        return find_preset(CONNECTORS, key)[1].title
    except UserError:
        return key


def needs_of(key: str) -> frozenset[str]:
    """The fields whose values the preset of this key sends."""
    try:
        return frozenset(find_preset(CONNECTORS, key)[1].needs)
    except UserError:
        return frozenset()


def credential_faults(world: World, connector: Connector, preset: Preset, name: str) -> Iterator[Fault]:
    """Why the credential of this name cannot send the preset."""
    if not name:
        yield Fault("Credential is missing.", "credential", "fill_in")
        return
    credential = world.credentials.get(name)
    if credential is None:
        yield Fault(f"There is no credential “{name}”.", "credential", "choose_credential")
        return
    try:
        refuse_unfit(connector, preset, credential)
    except UserError as problem:
        yield Fault(str(problem), "credential", "choose_credential")


def preset_field(world: World, takes: Callable[[Preset], bool], chosen: Preset | None, tab: str = "") -> FormField:
    """Select Preset: those that the kind of block takes, by vendor."""
    choices = tuple(
        Choice(preset.key, preset.title, connector.title)
        for connector in sorted(world.connectors.values(), key=lambda known: known.title)
        for preset in connector.presets
        if takes(preset)
    )
    link = ""
    if chosen is not None:
        link = find_preset(world.connectors, chosen.key)[0].help.documentation
    return FormField(
        "preset",
        "Select Preset",
        FieldKind.PRESET,
        help="" if chosen is None else chosen.help,
        required=True,
        choices=choices,
        tab=tab,
        link=link,
    )


def credential_field(world: World, preset: Preset | None, tab: str = "") -> FormField:
    """The credentials that may send the preset; all of them until one is chosen."""
    choices = tuple(
        Choice(each.name, each.name, _told(world, each))
        for each in world.credentials.values()
        if preset is None or _fits(world, preset, each)
    )
    help_ = "A key that only reads sends nothing that changes something."
    if preset is not None and preset.danger is not Danger.READS:
        help_ = "Only credentials that may read and act are listed."
    return FormField("credential", "Credential", FieldKind.CREDENTIAL, help_, required=True, choices=choices, tab=tab)


def with_only_credential(settings: Mapping[str, Any], world: World) -> Mapping[str, Any]:
    """The settings with the credential that may send the preset, where only one can be meant; one that fits stays."""
    preset = preset_of(settings, world)
    if preset is None:
        return settings
    fitting = [each.name for each in world.credentials.values() if _fits(world, preset, each)]
    if len(fitting) != 1 or settings.get("credential") in fitting:
        return settings
    return {**settings, "credential": fitting[0]}


def input_part(known: Input) -> FormField:
    """One input of a preset: a text in which templates can stand."""
    return FormField(known.key, known.label, FieldKind.TEMPLATE, known.help, known.required, default=known.default)


def _fits(world: World, preset: Preset, credential: Credential) -> bool:
    connector, _preset = find_preset(world.connectors, preset.key)
    try:
        refuse_unfit(connector, preset, credential)
    except UserError:
        return False
    return True


def _told(world: World, credential: Credential) -> str:
    connector = world.connectors.get(credential.connector)
    vendor = credential.connector if connector is None else connector.title
    return f"{vendor} · {'may read and act' if credential.may_change else 'may only read'}"
