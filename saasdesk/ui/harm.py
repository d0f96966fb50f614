"""What a request does to a vendor, said in one way everywhere: a word, its colour, its sign, and what follows."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from saasdesk.connectors import Danger, Preset


@dataclass(frozen=True, slots=True)
class Harm:
    """`tone` is a kind of tag; `consequence` what an admin has to know before a run."""

    word: str
    tone: str
    icon: str
    consequence: str = ""

    @property
    def is_any(self) -> bool:
        """Whether it does more than read."""
        return bool(self.consequence)


def harm_of(danger: Danger | None, *, is_irreversible: bool = False) -> Harm:
    """What a danger comes to; what destroys and cannot be taken back is the gravest."""
    match danger:
        case Danger.DESTROYS if is_irreversible:
            what = _tr("What it deletes at the vendor cannot be brought back.")
            then = _tr("Each run shows its plan first, wants the number typed, and stays under the limits.")
            return Harm(_tr("Irreversible"), "error", "warning", f"{what} {then}")
        case Danger.DESTROYS:
            what = _tr("It takes something away at the vendor.")
            return Harm(_tr("Destructive"), "error", "warning", f"{what} {_planned()}")
        case Danger.CHANGES:
            what = _tr("It changes something at the vendor.")
            return Harm(_tr("Changes"), "warn", "edit", f"{what} {_planned()}")
        case _:
            return Harm(_tr("Reads"), "neutral", "eye")


def harm_of_preset(preset: Preset) -> Harm:
    """What a preset comes to."""
    return harm_of(preset.danger, is_irreversible=preset.is_irreversible)


def _planned() -> str:
    return _tr("Each run is planned first, and stays under the limits.")


def _tr(text: str) -> str:
    return QCoreApplication.translate("Harm", text)
