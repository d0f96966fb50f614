"""The command line: the same program without a window."""

from saasdesk.cli.commands import run_command
from saasdesk.cli.desk import Desk, HandOver
from saasdesk.cli.terminal import Terminal, own_terminal

__all__ = ["Desk", "HandOver", "Terminal", "own_terminal", "run_command"]
