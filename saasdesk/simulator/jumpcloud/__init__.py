"""JumpCloud's directory of the same company: system users, administrators, devices and the log of sign-ins.

Answers keep to the vendor's own document: keys that were never filled in are absent or empty text, not null, and two
records in a hundred look as they did before `state` was invented.
"""

from saasdesk.simulator.jumpcloud.devices import Device
from saasdesk.simulator.jumpcloud.keys import KeyKind
from saasdesk.simulator.jumpcloud.vendor import JumpCloud

__all__ = ["Device", "JumpCloud", "KeyKind"]
