"""The settings as the database keeps them."""

import json
from typing import Any

import orjson
from pydantic import ValidationError

from saasdesk.settings import SETTING_KEYS, Settings, parse_setting, setting_text
from saasdesk.store import audit
from saasdesk.store.connections import Connection


def read_settings(db: Connection) -> Settings:
    """The settings; what cannot be understood any more counts as not set."""
    return Settings.model_validate(_usable(db))


def unusable_settings(db: Connection) -> list[str]:
    """The keys whose stored values cannot be understood: somebody else wrote them."""
    return sorted(_stored(db).keys() - _usable(db).keys())


def write_setting(db: Connection, key: str, text: str) -> None:
    """Keep a setting that an admin typed, and note it in the audit log."""
    value = parse_setting(key, text)
    before = setting_text(getattr(read_settings(db), key))
    after = setting_text(value)
    content = Settings.model_validate({key: value}).model_dump(mode="json")[key]
    db.execute_sql("INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)", (key, json.dumps(content)))
    if before != after:
        audit.record(db, "setting.changed", key, {"before": before, "after": after})


def _stored(db: Connection) -> dict[str, Any]:
    rows = db.execute_sql("SELECT key, value FROM setting").fetchall()
    return {key: _parsed(value) for key, value in rows if key in SETTING_KEYS}


def _usable(db: Connection) -> dict[str, Any]:
    stored = _stored(db)
    try:
        Settings.model_validate(stored)
    except ValidationError as error:
        refused = {problem["loc"][0] for problem in error.errors()}
        return {key: value for key, value in stored.items() if key not in refused}
    return stored


def _parsed(text: str) -> object:
    try:
        value: object = orjson.loads(text)
    except orjson.JSONDecodeError:
        return object()
    return value
