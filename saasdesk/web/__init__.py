"""The only way out to a vendor: sign-in, limits, retries, redirects and redaction in one place."""

from saasdesk.web.answer import Answer
from saasdesk.web.budget import Budget, budget_for
from saasdesk.web.errors import CancelledMidway, ErrorKind, VendorError, vendor_says
from saasdesk.web.limits import Limits
from saasdesk.web.origin import Origin, host_of, path_segment
from saasdesk.web.reaching import Reached, reach
from saasdesk.web.redaction import REDACTOR, Redactor
from saasdesk.web.schemes import (
    Basic,
    Bearer,
    HeaderKey,
    QueryKey,
    SignIn,
    sign_in_from_json,
    sign_in_to_json,
    split_scheme,
)
from saasdesk.web.secret import Secret
from saasdesk.web.session import VendorSession
from saasdesk.web.waiting import Waiting

__all__ = [
    "REDACTOR",
    "Answer",
    "Basic",
    "Bearer",
    "Budget",
    "CancelledMidway",
    "ErrorKind",
    "HeaderKey",
    "Limits",
    "Origin",
    "QueryKey",
    "Reached",
    "Redactor",
    "Secret",
    "SignIn",
    "VendorError",
    "VendorSession",
    "Waiting",
    "budget_for",
    "host_of",
    "path_segment",
    "reach",
    "sign_in_from_json",
    "sign_in_to_json",
    "split_scheme",
    "vendor_says",
]
