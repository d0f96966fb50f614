"""Hold deactivations that are out of proportion: a wrong key or filter must not empty the list of people."""

from dataclasses import dataclass

# Below this many, a small company could not lose anybody without a person's say-so.
ALWAYS_ALLOWED = 5


@dataclass(frozen=True, slots=True)
class Limits:
    """What the integration allows in one run."""

    percent: int
    count: int

    def allowed(self, active: int) -> int:
        """How many of `active` records one run may deactivate by itself."""
        return min(max(ALWAYS_ALLOWED, active * self.percent // 100), self.count)


def reason_to_hold(
    *,
    vendor: str,
    listed: int,
    active: int,
    leaving: int,
    limits: Limits,
    noun: str = "users",
    when_empty: str = "",
) -> str | None:
    """Why these deactivations must wait for a person, in a sentence; None when they may go ahead.

    `active` counts the integration's own active records before the run, `leaving` those it would deactivate,
    missing and inactive ones together; reactivations do not make up for them.
    """
    if listed == 0 and active:
        held = f"{vendor} returned no {noun}; {active} {_are(active)} active here. {nobody(noun)} was deactivated."
        return f"{held} {when_empty}".rstrip()
    if not leaving:
        return None
    if leaving == active or leaving > limits.allowed(active):
        return (
            f"{leaving} of {active} {noun} would become inactive; one run may deactivate "
            f"{limits.allowed(active) if leaving < active else 'fewer than all'}. "
            f"The vendor returned {listed}. {nobody(noun)} was deactivated."
        )
    return None


def nobody(noun: str) -> str:
    """How a sentence begins that says of users, or of things, that none was touched."""
    return "Nobody" if noun == "users" else "Nothing"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
