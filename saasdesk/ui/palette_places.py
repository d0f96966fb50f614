"""What the command palette has besides the menus: parts of pages, and what other pages can do."""

from collections.abc import Callable, Iterator
from functools import partial

from PySide6.QtCore import QCoreApplication, QObject

from saasdesk.ui.navigation import Command, Frame, HasCommands

# Page, argument, what it is called there, icon.
_PARTS = (
    ("settings", "appearance", "Appearance", "theme"),
    ("settings", "formats", "Formats", "calendar"),
    ("settings", "costs", "Costs", "cost"),
    ("settings", "safety", "Safety budgets", "shield"),
    ("settings", "protected", "Protected records", "shield"),
    ("settings", "schedules", "Schedules", "clock"),
    ("settings", "notices", "Notices", "bell"),
    ("settings", "mail", "Mail", "mail"),
    ("settings", "network", "Network", "globe"),
    ("settings", "keyring", "Keyring", "lock"),
    ("settings", "storage", "Storage", "database"),
    ("settings", "diagnostics", "Diagnostics", "info"),
    ("settings", "about", "About", "info"),
    ("configuration", "credentials", "Credentials", "key"),
    ("configuration", "variables", "Global Settings", "variable"),
    ("configuration", "fields", "Field Configuration", "fields"),
    ("configuration", "objects", "Custom Objects", "list"),
    ("activity", "runs", "Workflow activity", "workflows"),
    ("activity", "approvals", "Approvals", "approve"),
    ("activity", "audit", "Audit log", "shield"),
)

# Section of the settings, and what stands there by this name.
_SETTINGS = (
    ("appearance", "Colours"),
    ("appearance", "Size"),
    ("appearance", "Rows"),
    ("appearance", "Motion"),
    ("formats", "Numbers"),
    ("formats", "Days"),
    ("formats", "Time zone"),
    ("costs", "Currency"),
    ("costs", "Exchange rates"),
    ("costs", "Idle after"),
    ("costs", "Grace"),
    ("safety", "Calls in one run"),
    ("safety", "Calls a day"),
    ("safety", "Share of users"),
    ("safety", "Records edited at once"),
    ("safety", "Pause all workflows"),
    ("safety", "Pause all schedules"),
    ("schedules", "Closing the window"),
    ("schedules", "System timer"),
    ("notices", "Quiet hours"),
    ("notices", "Muted"),
    ("mail", "Server"),
    ("mail", "Protection"),
    ("mail", "Port"),
    ("mail", "User"),
    ("mail", "Password"),
    ("mail", "Sender"),
    ("mail", "Send a test mail"),
    ("network", "Proxy"),
    ("network", "Extra CA"),
    ("network", "Test the way out"),
    ("storage", "Profile folder"),
    ("storage", "Raw records"),
    ("storage", "Check the database now"),
    ("diagnostics", "Log"),
)

# Page, argument, and which of its commands.
_DEEDS = (
    ("people", None, "Add person…"),
    ("people", None, "Import from a file…"),
    ("hardware", None, "Add asset…"),
    ("integrations", None, "New integration…"),
    ("integrations", None, "Connect a vendor…"),
    ("workflows", None, "New workflow…"),
    ("reports", None, "New report…"),
    ("dashboards", None, "New dashboard…"),
    ("configuration", "credentials", "New credential…"),
    ("configuration", "variables", "New variable…"),
    ("configuration", "fields", "New field…"),
    ("configuration", "objects", "New list of objects…"),
    ("settings", "storage", "Back up now"),
    ("settings", "storage", "Restore a backup…"),
    ("settings", "diagnostics", "Run the check-up"),
    ("settings", "diagnostics", "Support bundle…"),
    ("activity", "audit", "Verify the audit log"),
)

_ICONS = {
    "Add": "plus",
    "New": "plus",
    "Import": "import",
    "Run": "retry",
    "Restore": "restore",
    "Back": "save",
    "Verify": "shield",
}


def palette_places(frame: Frame, page: Callable[[str], QObject | None]) -> Iterator[Command]:
    """Commands for all of it; `page` makes a page if it was never shown."""
    for key, part, title, icon in _PARTS:
        yield Command(_tr(title), partial(frame.navigate, key, part), "", icon, _tr(key.capitalize()))
    sections = {part: (title, icon) for key, part, title, icon in _PARTS if key == "settings"}
    for part, name in _SETTINGS:
        title, icon = sections[part]
        text = f"{_tr(title)}: {_tr(name)}"
        yield Command(text, partial(frame.navigate, "settings", part), "", icon, _tr("Settings"))
    for key, place, deed in _DEEDS:
        run = partial(_go_and_do, frame, page, key, place, _tr(deed))
        yield Command(_tr(deed), run, "", _ICONS.get(deed.split()[0], ""), _tr(key.capitalize()))


def _go_and_do(frame: Frame, page: Callable[[str], QObject | None], key: str, place: object, deed: str) -> None:
    frame.navigate(key, place)
    there: object = page(key)
    found = [each for each in there.commands() if each.text == deed] if isinstance(there, HasCommands) else []
    if found:
        found[0].run()
    else:
        frame.toast(_tr("“{0}” is not possible here just now.").format(deed), "info")


def _tr(text: str) -> str:
    return QCoreApplication.translate("Palette", text)
