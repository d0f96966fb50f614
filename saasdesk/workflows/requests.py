"""From a preset and a record to the one request that would be sent. Whatever is missing or odd is refused here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from saasdesk.connectors import CONNECTORS, Connector, Danger, Preset, ReadBack
from saasdesk.connectors.pages import value_at
from saasdesk.credentials import Credential
from saasdesk.errors import ExitCode, UserError
from saasdesk.fields import Field
from saasdesk.web import VendorSession, host_of, path_segment
from saasdesk.workflows.record import RecordView

_NAME = re.compile(r"\{\{\s*(\w+)\s*\}\}")
# With the quotation marks round it, if there are any: what stands between them must not be able to end them.
_QUOTED_OR_NOT = re.compile(r'(")?\{\{\s*(\w+)\s*\}\}(?(1)")')

# What stands in a plan for a value that only a look-up finds.
LOOKED_UP = "(looked up first)"
# And for the id of what the request itself makes.
NEW_ID = "(made by the request)"


@dataclass(frozen=True, slots=True)
class PresetRequest:
    """A request as a plan shows it and a run sends it; `targets` are the record's values that say whom it is about.

    `path` has its values in the place of `path_template`'s names. No key is in it.
    """

    preset: Preset
    connector: str
    host: str
    path: str
    path_template: str
    targets: Mapping[str, str]
    # The vendor's id of the user whom it is about; empty where it is about none.
    user_id: str = ""
    params: Mapping[str, str] = field(default_factory=dict)
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    # Scheme and host, where it does not go to the credential's own address.
    origin: str = ""
    # Path and parameters of the read that comes first, where there is one.
    look_up: tuple[str, Mapping[str, str]] | None = None
    # The path of the read that is made before, and what has to stand in its answer; and how the outcome is read back.
    precheck: tuple[str, tuple[tuple[str, str | bool, str], ...]] | None = None
    read_back: ReadBack | None = None

    @property
    def address(self) -> str:
        """What a session is asked for: a path of its own host, or a whole address."""
        return f"{self.origin}{self.path}"

    @property
    def vendor(self) -> str:
        """What the vendor is called; its host, where no connector knows it."""
        known = CONNECTORS.get(self.connector)
        return self.host if known is None else known.title

    @property
    def is_irreversible(self) -> bool:
        """Whether nothing brings back what it takes away."""
        return self.preset.danger is Danger.DESTROYS and self.preset.is_irreversible

    @property
    def line(self) -> str:
        """The first line of the request: method, host and path."""
        return f"{self.preset.method} {self.host}{self.path}"


def find_preset(connectors: Mapping[str, Connector], key: str) -> tuple[Connector, Preset]:
    """The preset of this key and its vendor; a UserError where no connector has it."""
    for connector in connectors.values():
        for preset in connector.presets:
            if preset.key == key:
                return connector, preset
    raise UserError(f"There is no preset “{key}”. `saasdesk connectors` lists them.")


def refuse_unfit(connector: Connector, preset: Preset, credential: Credential) -> None:
    """Raise unless this key may send this preset; asked when a workflow is checked, planned and run."""
    if credential.connector != connector.key:
        theirs = CONNECTORS.get(credential.connector)
        raise UserError(
            f"“{credential.name}” is a credential for {theirs.title if theirs else credential.connector}, and "
            f"{preset.title} belongs to {connector.title}. Choose another.",
            ExitCode.CREDENTIAL,
        )
    if credential.kind != preset.kind:
        raise UserError(
            f"{preset.title} takes a {connector.kind_title(preset.kind)}; “{credential.name}” is a "
            f"{connector.kind_title(credential.kind)}.",
            ExitCode.CREDENTIAL,
        )
    if preset.danger is not Danger.READS and not credential.may_change:
        raise UserError(
            f"“{credential.name}” may only read, and {preset.title} changes something at {connector.title}. "
            "Use a credential that may act, or allow it to this one.",
            ExitCode.CREDENTIAL,
        )


def compose(
    connector: Connector,
    preset: Preset,
    credential: Credential,
    record: RecordView,
    entered: Mapping[str, str],
    fields: Mapping[str, Field] | None = None,
) -> PresetRequest:
    """The request for one record. `entered` are the preset's inputs; what only a look-up finds is marked as such.
    A refusal calls a field as `fields` does.

    A value that is empty raises: a request about nobody must never become one about everybody.
    """
    refuse_unfit(connector, preset, credential)
    known = fields or {}
    labels = {need: known[need].label if need in known else need for need in preset.needs}
    targets = {need: _needed(connector, preset, record, need, label) for need, label in labels.items()}
    values = {**connector.clean_inputs(credential.inputs), **_inputs(preset, entered), **targets}

    def path_of(template: str) -> str:
        return _NAME.sub(lambda match: _in_path(values, match[1], preset, connector), template)

    look_up = None
    if preset.look_up is not None:
        look_up = (path_of(preset.look_up.path), _params(preset.look_up.params, values))
        values[preset.look_up.fills] = LOOKED_UP
    values["new_id"] = NEW_ID
    return PresetRequest(
        preset,
        connector.key,
        host_of(connector.base_url({"base_url": credential.base_url or ""})),
        path_of(preset.path).replace(path_segment(LOOKED_UP), LOOKED_UP),
        preset.path,
        targets,
        user_id=next((targets[need] for need in preset.needs if need in _user_fields(connector)), ""),
        params=_params(preset.params, values),
        body=None if preset.body is None else _filled(preset.body, values, _numbers(preset)),
        look_up=look_up,
        precheck=None
        if preset.precheck is None
        else (
            path_of(preset.precheck.path),
            tuple((at, _filled(wanted, values, frozenset()), words) for at, wanted, words in preset.precheck.expects),
        ),
        read_back=None
        if preset.read_back is None
        else _read_back(preset.read_back, path_of(preset.read_back.path), values, _numbers(preset)),
    )


def with_found(request: PresetRequest, found: str) -> PresetRequest:
    """The request with what its look-up found."""
    back = request.read_back
    return replace(
        request,
        path=request.path.replace(LOOKED_UP, path_segment(found)),
        read_back=None if back is None else replace(back, path=back.path.replace(LOOKED_UP, path_segment(found))),
    )


def _read_back(declared: ReadBack, path: str, values: Mapping[str, str], numbers: frozenset[str]) -> ReadBack:
    for marker in (LOOKED_UP, NEW_ID):
        path = path.replace(path_segment(marker), marker)
    shows = tuple(
        (replace(look, value=_filled(look.value, values, numbers), begins=_text(look.begins, values)), shown)
        for look, shown in declared.shows
    )
    body = None if declared.body is None else _filled(declared.body, values, numbers)
    return replace(declared, path=path, params=_params(declared.params, values), body=body, shows=shows)


def looked_up(session: VendorSession, request: PresetRequest) -> PresetRequest | None:
    """The request with the id that only the vendor knows; None where it knows nobody."""
    look_up = request.preset.look_up
    if look_up is None or request.look_up is None:
        return request
    path, params = request.look_up
    answer = session.get(path, params, doing="look the user up", path_template=look_up.path)
    value = value_at(answer.json(), look_up.value_path)
    return with_found(request, str(value)) if isinstance(value, str | int) and str(value).strip() else None


def _needed(connector: Connector, preset: Preset, record: RecordView, need: str, label: str) -> str:
    text = record.text(need).strip()
    if not text:
        raise UserError(f"{label} is empty on {record.label}, and {preset.title} needs it. Nothing was sent.")
    if need in id_fields(connector) and not re.fullmatch(connector.users.id_pattern, text):
        raise UserError(
            f"{label} of {record.label} is “{text[:60]}”, which is no id of {connector.title}. Nothing was sent."
        )
    return text


def id_fields(connector: Connector) -> set[str]:
    """The External IDs of the fields that hold ids as the vendor's list has them."""
    sources = {known.id for known in connector.fields if known.path == connector.users.id_path}
    mapped = {row.target for row in connector.default_mapping if row.source in sources}
    return mapped if connector.users.licence_rows is not None else {"saas_user_id", *mapped}


