"""The software catalogue that comes with the program: applications by name, with their vendor and category."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import orjson

from saasdesk.resources import resource

FILE = "software_catalog.json"


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """An application as the catalogue knows it; `aliases` are other names that people give it."""

    name: str
    vendor: str
    category: str
    aliases: tuple[str, ...] = ()


@cache
def catalogue() -> tuple[CatalogueEntry, ...]:
    """All entries, in the order of their names."""
    return tuple(
        CatalogueEntry(entry["name"], entry["vendor"], entry["category"], tuple(entry["aliases"]))
        for entry in orjson.loads(resource(FILE).read_bytes())
    )


def find_entry(name: str) -> CatalogueEntry | None:
    """The entry of this name or alias, however it is written: "pager duty" is PagerDuty."""
    return _by_name().get(plain_name(name))


def search_entries(text: str, limit: int = 50) -> list[CatalogueEntry]:
    """Entries whose name, alias or vendor has the text in it; those that begin with it come first."""
    wanted = plain_name(text)
    if not wanted:
        return list(catalogue()[:limit])
    ranked = [(rank, entry) for entry in catalogue() if (rank := _rank(entry, wanted)) is not None]
    ranked.sort(key=lambda each: each[0])
    return [entry for _, entry in ranked[:limit]]


def plain_name(name: str) -> str:
    """A name without case, accents, spaces and punctuation, by which two spellings are the same."""
    letters = unicodedata.normalize("NFKD", name).casefold()
    return "".join(letter for letter in letters if unicodedata.category(letter)[0] not in "PZM")


@cache
def _by_name() -> Mapping[str, CatalogueEntry]:
    return {plain_name(name): entry for entry in catalogue() for name in (entry.name, *entry.aliases)}


def _rank(entry: CatalogueEntry, wanted: str) -> int | None:
    names = [plain_name(name) for name in (entry.name, *entry.aliases)]
    vendor = plain_name(entry.vendor)
    if wanted in names:
        return 0
    if any(name.startswith(wanted) for name in names):
        return 1
    if any(wanted in name for name in names):
        return 2
    return 3 if wanted in vendor else None
