"""`make bench`: measures the targets in one run, prints the table, and writes docs/PERFORMANCE.md.

`python -m benchmarks` takes a few minutes and looks at up to 10,000 people; `--full` goes to 100,000 and to lists of
a million. `--only` measures some parts, and leaves in the document what is known of the others.
"""

import argparse
from collections.abc import Callable

from benchmarks import boards, canvas, document, editor, growth, lists, past, rivals, syncs, waiting, window, workflows
from benchmarks.result import Findings

PARTS: dict[str, Callable[[bool], Findings]] = {
    "syncs": lambda full: syncs.measure((1_000, 3_000, 10_000, 30_000, 100_000) if full else (1_000, 3_000, 10_000)),
    "rivals": lambda _full: rivals.measure(10_000),
    "waiting": lambda _full: waiting.measure(3_000),
    "window": lambda full: window.measure(100_000 if full else 10_000),
    "editor": lambda _full: editor.measure(),
    "workflows": lambda _full: workflows.measure(10_000),
    "canvas": lambda _full: canvas.measure(),
    "past": lambda full: past.measure((100_000, 1_000_000) if full else (100_000,)),
    "boards": lambda _full: boards.measure(100_000),
    "growth": lambda _full: growth.measure(2_000),
    "lists": lambda full: lists.measure((100_000, 1_000_000) if full else (100_000,)),
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--full", action="store_true", help="up to 100,000 people and a million rows; half an hour")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=list(PARTS), help="measure these parts alone")
    options = parser.parse_args()
    findings = []
    for name in options.only:
        print(name, flush=True)
        findings.append(PARTS[name](options.full))
        document.keep(name, findings[-1], "whole" if options.full else "quick")
        document.write()
    lines = [line for each in findings for line in each.lines]
    print(f"{sum(line.met is True for line in lines)} met, {sum(line.met is False for line in lines)} not met")


if __name__ == "__main__":
    main()
