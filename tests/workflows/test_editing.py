"""Editing the drawing: every step gives a whole document, and what cannot be is refused in a sentence."""

import json

import pytest

from saasdesk.definitions import to_toml
from saasdesk.errors import UserError
from saasdesk.workflows import editing
from saasdesk.workflows.graph import Link, WorkflowDocument, parse_document
from saasdesk.workflows.layout import COLUMN, positions

NEW = editing.new_document("Leavers", "people")


def ways(document: WorkflowDocument) -> set[tuple[str, str, str]]:
    return {(link.source, link.outlet, link.to) for link in document.links}


def with_api() -> tuple[WorkflowDocument, str]:
    return editing.add_block(NEW, "api", after=("begin", "next"))


def test_that_a_new_workflow_has_begin_and_end_linked_and_placed() -> None:
    assert ways(NEW) == {("begin", "next", "end")}
    assert [block.position for block in NEW.blocks] == [(0, 0), (COLUMN, 0)]
    assert parse_document(to_toml(NEW)) == NEW


def test_that_a_block_after_an_outlet_comes_between_and_the_rest_makes_room() -> None:
    document, added = with_api()

    assert ways(document) == {("begin", "next", "api"), ("api", "success", "end")}
    assert positions(document) == {"begin": (0, 0), added: (COLUMN, 0), "end": (2 * COLUMN, 0)}


def test_that_a_block_after_a_lower_outlet_stands_lower_and_covers_no_other() -> None:
    document, api = with_api()
    document, one = editing.add_block(document, "notification", after=(api, "failure"))
    document, two = editing.add_block(document, "notification", after=(api, "not_found"))

    places = list(positions(document).values())
    assert (one, two) == ("notification", "notification_2")
    assert positions(document)[one][1] > 0
    assert len(set(places)) == len(places)


def test_that_an_end_after_an_outlet_takes_the_place_of_what_came_there() -> None:
    document, end = editing.add_block(NEW, "end", after=("begin", "next"))

    assert ways(document) == {("begin", "next", end)}


def test_that_an_id_is_made_of_the_title_and_a_second_begin_is_refused() -> None:
    _document, added = editing.add_block(NEW, "api", title="PagerDuty Delete User")

    assert added == "pagerduty_delete_user"
    with pytest.raises(UserError, match="one Begin"):
        editing.add_block(NEW, "begin")


def test_that_removing_a_block_with_one_way_in_and_one_out_links_its_neighbours() -> None:
    document, api = with_api()

    assert ways(editing.remove_blocks(document, [api])) == ways(NEW)


def test_that_removing_a_fork_links_nothing_by_guesswork() -> None:
    document, api = with_api()
    document, _told = editing.add_block(document, "notification", after=(api, "failure"))

    assert ways(editing.remove_blocks(document, [api])) == set()


def test_that_several_blocks_in_a_row_are_removed_and_the_way_stays() -> None:
    document, first = with_api()
    document, second = editing.add_block(document, "update", after=(first, "success"))

    assert ways(editing.remove_blocks(document, [second, first])) == ways(NEW)


def test_that_begin_cannot_be_removed_but_the_rest_of_a_selection_is() -> None:
    with pytest.raises(UserError, match="Begin stays"):
        editing.remove_blocks(NEW, ["begin"])

    assert [block.id for block in editing.remove_blocks(NEW, ["begin", "end"]).blocks] == ["begin"]


@pytest.mark.parametrize(
    ("source", "outlet", "to", "sentence"),
    [
        ("api", "success", "begin", "Nothing can lead back to Begin."),
        ("api", "success", "api", "A block cannot lead to itself."),
        ("update", "success", "api", "The way would lead round in a circle: API → Update record → API."),
        ("api", "maybe", "end", "API has no outlet “maybe”. It has: success, not_found, failure."),
        ("end", "success", "api", "End has no outlet “success”. It has: none."),
        ("api", "success", "gone", "There is no block gone any more."),
        ("gone", "success", "api", "There is no block gone any more."),
    ],
)
def test_that_a_link_that_cannot_be_is_refused(source: str, outlet: str, to: str, sentence: str) -> None:
    document, api = with_api()
    document, _update = editing.add_block(document, "update", after=(api, "success"))

    with pytest.raises(UserError) as refused:
        editing.connect(document, source, outlet, to)

    assert str(refused.value) == sentence


