"""A request that an admin wrote: where it goes, what it carries, what it does to the vendor, what counts as success."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal
from urllib.parse import quote, urlsplit

import orjson
from pydantic import Field

from saasdesk.connectors import Connector, Danger, Look, Preset
from saasdesk.credentials import UNLISTED, Credential
from saasdesk.errors import ExitCode, UserError
from saasdesk.mapping import TemplateProblem
from saasdesk.web import Origin, host_of, path_segment
from saasdesk.workflows.blocks.form import Choice, FieldKind, FormField, field_choices
from saasdesk.workflows.blocks.json_template import JsonTemplate
from saasdesk.workflows.blocks.kind import BlockSettings, Fault, Visit, Words, World
from saasdesk.workflows.blocks.texts import filled
from saasdesk.workflows.requests import PresetRequest

OWN = "own_request"
_EXPRESSION = re.compile(r"\{\{.*?\}\}", re.DOTALL)
# The key goes along by the credential, and what carries the request is not the admin's to set.
_NOT_OURS = frozenset(
    {"authorization", "proxy-authorization", "cookie", "host", "content-length", "transfer-encoding", "connection"}
)
_ANY_SUCCESS = frozenset(range(200, 300))

_METHODS = tuple(Choice(name, name) for name in ("GET", "POST", "PUT", "PATCH", "DELETE"))
_DOES = (
    Choice(
        "destroys", "Deletes or closes something", "asks for the number before it runs, and counts against the caps"
    ),
    Choice("changes", "Changes something that can be changed back", "shown in the plan"),
)


class OwnRequest(BlockSettings):
    """The keys of the API block that count in Advanced Mode."""

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE"] = "GET"
    url: str = Field(default="", max_length=2_000)
    params: dict[str, str] = Field(default_factory=dict)
    headers: dict[str, str] = Field(default_factory=dict)
    body: str = Field(default="", max_length=100_000)
    # What a call that writes does; whatever an admin does not call harmless destroys.
    does: Literal["destroys", "changes"] = "destroys"
    success_statuses: tuple[int, ...] = Field(default=(), max_length=50)
    success_path: str = Field(default="", max_length=200)
    success_value: str = Field(default="", max_length=200)


def danger_of(method: object, does: object) -> Danger:
    """What a request of one's own does: GET reads, and all else destroys unless it is marked as harmless."""
    if method == "GET":
        return Danger.READS
    return Danger.CHANGES if does == "changes" and method != "DELETE" else Danger.DESTROYS


def own_faults(own: OwnRequest, credential_name: str, world: World) -> Iterator[Fault]:
    """What keeps it from being sent."""
    credential = world.credentials.get(credential_name)
    if not credential_name:
        yield Fault("Credential is missing.", "credential", "fill_in")
    elif credential is None:
        yield Fault(f"There is no credential “{credential_name}”.", "credential", "choose_credential")
    elif danger_of(own.method, own.does) is not Danger.READS and not credential.may_change:
        yield Fault(_MAY_ONLY_READ.format(name=credential.name, method=own.method), "credential", "choose_credential")
    if not own.url.strip():
        yield Fault("URL is missing.", "url", "fill_in")
    elif credential is not None:
        yield from _address_faults(own.url.strip(), credential)
    for name in own.headers:
        if name.strip().lower() in _NOT_OURS:
            yield Fault(f"The header {name} cannot be set here: the credential brings the key along.", "headers")
    if own.body.strip():
        if own.method == "GET":
            yield Fault("A GET request carries no body.", "body", "remove_setting")
        try:
            JsonTemplate(own.body)
        except TemplateProblem as problem:
            yield Fault(f"The body: {problem}", "body")
    for status in own.success_statuses:
        if not 100 <= status <= 599:
            yield Fault(f"{status} is no HTTP status.", "success_statuses")
    if bool(own.success_path.strip()) != bool(own.success_value.strip()):
        yield Fault("A condition on the answer needs both a path and the value that must stand there.", "success_path")


_MAY_ONLY_READ = "“{name}” may only read, and {method} changes something. Use a credential that may act."


def _address_faults(url: str, credential: Credential) -> Iterator[Fault]:
    place = _EXPRESSION.sub("x", url)
    if url.startswith("/"):
        return
    try:
        origin = Origin.of(place)
    except UserError as problem:
        yield Fault(f"The address: {problem} Or begin with / for a path of the vendor's own host.", "url")
        return
    if origin not in credential.origins or _EXPRESSION.search(url.partition("://")[2].partition("/")[0]):
        hosts = ", ".join(sorted(known.host for known in credential.origins))
        yield Fault(f"“{credential.name}” goes to {hosts} only, and not to {origin.host}.", "url")


