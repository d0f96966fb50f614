"""A credential as people read it: its vendor, its type, its permission, how it stands."""

from datetime import date

from PySide6.QtCore import QCoreApplication

from saasdesk.clock import now
from saasdesk.connectors import ADMIN, CONNECTORS
from saasdesk.credentials import UNLISTED, Credential, Standing
from saasdesk.ui.formats import day_text, days_as_chosen
from saasdesk.ui.widgets.status_word import Status, status
from saasdesk.web import Basic, Bearer, HeaderKey, QueryKey, SignIn, sign_in_from_json


def vendor_of(credential: Credential) -> str:
    """The vendor's name; the hosts where it is not listed."""
    if credential.connector == UNLISTED:
        return hosts_of(credential)
    known = CONNECTORS.get(credential.connector)
    return credential.connector if known is None else known.title


def hosts_of(credential: Credential) -> str:
    """Where the key may be sent; what is not said to be otherwise is https."""
    return ", ".join(host.removeprefix("https://") for host in credential.hosts)


def expiry_warning(credential: Credential, today: date) -> str:
    """That the key has expired or soon will; empty where there is time."""
    return days_as_chosen(credential.expiry_warning(today) or "")


def type_of(credential: Credential) -> str:
    """How the key is shown to the vendor."""
    known = CONNECTORS.get(credential.connector)
    if credential.sign_in is None:
        if known is not None and credential.kind != ADMIN:
            title = known.kind_title(credential.kind)
            return title[:1].upper() + title[1:]
        return _tr("API Key")
    match sign_in_from_json(credential.sign_in):
        case HeaderKey(header, _):
            return _tr("API Key in {0}").format(header)
        case QueryKey(name):
            return _tr("API Key in ?{0}").format(name)
        case Basic():
            return _tr("Basic Auth")
        case Bearer():
            return _tr("Bearer")


def sign_in_of(credential: Credential) -> SignIn:
    """The way in which the key is shown: the credential's own, else its vendor's."""
    known = CONNECTORS.get(credential.connector)
    if credential.sign_in is not None or known is None:
        return sign_in_from_json(credential.sign_in) if credential.sign_in else Bearer()
    return known.sign_in


def permission_of(credential: Credential) -> str:
    """What it may be used for."""
    return _tr("Read and act") if credential.may_change else _tr("Read")


def place_of_key(credential: Credential) -> str:
    """Where this process takes the key from."""
    return {
        "keyring": _tr("In the keyring"),
        "environment": _tr("From the environment, for this start"),
        "memory": _tr("In memory, for this start"),
        "none": _tr("Nowhere: enter it"),
    }[credential.source]


def expiry_of(credential: Credential) -> str:
    """The day on which it expires; empty where nobody noted one."""
    return day_in_full(credential.expires) if credential.expires is not None else ""


def day_in_full(day: date) -> str:
    """ "21 Nov 2026"."""
    return day_text(day)


def standing_of(credential: Credential) -> Status:
    """Its state: a word and an icon."""
    today = now().astimezone().date()
    match credential.standing(today):
        case Standing.REMOVING:
            return status("waiting", _tr("Being removed"))
        case Standing.NO_KEY:
            return status("failed", _tr("No key"))
        case Standing.EXPIRED:
            return status("expired")
        case Standing.REFUSED:
            return status("failed", _tr("Refused"))
        case Standing.EXPIRES:
            days = (credential.expires - today).days if credential.expires is not None else 0
            words = {0: _tr("Expires today"), 1: _tr("Expires tomorrow")}
            return status("expires", words.get(days, _tr("Expires in {0} days").format(days)))
        case Standing.PARTLY:
            return status("review", _tr("Works in part"))
        case Standing.WORKS:
            return status("yes", _tr("Works"))
        case Standing.NOT_TESTED:
            return status("not_checked", _tr("Not tested"))


def _tr(text: str) -> str:
    return QCoreApplication.translate("Credential", text)
