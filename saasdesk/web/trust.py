"""Whom we trust: what the operating system trusts, and a certificate authority of the company's own."""

import ssl
from pathlib import Path

import truststore

from saasdesk.errors import UserError


def trust_store(extra_ca: Path | None) -> ssl.SSLContext:
    """A TLS context that checks certificates and names; there is no way to switch that off.

    A UserError where the extra authority cannot be read.
    """
    trust: ssl.SSLContext = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if extra_ca is not None:
        try:
            trust.load_verify_locations(cafile=str(extra_ca))
        except (OSError, ssl.SSLError) as error:
            raise UserError(
                f"The extra certificate authority {extra_ca} cannot be used: {error.strerror or 'not a PEM file'}. "
                "Choose another file in Settings."
            ) from None
    return trust