def _user_fields(connector: Connector) -> set[str]:
    """The External IDs of the fields by which the vendor can be asked for one user."""
    return {"saas_user_id", "email"} if connector.users.licence_rows is not None else id_fields(connector)


def _inputs(preset: Preset, entered: Mapping[str, str]) -> dict[str, str]:
    values: dict[str, str] = {}
    for declared in preset.inputs:
        text = declared.clean(entered.get(declared.key, "")) or declared.default
        if declared.required and not text:
            raise UserError(f"{preset.title} needs {declared.label}.")
        values[declared.key] = text
    return values


def _in_path(values: Mapping[str, str], name: str, preset: Preset, connector: Connector) -> str:
    text = values.get(name, "")
    if not text:
        raise UserError(
            f"{preset.title} needs {name}, which neither the credential for {connector.title} nor the record has."
        )
    return path_segment(text)


def _params(templates: Mapping[str, str], values: Mapping[str, str]) -> dict[str, str]:
    """The parameters; one whose value was left empty is not sent."""
    filled = {name: _text(template, values) for name, template in templates.items()}
    return {name: text for name, text in filled.items() if text}


def _text(template: str, values: Mapping[str, str]) -> str:
    def value(match: re.Match[str]) -> str:
        text = values.get(match[2], "")
        if match[1] is None:
            return text
        escaped = text.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'

    return _QUOTED_OR_NOT.sub(value, template)


def _numbers(preset: Preset) -> frozenset[str]:
    return frozenset(declared.key for declared in preset.inputs if declared.is_number)


def _filled(part: Any, values: Mapping[str, str], numbers: frozenset[str]) -> Any:
    """The body with its values; a key whose input was left empty is left out rather than sent empty."""
    if isinstance(part, Mapping):
        filled = {key: _filled(inner, values, numbers) for key, inner in part.items()}
        return {key: inner for key, inner in filled.items() if inner != ""}
    if isinstance(part, list | tuple):
        return [_filled(inner, values, numbers) for inner in part]
    if not isinstance(part, str):
        return part
    whole = _NAME.fullmatch(part)
    if whole is None:
        return _NAME.sub(lambda match: values.get(match[1], ""), part)
    text = values.get(whole[1], "")
    return int(text) if text and whole[1] in numbers else text
