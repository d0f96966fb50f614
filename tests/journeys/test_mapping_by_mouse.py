"""The mapping editor on a real X screen, with a window manager and a pointer that xdotool moves."""

import sys
from pathlib import Path

import pytest

from tests.desktop import Desktop

pytestmark = [pytest.mark.journey, pytest.mark.x11]


def test_that_pagerduty_is_mapped_and_launched_by_a_real_mouse(tmp_path: Path) -> None:
    root = Path(__file__).parent.parent.parent
    with Desktop(screen="1440x960x24", bus=False) as desktop:
        walk = desktop.run([sys.executable, "-m", "tests.walks.on_a_screen"], cwd=root, timeout_seconds=180)

        if walk.returncode:
            desktop.take_picture(tmp_path / "screen.png")
    assert walk.stdout.endswith("launched\n"), walk.stderr
