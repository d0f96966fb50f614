"""`saasdesk credential`: keys in the keyring of the operating system; no command shows one."""

from datetime import date
from typing import Any

import typer

from saasdesk.cli.desk import Desk
from saasdesk.cli.json_only import JSON_ONLY
from saasdesk.cli.progress import describe
from saasdesk.cli.signing_in import sign_in_of, unlisted
from saasdesk.clock import now
from saasdesk.connectors import Connector
from saasdesk.connectors import connector as find_connector
from saasdesk.credentials import UNLISTED, Credential, UnlistedVendor, environment_name
from saasdesk.credentials.unlisted import TEST_ADDRESS, address_of
from saasdesk.errors import UserError
from saasdesk.jobs import Tell
from saasdesk.sync.integrations import users_of_credential
from saasdesk.sync.probing import NewKey, probe_credential, replace_key
from saasdesk.workflows.credentials import delete_credential, rename_credential

NAME = "credential"
app = typer.Typer(help="Keys, kept in the operating system's keyring.")


@app.command("set", help="Add a credential, or replace its key. The key comes from a prompt, or from a pipe.")
def set_one(
    ctx: typer.Context,
    name: str,
    connector: str = typer.Option(..., "--connector", metavar="ID"),
    kind: str | None = typer.Option(None, "--kind", metavar="admin|scim"),
    permission: str | None = typer.Option(None, "--permission", metavar="read|act", help="read unless said otherwise."),
    inputs: list[str] = typer.Option([], "--input", metavar="KEY=VALUE"),
    base_url: str | None = typer.Option(None, "--base-url", metavar="URL"),
    expires: str | None = typer.Option(None, "--expires", metavar="DATE"),
    no_secret: bool = typer.Option(False, "--no-secret", help="Only the record: the key comes from the environment."),
    hosts: list[str] = typer.Option([], "--host", metavar="HOST", help="With --connector other: where the key may go."),
    header: str | None = typer.Option(None, "--header", metavar="NAME", help="The key stands in this header."),
    scheme: str = typer.Option("", "--scheme", metavar="TEXT", help="What stands before it there, such as Bearer."),
    query: str | None = typer.Option(None, "--query", metavar="NAME", help="The key stands in the address."),
    basic: bool = typer.Option(False, "--basic", help="The key is name:password."),
    bearer: bool = typer.Option(False, "--bearer", help="The key is a bearer token."),
    test_address: str | None = typer.Option(None, "--test-address", metavar="URL", help="What a test of it reads."),
    owner: str | None = typer.Option(None, "--owner", metavar="TEXT"),
    notes: str | None = typer.Option(None, "--notes", metavar="TEXT"),
) -> None:
    """Add or replace a credential."""
    desk: Desk = ctx.obj
    sign_in = sign_in_of(header, scheme, query, basic=basic, bearer=bearer)
    values = dict(_pair(text) for text in inputs)
    vendor: Connector | UnlistedVendor
    if connector == UNLISTED:
        vendor = unlisted(hosts, sign_in)
        sign_in = vendor.sign_in
        if test_address is not None:
            values[TEST_ADDRESS] = address_of(vendor.hosts, test_address)
    else:
        vendor = find_connector(connector)
        _check_listed(vendor, kind, values)
        if hosts or test_address is not None:
            raise UserError(f"--host and --test-address go with --connector {UNLISTED}.")
    if permission not in {None, "read", "act"}:
        raise UserError("--permission is read or act.")
    words = "Key" if isinstance(vendor, UnlistedVendor) else _key_words(vendor, kind)
    secret = None if no_secret else desk.terminal.read_secret(f"{words} for {vendor.title}: ")
    with desk.writing() as services:
        saved = services.vault.set(
            name,
            vendor,
            secret,
            kind=kind,
            permission=permission,
            inputs=values,
            base_url=base_url,
            expires=_date(expires),
            sign_in=sign_in,
            owner=owner,
            notes=notes,
        )
    desk.terminal.say(f"“{saved.name}” is saved; key: {saved.source}.")
    _warn(desk, saved)


def _check_listed(vendor: Connector, kind: str | None, values: dict[str, str]) -> None:
    if kind not in {None, "admin", "scim"}:
        raise UserError("--kind is admin or scim.")
    vendor.of_kind(kind or "admin")
    known = {declared.key for declared in vendor.inputs}
    for key in values:
        if key not in known:
            raise UserError(
                f"--input {key}: {vendor.title} has no such input. Known: {', '.join(sorted(known)) or 'none'}."
            )


