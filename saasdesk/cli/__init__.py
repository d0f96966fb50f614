"""The command line: the same program without a window."""

from saasdesk.cli.commands import run_command
from saasdesk.cli.demo import has_display
from saasdesk.cli.desk import Desk, HandOver
from saasdesk.cli.terminal import Terminal, own_terminal

__all__ = ["Desk", "HandOver", "Terminal", "has_display", "own_terminal", "run_command"]
