import subprocess
import sys

import pytest
import typer

from saasdesk.cli.commands import MODULES, build


def words_of(app: typer.Typer) -> set[str]:
    command = typer.main.get_command(app)
    return set(command.list_commands(None))  # type: ignore[attr-defined]


def test_that_every_command_has_its_module_named() -> None:
    assert words_of(build()) == set(MODULES)


@pytest.mark.parametrize("word", MODULES)
def test_that_the_module_of_a_word_has_its_command(word: str) -> None:
    assert word in words_of(build([word, "--help"]))


def test_that_an_unknown_word_finds_all_commands() -> None:
    assert words_of(build(["nothing"])) == set(MODULES)


def test_that_a_command_does_not_load_what_other_commands_need() -> None:
    look = """if True:
        import sys
        from saasdesk.cli.commands import build
        build(["run"])
        print(*sorted({name for name in sys.modules if name.startswith(("saasdesk.simulator", "PySide6"))}))
    """

    loaded = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True)

    assert loaded.stdout.split() == []
