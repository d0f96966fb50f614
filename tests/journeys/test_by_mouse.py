"""The mapping editor and the canvas on a real X screen, with a window manager and a pointer that xdotool moves."""

import sys
from pathlib import Path

import pytest

from tests.desktop import Desktop

pytestmark = [pytest.mark.journey, pytest.mark.x11]


def test_that_pagerduty_is_mapped_and_launched_by_a_real_mouse(tmp_path: Path) -> None:
    _walk("mapping", tmp_path)


def test_that_the_delete_workflow_is_built_by_a_real_mouse(tmp_path: Path) -> None:
    _walk("building", tmp_path)


def _walk(name: str, folder: Path) -> None:
    root, command = Path(__file__).parent.parent.parent, [sys.executable, "-m", "tests.walks.on_a_screen"]
    with Desktop(screen="1440x960x24", bus=False) as desktop:
        walk = desktop.run([*command, name, str(folder / "screen.png")], cwd=root, timeout_seconds=180)
    assert walk.stdout.endswith("came through\n"), walk.stderr