def test_that_an_outlet_leads_to_one_block_and_a_link_can_be_taken_away() -> None:
    document, end = editing.add_block(NEW, "end")

    document = editing.connect(document, "begin", "next", end)

    assert ways(document) == {("begin", "next", end)}
    assert editing.disconnect(document, document.links[0]).links == ()


def test_that_links_of_outlets_that_are_gone_go_with_them() -> None:
    rule = {"field": "role", "operator": "equals", "value": "Leaver"}
    document, fork = editing.add_block(
        NEW, "conditional", after=("begin", "next"), settings={"branches": [{"name": "yes", "rule": rule}]}
    )
    assert (fork, "yes", "end") in ways(document)

    document = editing.with_settings(document, fork, {"branches": [{"name": "leaver", "rule": rule}]})

    assert ways(document) == {("begin", "next", fork)}


def test_that_a_conditional_half_filled_shows_the_outlets_that_it_will_have() -> None:
    document, fork = editing.add_block(NEW, "conditional", settings={"branches": [{"name": "yes"}, {}]})

    assert (fork, "yes", "end") in ways(editing.connect(document, fork, "yes", "end"))
    assert (fork, "otherwise", "end") in ways(editing.connect(document, fork, "otherwise", "end"))


def test_that_a_title_that_hides_something_is_refused_and_an_empty_one_is_the_kinds() -> None:
    document, api = with_api()
    assert editing.title_of(editing.retitle(document, api, "  Delete  ").blocks[2]) == "Delete"
    assert editing.title_of(editing.retitle(document, api, "").blocks[2]) == "API"

    with pytest.raises(UserError, match="hidden characters"):
        editing.retitle(document, api, "De\u200blete")
    with pytest.raises(UserError, match="There is no block gone"):
        editing.retitle(document, "gone", "x")


def test_that_details_are_checked_as_in_a_file() -> None:
    changed = editing.with_details(NEW, "Movers", "Who moves", "assets")
    assert (changed.name, changed.description, changed.object, changed.blocks) == (
        "Movers",
        "Who moves",
        "assets",
        NEW.blocks,
    )

    with pytest.raises(UserError, match="name"):
        editing.with_details(NEW, "", "", "people")


def test_that_copied_blocks_are_pasted_with_new_ids_and_their_own_links() -> None:
    document, api = with_api()
    text = editing.copy_text(document, ["begin", api, "end"])

    pasted, ids = editing.paste(document, text, None)

    assert ids == ("end_2", "api_2")
    assert ways(pasted) - ways(document) == {("api_2", "success", "end_2")}
    assert positions(pasted)["api_2"] == (COLUMN + 32, 32)
    elsewhere, _ids = editing.paste(document, text, (800, 160))
    assert positions(elsewhere)["api_2"] == (800, 160)


