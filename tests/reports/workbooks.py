"""Reads a workbook as plainly as it is stored: each cell's kind and text."""

from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

_NAMES = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


def cells(file: Path, sheet: int = 1) -> list[list[tuple[str, str]]]:
    """Rows of (kind, text): "s" a text, "n" a number or a date, "b" true or false, "f" a formula."""
    with ZipFile(file) as book:
        root = ElementTree.fromstring(book.read(f"xl/worksheets/sheet{sheet}.xml"))
        shared: list[str] = []
        if "xl/sharedStrings.xml" in book.namelist():
            table = ElementTree.fromstring(book.read("xl/sharedStrings.xml"))
            shared = ["".join(part.itertext()) for part in table.findall("m:si", _NAMES)]
    return [
        [_cell(cell, shared) for cell in row.findall("m:c", _NAMES)]
        for row in root.findall("m:sheetData/m:row", _NAMES)
    ]


def _cell(cell: ElementTree.Element, shared: list[str]) -> tuple[str, str]:
    if cell.find("m:f", _NAMES) is not None:
        return "f", cell.findtext("m:f", "", _NAMES)
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        found = cell.find("m:is", _NAMES)
        return "s", "".join(found.itertext()) if found is not None else ""
    value = cell.findtext("m:v", "", _NAMES)
    return ("s", shared[int(value)]) if kind == "s" else (kind, value)
