"""What can be put on the canvas: the kinds of blocks, and each vendor's presets ready to use."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from saasdesk.connectors import Connector, Danger, Preset
from saasdesk.ui.fuzzy import fuzzy_score
from saasdesk.ui.harm import Harm, harm_of, harm_of_preset
from saasdesk.workflows.blocks import KINDS, World
from saasdesk.workflows.graph import WorkflowDocument

_ROLE_KIND = "saas_user_role"


READS = harm_of(Danger.READS)


@dataclass(frozen=True, slots=True)
class BlockEntry:
    """Something that can be added; `key` tells it from all others."""

    key: str
    kind: str
    title: str
    group: str
    icon: str
    help: str = ""
    harm: Harm = READS
    settings: Mapping[str, Any] = field(default_factory=dict)
    # What the new block is called; empty, as its kind is.
    block_title: str = ""


def entries_of(document: WorkflowDocument, world: World) -> list[BlockEntry]:
    """Everything that fits this workflow, group by group; what its records lack the fields for is left out."""
    kinds = [
        BlockEntry(kind.key, kind.key, kind.title, str(kind.group.value), kind.icon, kind.help)
        for kind in KINDS.values()
        if kind.key != "begin" and (kind.key != _ROLE_KIND or document.object == "saas_users")
    ]
    if not document.of_kind("begin"):
        begin = KINDS["begin"]
        kinds.insert(0, BlockEntry("begin", "begin", begin.title, str(begin.group.value), begin.icon, begin.help))
    groups = {entry.group: [other for other in kinds if other.group == entry.group] for entry in kinds}
    found = [entry for entries in groups.values() for entry in entries]
    for connector in sorted(world.connectors.values(), key=lambda known: known.title):
        found += [
            _preset_entry(connector, preset, world)
            for preset in connector.presets
            if all(need in world.fields for need in preset.needs)
        ]
    return found


def search_entries(entries: Sequence[BlockEntry], text: str) -> list[BlockEntry]:
    """The entries that fit a few letters, best first; without letters all of them as they come."""
    if not text.strip():
        return list(entries)
    scored = []
    for at, entry in enumerate(entries):
        scores = [fuzzy_score(text, entry.title), fuzzy_score(text, f"{entry.group} {entry.title}")]
        best = max((score for score in scores if score is not None), default=None)
        if best is not None:
            scored.append((-best, at, entry))
    return [entry for _score, _at, entry in sorted(scored, key=lambda each: each[:2])]


def _preset_entry(connector: Connector, preset: Preset, world: World) -> BlockEntry:
    settings: dict[str, Any] = {"preset": preset.key}
    fitting = [
        known.name
        for known in world.credentials.values()
        if known.connector == connector.key
        and known.kind == preset.kind
        and (known.may_change or preset.danger is Danger.READS)
    ]
    if len(fitting) == 1:
        settings["credential"] = fitting[0]
    inputs = {known.key: known.default for known in preset.inputs if known.default}
    if inputs:
        settings["inputs"] = inputs
    icon = "trash" if preset.danger is Danger.DESTROYS else "edit" if preset.danger is Danger.CHANGES else "search"
    return BlockEntry(
        f"api {preset.key}",
        "api",
        preset.title,
        connector.title,
        icon,
        preset.help,
        harm_of_preset(preset),
        settings,
        preset.title,
    )
