"""P16: every function that writes to the database tells the audit log, or is named here with the reason why not.

A walk through the program's text: a function that was added and writes is found, and has to be put somewhere.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import saasdesk

_ROOT = Path(saasdesk.__file__).parent

# Who writes the row for them: functions of other modules that these hand the connection to.
ELSEWHERE = {
    "reports/report/reports:save_report": "documents/keeping.py writes the report's row; this renames its runs with it",
    "sync/imports/importing:carry_out": "make_fields writes a row for each field that an import makes",
    "workflows/actions:_act": "call_rows.note_action writes a row for each call",
    "workflows/actions:_note": "call_rows.note_action writes a row for each call",
    "workflows/actions:_open_since": "call_rows.note_action writes a row for each call",
    "workflows/hands:_apply": "run_rows.finish_run writes the row of the workflow that went",
    "workflows/hands:ask": "waiting_rows.ask and answer write the rows of the approval",
    "workflows/history:recover": "call_rows.note_action and pause_all write the rows",
    "workflows/passing:finish": "run_rows.finish_run writes the row of the workflow that went",
    "workflows/together:send_together": "run_rows.finish_run writes the row of each workflow that went",
    "workflows/waiting/approvals:_answer": "waiting_rows.answer writes the row of the approval",
}

# What changes nothing that an admin, a vendor or a run decided.
NO_CHANGE = {
    "app/stalls:_write": "notices",
    "credentials/vault:note_tested": "when a key was tried, and what it was found to be able to do",
    "credentials/vault:note_used": "when a key was last used",
    "licences/reminders:remind": "notices",
    "notices/notices:mark_read": "notices",
    "notices/notices:mark_unread": "notices",
    "notices/outbox:_fail": "mail that waits",
    "notices/outbox:_refuse": "mail that waits",
    "notices/outbox:_send": "mail that waits",
    "notices/outbox:deliver": "mail that waits",
    "notices/outbox:send_waiting": "mail that waits",
    "notices/outbox:try_now": "mail that waits",
    "records/search/filling:bring_up_to_date": "the search index follows what was changed",
    "reports/runs/due:_due_slot": "slots",
    "reports/runs/due:_note_again": "files that a report left, which are listed with it",
    "reports/runs/keeping:let_older_go": "files that a report left, which are listed with it",
    "reports/runs/running:note": "files that a report left, which are listed with it",
    "sync/apply:keep_preview": "a preview, which changes nothing",
    "sync/due:take_due": "slots",
    "sync/imports/importing:_keep": "a preview, which changes nothing",
    "sync/imports/importing:plan_import": "a preview, which changes nothing",
    "sync/run:_carry_out_in_turn": "where a run is; apply_plan writes its row with its changes",
    "sync/run:run_integration": "where a run is; apply_plan writes its row with its changes",
    "sync/underway:_set_status": "where a run is; apply_plan writes its row with its changes",
    "sync/underway:close": "a run that changed nothing; its session says why",
    "sync/watchdog:watch": "notices",
    "workflows/due:_happened": "which events were seen",
    "workflows/due:_run": "which events were seen",
    "workflows/due:_slot": "slots",
    "workflows/due:_tell": "notices",
    "workflows/hands:_take_up": "where a record is on its way; finish_run writes the row at its end",
    "workflows/hands:_tell": "notices",
    "workflows/held:tell_of_held": "notices",
    "workflows/passing:_let_wait": "where a record is on its way; finish_run writes the row at its end",
    "workflows/passing:_note": "where a record is on its way; finish_run writes the row at its end",
    "workflows/passing:begin_account": "where a record is on its way; finish_run writes the row at its end",
    "workflows/passing:send_through": "where a record is on its way; finish_run writes the row at its end",
    "workflows/retrying:_send": "where a record is on its way; finish_run writes the row at its end",
    "workflows/runner:run_workflow": "notices",
    "workflows/waiting/resuming:_go_on": "where a record is on its way; finish_run writes the row at its end",
    "workflows/waiting/resuming:_postpone": "where a record is on its way; finish_run writes the row at its end",
}


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield node
        elif isinstance(node, ast.ClassDef):
            yield from (each for each in node.body if isinstance(each, ast.FunctionDef))


def _calls(function: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(function) if isinstance(node, ast.Call))


def _writes(call: ast.Call) -> bool:
    """Whether this is `store.write(…)` or `self._store.write_with_stage(…)`."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in {"write", "write_with_stage"}:
        return False
    match call.func.value:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name.strip("_") == "store"
    return False


def _names(function: ast.AST) -> set[str]:
    """Every function that is called or handed on by its name in here."""
    return {node.id for node in ast.walk(function) if isinstance(node, ast.Name)} | {
        node.attr for node in ast.walk(function) if isinstance(node, ast.Attribute)
    }


def _imported_recorders(tree: ast.Module) -> set[str]:
    """What `saasdesk.store.audit.record` is called in a module."""
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "saasdesk.store.audit":
            found |= {each.asname or each.name for each in node.names if each.name == "record"}
    return found


def _tells(function: ast.FunctionDef, functions: dict[str, ast.FunctionDef], recorders: set[str]) -> bool:
    """Whether a call of `audit.record` is reached from here without leaving the module."""
    seen: set[str] = set()
    waiting = [function]
    while waiting:
        current = waiting.pop()
        for call in _calls(current):
            match call.func:
                case ast.Attribute(value=ast.Name(id="audit"), attr="record"):
                    return True
                case ast.Name(id=name) if name in recorders:
                    return True
        for name in _names(current) & functions.keys() - seen:
            seen.add(name)
            waiting.append(functions[name])
    return False


def untold() -> set[str]:
    """The functions that write, and from which no row of the log is reached in their module."""
    found = set()
    for file in sorted(_ROOT.rglob("*.py")):
        module = file.relative_to(_ROOT).with_suffix("").as_posix()
        if module.startswith(("store/database", "simulator/")):
            continue
        text = file.read_text("utf-8")
        if "store.write" not in text:
            continue
        tree = ast.parse(text)
        functions = {each.name: each for each in _functions(tree)}
        recorders = _imported_recorders(tree)
        for function in _functions(tree):
            if any(map(_writes, _calls(function))) and not _tells(function, functions, recorders):
                found.add(f"{module}:{function.name}")
    return found


def test_p16_that_every_function_that_writes_tells_the_log_or_says_why_not() -> None:
    assert untold() == ELSEWHERE.keys() | NO_CHANGE.keys()


def test_p16_that_whoever_writes_the_row_for_others_does() -> None:
    """The functions that ELSEWHERE names."""
    for module, names in {
        "reports/documents/keeping": ("save", "_insert", "delete"),
        "sync/integrations": ("make_fields",),
        "workflows/rows/call_rows": ("note_action",),
        "workflows/rows/run_rows": ("finish_run",),
        "workflows/rows/document_rows": ("pause_all",),
        "workflows/waiting/rows": ("ask", "answer"),
    }.items():
        tree = ast.parse((_ROOT / f"{module}.py").read_text("utf-8"))
        functions = {each.name: each for each in _functions(tree)}
        for name in names:
            assert _tells(functions[name], functions, _imported_recorders(tree)), f"{module}:{name}"
