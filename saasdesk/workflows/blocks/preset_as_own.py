"""A preset's request written out as one of the admin's own: what Advanced Mode begins with."""

import re
from collections.abc import Mapping
from typing import Any

import orjson

from saasdesk.connectors import Connector, Danger, Preset
from saasdesk.credentials import Credential
from saasdesk.errors import UserError

_NAME = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_MOST_STATUSES = 50


def preset_as_own(
    connector: Connector, preset: Preset, credential: Credential | None, entered: Mapping[str, str]
) -> dict[str, Any]:
    """The settings of an own request that sends the same; what was entered and what the credential has is put in.

    A name that neither has stays as it is: it is a field of the record, or is told as missing.
    """
    values = {**_of_credential(connector, credential), **{known.key: "" for known in preset.inputs}, **entered}
    numbers = {known.key for known in preset.inputs if known.is_number}

    def filled(text: str) -> str:
        return _NAME.sub(lambda match: values.get(match[1], match[0]), text)

    written: dict[str, Any] = {
        "method": preset.method,
        "url": filled(preset.path),
        "params": {name: text for name, template in preset.params.items() if (text := filled(template))},
    }
    if preset.danger is Danger.CHANGES:
        written["does"] = "changes"
    if preset.body is not None:
        written["body"] = _json(preset.body, filled, numbers)
    if len(preset.success.statuses) <= _MOST_STATUSES:
        written["success_statuses"] = sorted(preset.success.statuses)
    return {key: value for key, value in written.items() if value not in ("", {}, [])}


def _of_credential(connector: Connector, credential: Credential | None) -> dict[str, str]:
    if credential is None:
        return {}
    try:
        return connector.clean_inputs(credential.inputs)
    except UserError:
        # Told where the credential is kept; here its names simply stay names.
        return {}


def _json(body: Any, filled: Any, numbers: set[str]) -> str:
    """The body as text; a key whose input is empty is left out, and a number stands without quotes."""
    bare: list[str] = []

    def part(value: Any) -> Any:
        if isinstance(value, Mapping):
            parts = {key: part(inner) for key, inner in value.items()}
            return {key: inner for key, inner in parts.items() if inner != ""}
        if isinstance(value, list | tuple):
            return [part(inner) for inner in value]
        if not isinstance(value, str):
            return value
        text: str = filled(value)
        name = _NAME.fullmatch(value)
        if text and name is not None and name[1] in numbers:
            bare.append(text)
        return text

    text = orjson.dumps(part(body), option=orjson.OPT_INDENT_2).decode()
    for number in bare:
        text = text.replace(f'"{number}"', number, 1)
    return text
