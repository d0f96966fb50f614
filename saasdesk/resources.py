"""Where the data files are: inside an installed package, beside it in a checkout."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def resource(name: str) -> Path:
    """The path of a data file such as "icons/key.svg"."""
    installed = _PACKAGE / "_resources"
    return (installed if installed.is_dir() else _PACKAGE.parent / "resources") / name
