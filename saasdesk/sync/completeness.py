"""Is this provably all of it? Without a proof a run may create and update, but deactivates nobody."""

from dataclasses import dataclass

from saasdesk.connectors import Evidence

# More than this share of repeated ids means that the vendor's pages shifted under us.
MOST_DUPLICATES = 0.05


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a listing is proven complete; if not, why, and whether reading it once more could help."""

    is_proven: bool
    why_not: str = ""
    worth_another_try: bool = False


def judge(evidence: Evidence, *, known_tenant: str | None, limit: int | None) -> Verdict:
    """Weigh what the connector saw while it read the listing.

    `known_tenant` is the vendor-side organisation of the last complete run, if there was one.
    """
    if limit is not None:
        return Verdict(is_proven=False, why_not=f"Only the first {limit} records were asked for.")
    if evidence.unproven_because:
        return Verdict(is_proven=False, why_not=evidence.unproven_because)
    if not evidence.stated_end:
        return Verdict(is_proven=False, why_not="The vendor did not say that this was the last page.")
    if known_tenant and evidence.identity and evidence.identity != known_tenant:
        return Verdict(
            is_proven=False,
            why_not=f"The key now opens {evidence.identity}, but the last complete run read {known_tenant}. "
            "If that is right, launch the integration again.",
        )
    if evidence.total is not None and evidence.distinct < evidence.total:
        return Verdict(
            is_proven=False,
            why_not=f"The vendor announced {evidence.total} {evidence.noun} "
            f"and listed {evidence.distinct} different ones.",
            worth_another_try=True,
        )
    if evidence.total_moved:
        return Verdict(
            is_proven=False,
            why_not=f"The vendor's count of {evidence.noun} changed while the list was read: "
            "somebody may have slipped through.",
            worth_another_try=True,
        )
    received = evidence.distinct + evidence.duplicates
    if received and evidence.duplicates / received > MOST_DUPLICATES:
        return Verdict(
            is_proven=False,
            why_not=f"{evidence.duplicates} of {received} records came twice: the list changed while it was read.",
            worth_another_try=True,
        )
    return Verdict(is_proven=True)
