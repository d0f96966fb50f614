from saasdesk.fields import ObjectKind
from saasdesk.profile import Profile
from saasdesk.records.listing import ListQuery, RecordList
from saasdesk.records.search import bring_up_to_date
from saasdesk.store import Store
from saasdesk.store.migrate import STEPS

BEFORE = "INSERT INTO person (id, name, name__order, created_at, updated_at) VALUES (7, 'Łukasz', 'lukasz', '', '')"


def test_that_a_name_with_a_stroke_is_found_before_and_after_the_index_is_made_anew(profile: Profile) -> None:
    with Store.open(profile, steps=STEPS[:29]) as older:
        older.write(lambda db: db.execute_sql(BEFORE))
        bring_up_to_date(older)

    with Store.open(profile) as store:
        people = RecordList(store, ObjectKind.PEOPLE)
        before = list(people.ids(ListQuery(quick="lukasz")))
        bring_up_to_date(store)

        assert before == list(people.ids(ListQuery(quick="lukasz"))) == [7]
        with store.reading() as db:
            assert db.execute_sql("SELECT filled FROM search_state WHERE object = 'people'").fetchone() == (7,)
