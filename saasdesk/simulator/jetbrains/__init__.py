"""JetBrains Account: the licences that the company bought, and in whose hands they are.

A row is a licence, not a person. Answers keep to the reconstructed document, so what it does not let be null is left
out; the fault RECORDED_NULLS sends the nulls that were seen in life. A second company has its own code, keys and
licences, some of them in the same hands.
"""

from saasdesk.simulator.jetbrains.keys import KeyKind
from saasdesk.simulator.jetbrains.vendor import JetBrains

__all__ = ["JetBrains", "KeyKind"]
