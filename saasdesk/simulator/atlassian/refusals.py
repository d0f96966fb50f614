"""How each of the three APIs says no."""

from hashlib import blake2b

from saasdesk.simulator.exchange import Answer, json_answer

# An answer without a body is not called JSON.
NO_BODY = "text/plain"
_ERROR_SCHEMA = "urn:ietf:params:scim:api:messages:2.0:Error"
_CODES = {
    400: ("ADMIN-400-24", "BAD_REQUEST", "Invalid request body"),
    401: ("ADMIN-401-2", "INSUFFICIENT_SCOPE", "Insufficient scope. Create a new API Key for your Organization"),
    403: ("ADMIN-403-3", "FORBIDDEN", "Not allowed to manage the org"),
    404: ("ADMIN-404-1", "NOT_FOUND", "Resource not found"),
    429: ("ADMIN-429-1", "RATE_LIMIT_EXCEEDED", "Rate limit exceeded"),
    500: ("ADMIN-500-1", "INTERNAL_ERROR", "Internal error"),
}
BAD_CURSOR = ("ADMIN-400-1", "INVALID_CURSOR", "Invalid page cursor")
NO_ORGANISATION = ("ADMIN-404-2", "NOT_FOUND", "Organization not found")
NO_USER = ("ADMIN-404-8", "NOT_FOUND", "User not found")


class Refused(Exception):
    """The vendor says no; what it answers goes along."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def organisation_error(status: int, *, of: tuple[str, str, str] | None = None) -> Answer:
    """The error body of the organisation's API, where the status is text."""
    code, title, detail = of or _CODES.get(status, (f"ADMIN-{status}-1", "ERROR", "Request failed"))
    made = blake2b(code.encode(), digest_size=6).hexdigest()
    body = {"errors": [{"id": made, "status": str(status), "code": code, "title": title, "detail": detail}]}
    return json_answer(body, status)


def management_error(status: int, key: str, detail: str = "") -> Answer:
    """The error body of user management: a key, and for some of them an explanation."""
    more = {"context": f"Error: {detail}", "errorKey": key, "errorDetail": f"Error: {detail}"} if detail else {}
    return json_answer({"key": key, **more}, status)


def directory_error(status: int, detail: str, kind: str = "") -> Answer:
    """The error body of the provisioning directory."""
    body = {"schemas": [_ERROR_SCHEMA], "status": str(status), "detail": detail}
    return json_answer(body | ({"scimType": kind} if kind else {}), status)
