from pathlib import Path

import pytest

from saasdesk.ui.window_memory import FileMemory, NoMemory


def test_that_what_was_saved_is_loaded_again(tmp_path: Path) -> None:
    FileMemory(tmp_path / "window.json").save({"zoom": 125})

    assert FileMemory(tmp_path / "window.json").load() == {"zoom": 125}
    assert [path.name for path in tmp_path.iterdir()] == ["window.json"]


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"\xff\xfe"])
def test_that_a_damaged_file_counts_as_empty(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "window.json").write_bytes(content)

    assert FileMemory(tmp_path / "window.json").load() == {}


def test_that_a_folder_that_is_gone_costs_only_the_memory(tmp_path: Path) -> None:
    memory = FileMemory(tmp_path / "gone" / "window.json")

    memory.save({"zoom": 125})

    assert memory.load() == {}


def test_that_no_memory_forgets() -> None:
    memory = NoMemory()

    memory.save({"zoom": 125})

    assert memory.load() == {}
