"""Every colour has its name in tokens.json, and nowhere else."""

import ast
import re
from pathlib import Path

import saasdesk.ui

CODE = Path(saasdesk.ui.__file__).parent
HEX = re.compile(r"#(?:[0-9a-fA-F]{8}|[0-9a-fA-F]{6}|[0-9a-fA-F]{3,4})\b")
# Not a look but the lack of one.
HARMLESS = {"transparent", "color0", "color1"}


def colors_in(tree: ast.AST) -> list[str]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and HEX.search(node.value):
            found.append(node.value)
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Attribute)
            and node.value.attr == "GlobalColor"
        ):
            found.extend({node.attr} - HARMLESS)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("QColor", "QRgba64", "qRgb"):
            found.extend(ast.dump(argument) for argument in node.args if isinstance(argument, ast.Constant))
    return found


def test_that_no_color_stands_in_the_code() -> None:
    found = {
        str(path.relative_to(CODE)): colors
        for path in CODE.rglob("*.py")
        if (colors := colors_in(ast.parse(path.read_text("utf-8"))))
    }

    assert found == {}


def test_that_the_style_sheet_names_tokens_only() -> None:
    from saasdesk.resources import resource

    sheet = resource("theme/window.qss").read_text("utf-8")

    assert HEX.findall(sheet) == []
    assert "rgb" not in sheet


def test_that_the_search_would_find_one() -> None:
    code = "a = '#0B5FCC'; b = Qt.GlobalColor.red; c = QColor(1, 2, 3); d = Qt.GlobalColor.transparent"

    assert len(colors_in(ast.parse(code))) == 5