def own_words(own: OwnRequest) -> Iterator[Words]:
    """The texts in which templates can stand."""
    yield Words("The address", "url", own.url)
    for name, text in own.params.items():
        yield Words(f"The parameter {name}", "params", text)
    for name, text in own.headers.items():
        yield Words(f"The header {name}", "headers", text)
    try:
        expressions = JsonTemplate(own.body).expressions if own.body.strip() else []
    except TemplateProblem:
        expressions = []
    for text in expressions:
        yield Words("The body", "body", text)


def compose_own(
    own: OwnRequest, title: str, connector: Connector | None, credential: Credential, visit: Visit
) -> PresetRequest:
    """The request for one record; raises where a template finds nothing, or an id could lead elsewhere."""
    danger = danger_of(own.method, own.does)
    if danger is not Danger.READS and not credential.may_change:
        raise UserError(_MAY_ONLY_READ.format(name=credential.name, method=own.method), ExitCode.CREDENTIAL)
    url = _filled_address(own.url.strip(), visit)
    value = _value(own.success_value)
    statuses = frozenset(own.success_statuses) or _ANY_SUCCESS
    preset = Preset(
        key=OWN,
        title=title,
        method=own.method,
        path=own.url,
        danger=danger,
        success=Look(statuses, own.success_path.strip(), value) if own.success_path.strip() else Look(statuses),
        kind=credential.kind,
        is_own=True,
        is_irreversible=danger is Danger.DESTROYS,
    )
    origin, path = "", url
    if url.startswith("/"):
        base = credential.base_url or (connector.base_url({}) if connector is not None else credential.hosts[0])
        host = host_of(base)
    else:
        # The session sends it there only if the key is bound to it.
        place = Origin.of(url)
        host, origin, path = host_of(url), str(place), "/" + url.partition("://")[2].partition("/")[2]
    return PresetRequest(
        preset,
        UNLISTED if connector is None else connector.key,
        host,
        path,
        own.url,
        {},
        params={name: filled(text, visit) for name, text in own.params.items()},
        body=JsonTemplate(own.body).fill(visit) if own.body.strip() else None,
        headers={name.strip(): filled(text, visit).strip() for name, text in own.headers.items()},
        origin=origin,
    )


def _filled_address(url: str, visit: Visit) -> str:
    """The address with its values, each of which stays one part of the path or one value of the query."""
    query_begins = urlsplit(_EXPRESSION.sub(lambda found: "x" * len(found[0]), url)).query
    border = len(url) - len(query_begins) if query_begins else len(url)

    def value(found: re.Match[str]) -> str:
        text = filled(found[0], visit)
        return path_segment(text) if found.start() < border else quote(text, safe="")

    return _EXPRESSION.sub(value, url)


def _value(text: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text


def own_form(settings: Mapping[str, Any], credential: FormField, world: World) -> tuple[FormField, ...]:
    """The tabs of Advanced Mode."""
    names = field_choices(world.fields)
    method = settings.get("method", "GET")
    fields = [
        FormField("method", "Method", FieldKind.CHOICE, choices=_METHODS, default="GET", tab="Information"),
        FormField(
            "url",
            "URL",
            FieldKind.TEMPLATE,
            "A path such as /users/{{ pager_duty_user_id }} at the vendor, or a whole address that the credential may "
            "go to.",
            required=True,
            choices=names,
            tab="Information",
        ),
    ]
    if method != "GET":
        fields.append(
            FormField(
                "does",
                "What it does",
                FieldKind.CHOICE,
                "DELETE always counts as deleting." if method == "DELETE" else "",
                choices=_DOES[:1] if method == "DELETE" else _DOES,
                default="destroys",
                tab="Information",
            )
        )
    fields += [
        credential,
        FormField("params", "Params", FieldKind.PAIRS, choices=names, tab="Params"),
        FormField("headers", "Headers", FieldKind.PAIRS, choices=names, tab="Headers"),
    ]
    if method != "GET":
        fields.append(FormField("body", "JSON", FieldKind.JSON_TEMPLATE, choices=names, default="", tab="Body"))
    return (
        *fields,
        FormField(
            "success_statuses",
            "Statuses that count as success",
            FieldKind.STATUSES,
            "Without any, every 2xx.",
            default=(),
            tab="Validation",
        ),
        FormField(
            "success_path",
            "Path in the answer",
            FieldKind.TEXT,
            "Such as user.status; without one, the status alone decides.",
            default="",
            tab="Validation",
        ),
        FormField("success_value", "Value that must stand there", FieldKind.TEXT, default="", tab="Validation"),
    )
