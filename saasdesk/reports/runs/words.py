"""What a run came to, in a sentence for mail and shell."""

from saasdesk.reports.runs.rows import RunRow, RunStatus


def in_words(run: RunRow) -> str:
    """ "12 lines; since the run before 2 added, 1 removed, none changed."."""
    if run.status is RunStatus.FAILED:
        return run.problem
    told = f"{run.lines:,} {'line' if run.lines == 1 else 'lines'}"
    differs = difference_in_words(run)
    text = f"{told}; since the run before {differs}." if differs else f"{told}."
    return f"{text} {run.problem}".rstrip()


def difference_in_words(run: RunRow) -> str:
    """ "2 added, 1 removed"; empty where there was no run to compare with."""
    if run.added is None or run.removed is None or run.changed is None:
        return ""
    return differs_in_words(run.added, run.removed, run.changed)


def differs_in_words(added: int, removed: int, changed: int) -> str:
    """ "2 added, 1 removed", or that nothing changed."""
    parts = [(added, "added"), (removed, "removed"), (changed, "changed")]
    return ", ".join(f"{count:,} {word}" for count, word in parts if count) or "nothing changed"
