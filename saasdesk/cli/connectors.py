"""`saasdesk connectors`: which vendors are supported, and what each offers."""

from typing import Any

import typer

from saasdesk.cli.desk import Desk
from saasdesk.cli.json_only import JSON_ONLY
from saasdesk.connectors import ADMIN, ASSETS, CONNECTORS, Connector, VendorField


def add_to(app: typer.Typer) -> None:
    """Add the command."""

    @app.command("connectors", help="What is supported: vendor, inputs, sign-in, source fields, presets.")
    def connectors(ctx: typer.Context, as_json: bool = JSON_ONLY) -> None:
        desk: Desk = ctx.obj
        if as_json:
            desk.terminal.json([describe(connector) for connector in CONNECTORS.values()])
            return
        desk.terminal.table(
            ("Connector", "Vendor", "Objects", "Inputs", "Fields", "Presets"),
            (
                (
                    connector.key,
                    connector.title,
                    ", ".join(connector.objects),
                    ", ".join(declared.key for declared in connector.inputs),
                    ", ".join(field.label for field in connector.all_fields()),
                    ", ".join(preset.title for preset in connector.presets),
                )
                for connector in CONNECTORS.values()
            ),
        )


def describe(connector: Connector) -> dict[str, Any]:
    """A connector as JSON."""
    return {
        "connector": connector.key,
        "vendor": connector.title,
        "objects": list(connector.objects),
        "regions": [{"name": region.name, "base_url": region.base_url} for region in connector.regions],
        "auth": type(connector.sign_in).__name__,
        "inputs": [{"key": i.key, "label": i.label, "required": i.required, "help": i.help} for i in connector.inputs],
        "kinds": [
            {"kind": ADMIN, "title": "Key", "needs": [i.key for i in connector.inputs if i.required]},
            *({"kind": k.key, "title": k.title, "needs": list(k.needs)} for k in connector.kinds),
        ],
        "fields": [{"id": f.id, "label": f.label, "type": f.type.value} for f in connector.all_fields()],
        "asset_fields": [{"id": f.id, "label": f.label, "type": f.type.value} for f in _asset_fields(connector)],
        "presets": [
            {"name": p.title, "method": p.method, "danger": p.danger.value, "kind": p.kind} for p in connector.presets
        ],
        "key": {
            "where": list(connector.help.where_to_make_the_key),
            "role": connector.help.role_needed,
            "documentation": connector.help.documentation,
        },
    }


def _asset_fields(connector: Connector) -> tuple[VendorField, ...]:
    return connector.loading(ASSETS).all_fields() if ASSETS in connector.objects else ()
