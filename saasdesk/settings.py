"""What an admin can set for the whole program: typed, and with a default for everything."""

import re
import ssl
from datetime import time
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from saasdesk.currencies import checked_currency
from saasdesk.errors import UserError
from saasdesk.text import is_mail_address


def _none_for_empty(value: object) -> object:
    return (value.strip() or None) if isinstance(value, str) else value


def _split_list(value: object) -> object:
    if not isinstance(value, str):
        return value
    # "Doe, Jane" on a line of its own is one name.
    separator = "\n" if "\n" in value else ","
    return tuple(part.strip() for part in value.split(separator) if part.strip())


NO_PROXY = "none"


def _proxy_address(address: str) -> str:
    if address.casefold() == NO_PROXY:
        return NO_PROXY
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError("it looks like http://proxy.example.com:3128")
    if parts.username or parts.password:
        raise ValueError("a name and password cannot be kept here; use a proxy that knows this computer")
    return address


def _mail_address(address: str) -> str:
    if not is_mail_address(address):
        raise ValueError("it is not a mail address")
    return address


_HOURS = re.compile(r"(\d{1,2}):(\d{2})\s*[-\u2013]\s*(\d{1,2}):(\d{2})", re.ASCII)


def _hours(text: str) -> str:
    found = _HOURS.fullmatch(text)
    if found is None:
        raise ValueError("it looks like 22:00-07:00")
    hour, minute, last_hour, last_minute = map(int, found.groups())
    try:
        begin, end = time(hour, minute), time(last_hour, last_minute)
    except ValueError:
        raise ValueError("a day has hours from 00:00 to 23:59") from None
    if begin == end:
        raise ValueError("it begins and ends at the same time")
    return f"{begin:%H:%M}-{end:%H:%M}"


_EmptyIsNone = BeforeValidator(_none_for_empty)
_Proxy = Annotated[str, AfterValidator(_proxy_address)]
_MailAddress = Annotated[str, AfterValidator(_mail_address)]
_Hours = Annotated[str, AfterValidator(_hours)]


