"""PagerDuty's REST API v2 as far as people are concerned: users, licences, last sign-ins, and one way to delete.

Answers keep to the vendor's own document, so a key that the document does not let be null is left out; the fault
RECORDED_NULLS sends the nulls that were seen in life.
"""

from saasdesk.simulator.pagerduty.keys import KeyKind
from saasdesk.simulator.pagerduty.vendor import PagerDuty

__all__ = ["KeyKind", "PagerDuty"]
