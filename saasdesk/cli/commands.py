"""All commands under one roof: parses the arguments and answers with an exit code."""

from collections.abc import Sequence
from importlib import import_module

import typer
from typer.exceptions import TyperException

from saasdesk import __version__
from saasdesk.cli.conditions import join_conditions
from saasdesk.cli.desk import Desk
from saasdesk.errors import Cancelled, ExitCode, UserError

_HELP = (
    "People, licences and accounts from your vendors' APIs, in a database of your own. Without a command: the window."
)

# Word → the module that has this command. One command loads its own module only: all of them together, the simulator
# among them, would take longer than most commands.
MODULES = {
    "connectors": "connectors",
    "run": "run",
    "sessions": "session",
    "session": "session",
    "people": "records",
    "saas-users": "records",
    "software": "records",
    "licences": "records",
    "seats": "records",
    "assets": "records",
    "export": "export",
    "report": "report",
    "demo": "demo",
    "doctor": "doctor",
    "backup": "backup",
    "restore": "backup",
    "support-bundle": "support",
    "credential": "credential",
    "variable": "variable",
    "setting": "setting",
    "integration": "integration",
    "plan": "plan",
    "workflow": "workflow",
    "approvals": "approvals",
    "dashboard": "dashboard",
    "notices": "notices",
    "mail": "mail",
    "schedule": "schedule",
    "vendors": "vendors",
    "audit": "audit",
    "price": "price",
    "contract": "contract",
    "reclaim": "reclaim",
}


def build(words: Sequence[str] = ()) -> typer.Typer:
    """The tree of commands, or as much of it as these words need."""
    app = typer.Typer(
        name="saasdesk",
        help=_HELP,
        add_completion=False,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
        epilog="For every command: --profile DIR (or SAASDESK_PROFILE) names the profile; --debug shows tracebacks.",
    )

    @app.callback(invoke_without_command=True)
    def root(
        ctx: typer.Context,
        version: bool = typer.Option(False, "--version", help="Print the version and exit."),
    ) -> None:
        if version:
            ctx.obj.terminal.say(f"saasdesk {__version__}")
            raise typer.Exit

    wanted = MODULES.get(words[0]) if words else None
    for name in [wanted] if wanted else dict.fromkeys(MODULES.values()):
        module = import_module(f"saasdesk.cli.{name}")
        if hasattr(module, "NAME"):
            app.add_typer(module.app, name=module.NAME)
        else:
            module.add_to(app)
    return app


def run_command(arguments: Sequence[str], desk: Desk) -> int:
    """Carry out one command; every failure is one line on standard error and the right exit code."""
    command = typer.main.get_command(build(arguments))
    terminal = desk.terminal
    try:
        answer = command.main(join_conditions(arguments), prog_name="saasdesk", standalone_mode=False, obj=desk)
    except UserError as error:
        terminal.note(str(error))
        return int(error.exit_code)
    except (Cancelled, KeyboardInterrupt, typer.Abort):
        terminal.note("Cancelled.")
        return int(ExitCode.CANCELLED)
    except TyperException as error:
        where = getattr(getattr(error, "ctx", None), "command_path", "saasdesk")
        terminal.note(f"{error.format_message().rstrip('.')}. See: {where} --help")
        return int(ExitCode.USAGE)
    except SystemExit:
        # So Typer answers when whoever read our output has gone, and this need not be the end of a whole window.
        raise BrokenPipeError from None
    return answer if isinstance(answer, int) else int(ExitCode.DONE)