@app.command("replace", help="Put a new key in the place of the old one, once the vendor has accepted it.")
def replace_one(
    ctx: typer.Context,
    name: str,
    expires: str | None = typer.Option(None, "--expires", metavar="DATE", help="The new key's own."),
) -> None:
    """Replace a key."""
    desk: Desk = ctx.obj
    day = _date(expires)
    with desk.reading() as services:
        name = services.vault.find(name).name
    secret = desk.terminal.read_secret(f"New key of {name}: ")
    with desk.writing() as services, desk.terminal.cancellable() as stop:
        new = NewKey(secret, day)
        found = replace_key(services.store, services.vault, name, new, _teller(desk), stop)
    desk.terminal.say(f"The new key of “{name}” works; it opens {found.identity}. The old one is gone from here.")


@app.command("rename", help="Give a credential another name; integrations and workflows that use it follow.")
def rename_one(ctx: typer.Context, name: str, new: str) -> None:
    """Rename a credential."""
    desk: Desk = ctx.obj
    with desk.writing() as services:
        before = services.vault.find(name)
        saved = rename_credential(services.vault, name, new)
    desk.terminal.say(f"“{before.name}” is “{saved.name}” now.")
    if before.source == "environment" and saved.source != "environment":
        desk.terminal.note(
            f"Its key came from {environment_name(before.name)}: set {environment_name(saved.name)} now."
        )


def _key_words(connector: Connector, kind: str | None) -> str:
    """What is asked for at the prompt."""
    return connector.kind_title(kind or "admin").capitalize()


@app.command("list", help="All credentials; no key is shown.")
def list_all(ctx: typer.Context, as_json: bool = JSON_ONLY) -> None:
    """All credentials."""
    desk: Desk = ctx.obj
    with desk.reading() as services:
        rows: list[dict[str, Any]] = [
            {
                "name": credential.name,
                "connector": credential.connector,
                "kind": credential.kind,
                "permission": credential.permission,
                "source": credential.source,
                "expires": credential.expires,
                "hosts": list(credential.hosts),
                "inputs": credential.inputs,
                "last_tested": credential.last_tested_at,
                "last_used": credential.last_used_at,
                "used_by": users_of_credential(services.store, credential.name),
            }
            for credential in services.vault.list()
        ]
    if as_json:
        desk.terminal.json(rows)
        return
    desk.terminal.table(
        ("Name", "Connector", "Kind", "Permission", "Key", "Expires", "Used by"),
        (
            (r["name"], r["connector"], r["kind"], r["permission"], r["source"], r["expires"], ", ".join(r["used_by"]))
            for r in rows
        ),
    )


@app.command("test", help="Try the key: which features work, and what to change where one does not.")
def test(ctx: typer.Context, name: str, as_json: bool = JSON_ONLY) -> None:
    """Try a key."""
    desk: Desk = ctx.obj
    with desk.writing() as services, desk.terminal.cancellable() as stop:
        probe = probe_credential(services.store, services.vault, name, _teller(desk), stop)
        _warn(desk, services.vault.find(name))
    if as_json:
        features = [{"feature": f.name, "works": f.works, "advice": f.advice} for f in probe.features]
        desk.terminal.json({"credential": name, "identity": probe.identity, "features": features})
        return
    desk.terminal.say(f"The key works; it opens {probe.identity}.")
    if not probe.features:
        return
    words = {True: "yes", False: "no", None: "not checked"}
    desk.terminal.table(
        ("Feature", "Works", "What to change"), ((f.name, words[f.works], f.advice) for f in probe.features)
    )


@app.command("delete", help="Remove a credential; refused while integrations or workflows use it, unless --force.")
def delete(ctx: typer.Context, name: str, force: bool = typer.Option(False, "--force")) -> None:
    """Remove a credential."""
    desk: Desk = ctx.obj
    with desk.writing() as services:
        stopped = delete_credential(services.store, services.vault, name, force=force)
    desk.terminal.say(f"“{name}” is gone." + (f" These cannot run any more: {', '.join(stopped)}." if stopped else ""))


def _teller(desk: Desk) -> Tell:
    """Say what goes on: five tries at a vendor that is not there take most of a minute."""

    def tell(news: object) -> None:
        if (text := describe(news)) is not None:
            desk.terminal.note(text)

    return tell


def _warn(desk: Desk, credential: Credential) -> None:
    """Say when a key is about to expire, or has."""
    warning = credential.expiry_warning(now().astimezone().date())
    if warning:
        desk.terminal.note(warning)


def _pair(text: str) -> tuple[str, str]:
    key, separator, value = text.partition("=")
    if not separator or not key.strip():
        raise UserError(f"--input {text}: write it as KEY=VALUE.")
    return key.strip(), value.strip()


def _date(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserError(f"--expires {text}: write the date as YYYY-MM-DD.") from None
