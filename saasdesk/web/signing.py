"""Puts the key on a request at the last moment; imported only when something is sent."""

import base64

from requests import PreparedRequest
from requests.auth import AuthBase

from saasdesk.web.secret import Secret


class HeaderSigner(AuthBase):
    """Sets one header."""

    def __init__(self, header: str, prefix: str, secret: Secret) -> None:
        self._header = header
        self._prefix = prefix
        self._secret = secret

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Sign the request."""
        request.headers[self._header] = self._prefix + self._secret.reveal()
        return request


class QuerySigner(AuthBase):
    """Adds one value to the query."""

    def __init__(self, name: str, secret: Secret) -> None:
        self._name = name
        self._secret = secret

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Sign the request."""
        request.prepare_url(request.url, {self._name: self._secret.reveal()})
        return request


class BasicSigner(AuthBase):
    """Sets the Authorization header of basic auth."""

    def __init__(self, secret: Secret) -> None:
        self._secret = secret

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        """Sign the request."""
        encoded = base64.b64encode(self._secret.reveal().encode()).decode("ascii")
        request.headers["Authorization"] = f"Basic {encoded}"
        return request
