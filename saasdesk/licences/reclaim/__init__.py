"""What somebody decided about seats: approved lists, and exemptions from being found at all."""

from saasdesk.licences.reclaim.exemptions import Exemption, ExemptionScope, delete_exemption, exempt, list_exemptions
from saasdesk.licences.reclaim.lists import (
    Given,
    ListedSeat,
    ReclaimList,
    accounts_of,
    approve,
    list_reclaims,
    place_of,
    seats_of_list,
    sum_given,
    take_back,
)

__all__ = [
    "Exemption",
    "ExemptionScope",
    "Given",
    "ListedSeat",
    "ReclaimList",
    "accounts_of",
    "approve",
    "delete_exemption",
    "exempt",
    "list_exemptions",
    "list_reclaims",
    "place_of",
    "seats_of_list",
    "sum_given",
    "take_back",
]