def test_that_a_kind_that_nobody_knows_is_pasted_and_keeps_its_settings() -> None:
    text = json.dumps({"blocks": [{"id": "x", "kind": "from_the_future", "settings": {"a": [1]}}]})

    pasted, (added,) = editing.paste(NEW, text, (0, 160))

    block = pasted.block(added)
    assert block is not None
    assert (block.kind, block.settings) == ("from_the_future", {"a": [1]})


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("hello", "There are no blocks on the clipboard"),
        ("[" * 100_000, "There are no blocks on the clipboard"),
        ('{"blocks": []}', "There are no blocks on the clipboard"),
        ('{"blocks": [{"id": "../x", "kind": "api"}]}', "There are no blocks on the clipboard"),
        ('{"blocks": [{"id": "b", "kind": "begin"}]}', "only a Begin"),
        ('{"blocks": [{"id": "a", "kind": "api"}, {"id": "a", "kind": "end"}]}', "the same id"),
        (json.dumps({"blocks": [{"id": f"a{n}", "kind": "end"} for n in range(1_000)]}), "1,000 blocks at most"),
    ],
)
def test_that_a_clipboard_without_fitting_blocks_is_refused(text: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        editing.paste(NEW, text, None)


def test_that_moving_changes_the_moved_blocks_alone_and_a_removed_link_no_other() -> None:
    document, api = with_api()

    moved = editing.move_blocks(document, {api: (320, 96)})

    assert positions(moved) == {**positions(document), api: (320, 96)}
    assert moved.block("end") is document.block("end")
    assert ways(editing.disconnect(document, Link(source="begin", outlet="next", to=api))) == {(api, "success", "end")}


def test_that_a_block_changes_places_with_the_one_beside_it_on_its_way() -> None:
    document, api = with_api()
    document, update = editing.add_block(document, "update", after=(api, "success"))
    places = positions(document)

    moved = editing.move_along(document, update, -1)

    assert ways(moved) == {("begin", "next", update), (update, "success", api), (api, "success", "end")}
    assert positions(moved)[update] == places[api]
    assert ways(editing.move_along(moved, update, 1)) == ways(document)


@pytest.mark.parametrize(("block", "step"), [("api", -1), ("api", 1), ("end", -1), ("gone", 1)])
def test_that_a_block_does_not_move_past_begin_end_or_where_ways_meet(block: str, step: int) -> None:
    document, api = with_api()
    document = editing.connect(document, api, "failure", "end")

    with pytest.raises(UserError, match="cannot move further"):
        editing.move_along(document, block, step)


def test_that_a_label_goes_with_its_wire_and_through_a_file() -> None:
    document = editing.new_document("Leavers", "people")
    document, api = editing.add_block(document, "api", after=("begin", "next"), title="Delete")
    link = document.link("begin", "next")
    assert link is not None

    document, labelled = editing.label_link(document, link, "  whoever left ")
    again = parse_document(to_toml(document))
    without, _ = editing.label_link(document, labelled, "")

    assert labelled.label == "whoever left"
    assert again.link("begin", "next") == labelled
    assert to_toml(document).count("label") == 1
    assert "label" not in to_toml(without)
    assert without.does_as(document)
    led_elsewhere = editing.connect(document, "begin", "next", "end").link("begin", "next")
    moved = editing.remove_blocks(document, [api]).link("begin", "next")
    pasted, _ids = editing.paste(document, editing.copy_text(document, [api, "end"]), None)
    assert led_elsewhere is not None
    assert moved is not None
    assert (led_elsewhere.label, moved.label, moved.to) == ("whoever left", "whoever left", "end")
    assert pasted.link("begin", "next") == labelled


def test_that_a_copied_wire_keeps_its_label_and_a_block_moved_along_it_too() -> None:
    document = editing.new_document("Leavers", "people")
    document, first = editing.add_block(document, "api", after=("begin", "next"), title="First")
    document, second = editing.add_block(document, "api", after=(first, "success"), title="Second")
    link = document.link(first, "success")
    assert link is not None
    document, _labelled = editing.label_link(document, link, "then")

    pasted, (one, _other) = editing.paste(document, editing.copy_text(document, [first, second]), None)
    moved = editing.move_along(document, second, -1)

    copied = pasted.link(one, "success")
    assert copied is not None
    assert copied.label == "then"
    assert sorted(each.label for each in moved.links) == ["", "", "then"]


@pytest.mark.parametrize(
    ("label", "sentence"), [("hid\u202eden", "hidden characters"), ("x" * 101, "100 characters")], ids=["bidi", "long"]
)
def test_that_a_label_that_nobody_could_read_is_refused(label: str, sentence: str) -> None:
    document = editing.new_document("Leavers", "people")

    with pytest.raises(UserError, match=sentence):
        editing.label_link(document, document.links[0], label)
