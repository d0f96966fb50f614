"""What a block shows of itself."""

from saasdesk.connectors import CONNECTORS
from saasdesk.ui.canvas.faces import Face, face_of
from saasdesk.ui.harm import harm_of_preset
from saasdesk.workflows.graph import Block
from tests.ui.canvas.conftest import DELETE, world


def shown(**settings: object) -> Face:
    return face_of(Block(id="api", kind="api", settings=settings), world())


def test_that_a_block_says_in_words_how_much_harm_it_can_do() -> None:
    assert shown(**DELETE).harm.word == "Irreversible"
    assert shown(preset="atlassian_deactivate_user").harm.word == "Destructive"
    assert shown(preset="jumpcloud_unlock_user").harm.word == "Changes"
    assert not shown(preset="jumpcloud_get_user").harm.is_any
    # Of a request of one's own nobody knows what would take it back, nor of one that is only begun what it does.
    assert shown(mode="advanced", method="DELETE").harm.word == "Irreversible"
    assert not shown().harm.is_any


def test_that_a_screen_reader_hears_of_it_too() -> None:
    assert shown(**DELETE).spoken.endswith(", irreversible")


def test_that_what_a_vendor_can_take_back_is_never_called_irreversible() -> None:
    for connector in CONNECTORS.values():
        for preset in connector.presets:
            if preset.inverse:
                assert harm_of_preset(preset).word != "Irreversible", preset.title