class Settings(BaseModel):
    """The program's settings; each has a default, so a new profile needs none."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    # The network
    extra_ca: Annotated[Path | None, _EmptyIsNone] = Field(
        default=None, description="a PEM file with your company's own certificate authority"
    )
    proxy: Annotated[_Proxy | None, _EmptyIsNone] = Field(
        default=None,
        description="the proxy for every vendor, or “none” for no proxy at all; empty, the system's own settings count",
    )

    # Safety
    protected_records: Annotated[tuple[str, ...], BeforeValidator(_split_list)] = Field(
        default=(), description="usernames and mail addresses that no vendor action may touch, separated by commas"
    )
    destructive_calls_per_run: int = Field(
        default=10,
        ge=0,
        le=10_000,
        description="destructive vendor actions in one workflow run before a person is asked",
    )
    destructive_calls_per_day: int = Field(
        default=25, ge=0, le=100_000, description="destructive vendor actions a day and vendor before a person is asked"
    )
    destructive_percent: int = Field(
        default=10,
        ge=0,
        le=100,
        description="percent of an application's users one run acts on before a person is asked",
    )
    bulk_edit_limit: int = Field(
        default=1_000, ge=1, le=100_000, description="how many records are edited by hand at once"
    )
    workflows_paused: bool = Field(default=False, description="stops every workflow until it is set back")
    scheduling_paused: bool = Field(default=False, description="stops every schedule; set by itself after a restore")

    tray: Literal["ask", "keep", "quit"] = Field(
        default="ask",
        description="what closing the window does where there is a tray: ask, keep running there, or quit",
    )

    # Notices
    quiet_hours: Annotated[_Hours | None, _EmptyIsNone] = Field(
        default=None,
        description="when neither the desktop nor mail tells of notices, in this computer's time, such as 22:00-07:00; "
        "they are told together afterwards",
    )

    # Mail
    smtp_host: Annotated[str | None, _EmptyIsNone] = Field(
        default=None, description="the mail server; without it notices stay in the program"
    )
    smtp_port: int = Field(default=587, ge=1, le=65_535, description="the mail server's port")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="how the connection to the mail server is protected"
    )
    smtp_user: Annotated[str | None, _EmptyIsNone] = Field(default=None, description="the mail account's name")
    mail_sender: Annotated[_MailAddress | None, _EmptyIsNone] = Field(
        default=None, description="the address that mail comes from"
    )

    # Storage and looks
    keep_raw: bool = Field(
        default=True, description="keeps each vendor record as it came, so that a changed mapping can be tried on it"
    )
    log_level: Literal["info", "debug"] = Field(
        default="info",
        description="how much the log says: info is usual, debug has every call without its values",
    )
    theme: Literal["system", "light", "dark"] = Field(default="system", description="the window's colours")
    density: Literal["comfortable", "compact"] = Field(
        default="comfortable", description="how high the rows of lists are: comfortable, or compact to see more of them"
    )
    zoom: int = Field(default=100, ge=80, le=200, description="the window's size in percent")
    motion: Literal["system", "reduced"] = Field(
        default="system", description="what moves in the window: as the desktop wants it, or reduced to nothing"
    )
    numbers: Literal["system", "1,234.56", "1.234,56", "1 234,56"] = Field(
        default="system", description="how the window writes numbers and amounts; files always have a point"
    )
    dates: Literal["words", "iso", "day-first"] = Field(
        default="words",
        description="how the window writes a day: in words (30 Nov 2026), iso (2026-11-30) or day-first (30/11/2026)",
    )

    # Licences and money
    currency: Annotated[str, AfterValidator(checked_currency)] = Field(
        default="EUR", description="the currency of costs, as three letters"
    )
    idle_days: int = Field(default=60, ge=1, le=3_650, description="days without use after which a seat is idle")
    grace_days: int = Field(default=60, ge=0, le=3_650, description="days in which a newly given seat is never idle")


SETTING_KEYS: tuple[str, ...] = tuple(Settings.model_fields)


def parse_setting(key: str, text: str) -> Any:
    """The value that this text means for this key, or a sentence naming the key and what it takes."""
    if key not in SETTING_KEYS:
        raise UserError(f"There is no setting “{key}”. There are: {', '.join(SETTING_KEYS)}.")
    reason = why_not(key, text)
    if reason:
        # A proxy's address may hold a password.
        shown = "that" if key == "proxy" else repr(text)
        raise UserError(f"The setting {key} cannot be {shown}: {reason}. It is {help_for(key)}.")
    value = getattr(Settings.model_validate({key: text}), key)
    if key == "extra_ca" and value is not None:
        return _certificate_file(value)
    return value


def why_not(key: str, text: str) -> str:
    """Why a setting cannot be this, as the end of a sentence; empty when it can. No file is looked at."""
    try:
        Settings.model_validate({key: text})
    except ValidationError as error:
        problem = error.errors()[0]
        facts = problem.get("ctx", {})
        match problem["type"]:
            case "greater_than_equal":
                return f"it is {facts['ge']:,} at least"
            case "less_than_equal":
                return f"it is {facts['le']:,} at most"
            case "int_parsing" | "int_type" | "int_from_float" | "int_parsing_size":
                return "it is a whole number"
            case "bool_parsing" | "bool_type":
                return "it is true or false"
            case "literal_error":
                return f"it is {facts['expected']}".replace("'", "")
            case _:
                return problem["msg"].removeprefix("Value error, ")
    return ""


def setting_text(value: object) -> str:
    """A setting's value as an admin would type it."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case tuple():
            return "\n".join(value) + "\n" if any("," in part for part in value) else ", ".join(value)
        case _:
            return str(value)


def default_text(key: str) -> str:
    """What a setting is without anybody's doing, as an admin would type it; empty where there is no such setting."""
    return setting_text(getattr(Settings(), key, None))


def help_for(key: str) -> str:
    """What a setting is for, as the end of the sentence "It is …"."""
    return Settings.model_fields[key].description or key


def _certificate_file(path: Path) -> Path:
    # Looked at when it is set, not when it is read: a file that went away must not keep the program from starting.
    path = path.expanduser().absolute()
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UserError(f"The setting extra_ca cannot be “{path}”: {error.strerror}.") from error
    if b"-----BEGIN CERTIFICATE-----" not in content:
        raise UserError(f"The setting extra_ca cannot be “{path}”: it holds no certificate in PEM form.")
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=content.decode("ascii", "replace"))
    except (ssl.SSLError, ValueError):
        raise UserError(
            f"The setting extra_ca cannot be “{path}”: its certificate cannot be read. Export it anew, as PEM (Base64)."
        ) from None
    return path
