"""What was written is taken back, as far as nobody changed it since."""

import json
from datetime import date

import pytest
from django.db import connection
from django.db.models.signals import post_delete
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from django.utils.text import capfirst

from lms.accounts.enums import Cadre
from lms.accounts.models import Posting, User
from lms.core.change_journal import (
    Change,
    compare,
    plain_fields,
    pointing_at,
    record_new,
    set_columns,
    standing_on,
)
from lms.core.take_back import DELETED_SINCE, TAKEN_SINCE, changed_since, depended_on, take_back
from tests.factories.accounts import PostingFactory, UserFactory
from tests.factories.geography import unit

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.sqlite("the constraints of each database, and JSON"),
]
DEPENDED_ON_BY_A_POST = depended_on([capfirst(str(Posting._meta.verbose_name))])
MARCH, APRIL = date(2014, 3, 1), date(2014, 4, 1)


def posted(**fields):
    return PostingFactory(unit=unit("13384"), **fields)


def changed(row, **values):
    """The change of a row that was saved, as it comes back from JSON."""
    change = set_columns(row, values)
    row.save()
    return stored(change)


def stored(change):
    fields = json.loads(json.dumps(plain_fields(change)))
    return Change(change.model, change.pk, change.is_new, fields, change.group)


def test_change_tells_old_and_new_of_each_column_which_gets_its_old_value_back(edition):
    posting, other = posted(valid_from=MARCH), unit("13591")
    change = set_columns(posting, {"unit_id": other.pk, "valid_to": APRIL})
    assert (posting.unit_id, posting.valid_to) == (other.pk, APRIL)
    assert (change.model, change.pk, change.is_new) == ("accounts.posting", posting.pk, False)
    assert change.fields == {"unit_id": [unit("13384").pk, other.pk], "valid_to": [None, APRIL]}
    assert stored(change).fields["valid_to"] == [None, "2014-04-01"]

    posting.save()
    assert take_back(changes=[stored(change)]) == [[]]

    posting = Posting.objects.get(pk=posting.pk)
    assert (posting.unit, posting.valid_to) == (unit("13384"), None)


def test_derived_columns_follow_what_is_given_back():
    person = UserFactory(full_name="Trần Văn Mẫu")
    change = changed(person, full_name="Lê Thị Khác")

    take_back(changes=[change])

    assert User.objects.search("tran van mau").get() == person


@pytest.mark.parametrize(("whole", "name"), [(False, "Trần Văn Mẫu"), (True, "Lê Thị Khác")])
def test_column_that_was_changed_again_stays_alone_or_with_the_whole_row(whole, name):
    person = UserFactory(full_name="Trần Văn Mẫu", year_of_birth=1980)
    change = changed(person, full_name="Lê Thị Khác", year_of_birth=1981)
    User.objects.filter(pk=person.pk).update(year_of_birth=1982)

    reasons = take_back(changes=[change], whole=whole)

    assert reasons == [[changed_since(User, "year_of_birth")]]
    person.refresh_from_db()
    assert (person.full_name, person.year_of_birth) == (name, 1982)


def test_row_that_was_deleted_since_is_told():
    person = UserFactory()
    change = changed(person, year_of_birth=1981)
    person.delete()

    assert take_back(changes=[change]) == [[DELETED_SINCE]]


def test_two_changes_of_a_row_are_undone_last_first():
    person = UserFactory(year_of_birth=1980)
    first = changed(person, year_of_birth=1981)
    second = changed(person, year_of_birth=1982)

    assert take_back(changes=[second, first]) == [[], []]

    person.refresh_from_db()
    assert person.year_of_birth == 1980


def test_value_that_somebody_else_has_by_now_is_told_and_the_others_return():
    taken, free = UserFactory(phone="+84912345601"), UserFactory(phone="+84912345602")
    changes = [changed(one, phone=None) for one in (free, taken)]
    other = UserFactory(phone="+84912345601")

    assert take_back(changes=changes) == [[], [TAKEN_SINCE]]
    phones = dict(User.objects.values_list("pk", "phone"))
    assert (phones[free.pk], phones[taken.pk]) == ("+84912345602", None)
    assert phones[other.pk] == "+84912345601"


@pytest.mark.parametrize("is_gone", [False, True])
def test_new_row_goes_if_it_has_not_gone(is_gone):
    person = UserFactory()
    change = stored(record_new(person, ["full_name"]))
    if is_gone:
        User.objects.filter(pk=person.pk).delete()

    assert take_back(changes=[change]) == [[]]
    assert not User.objects.filter(pk=person.pk).exists()


def test_new_row_that_was_changed_stays():
    person = UserFactory()
    change = stored(record_new(person, ["full_name"]))
    User.objects.filter(pk=person.pk).update(full_name="Lê Thị Khác")

    [reasons] = take_back(changes=[change])

    assert len(reasons) == 1
    assert User.objects.filter(pk=person.pk).exists()


def test_new_row_that_others_stand_on_stays(edition):
    person = UserFactory()
    posted(user=person)

    reasons = take_back(changes=[record_new(person, ["full_name"])])

    assert reasons == [[DEPENDED_ON_BY_A_POST]]
    assert Posting.objects.filter(user=person).exists()


def test_new_row_goes_with_what_it_owns_or_after_what_points_at_it(edition):
    owner, posting = posted().user, posted()
    changes = [record_new(posting.user, ["full_name"]), record_new(posting, ["cadre"])]

    assert take_back(changes=[record_new(owner, [])], owned=[Posting]) == [[]]
    assert take_back(changes=changes) == [[], []]

    assert not Posting.objects.exists()
    assert not User.objects.filter(pk__in=(owner.pk, posting.user_id)).exists()


@pytest.mark.parametrize("meanwhile", ["changed", "deleted"])
def test_group_is_undone_together_or_not_at_all(edition, meanwhile):
    """The new post has been changed since, or the old one is gone."""
    old = posted(cadre=Cadre.COLLABORATOR, valid_from=MARCH)
    ended = set_columns(old, {"valid_to": APRIL}, group="7 post")
    old.save()
    new = posted(user=old.user, cadre=Cadre.COMMUNE_OFFICER, valid_from=APRIL)
    begun = record_new(new, ["cadre"], group="7 post")
    if meanwhile == "changed":
        Posting.objects.filter(pk=new.pk).update(cadre=Cadre.COLLABORATOR)
    else:
        Posting.objects.filter(pk=old.pk).delete()
    before = list(Posting.objects.order_by("pk").values())

    reasons = take_back(changes=[begun, ended])

    assert reasons[0] == reasons[1] != []
    assert list(Posting.objects.order_by("pk").values()) == before


def test_standing_on_names_the_kinds_of_rows_by_row(edition):
    holder, free = posted().user, UserFactory()

    with translation.override("en"):
        assert standing_on(model=User, pks=[holder.pk, free.pk]) == {holder.pk: {"Posting"}}
    assert standing_on(model=User, pks=[holder.pk], besides=[Posting]) == {}


def test_compare_tells_what_still_holds(edition):
    posting = posted(valid_from=APRIL, cadre=Cadre.COLLABORATOR)

    found = compare(
        posting,
        {"valid_from": ["2014-03-01", "2014-04-01"], "cadre": [None, "commune_officer"]},
    )

    assert found == ({"valid_from": MARCH}, ["cadre"])


@pytest.mark.parametrize("count", [1, 30])
def test_statements_do_not_grow_with_the_rows(django_assert_num_queries, count):
    people = [UserFactory(year_of_birth=1980) for _number in range(count)]
    changes = [changed(one, year_of_birth=1981) for one in people]

    # The rows, savepoint and release, one update.
    with django_assert_num_queries(4):
        assert not any(take_back(changes=changes))


@pytest.mark.parametrize("count", [1, 30])
def test_new_rows_go_in_as_many_statements_however_many(count):
    people = [UserFactory() for _number in range(count)]
    with CaptureQueriesContext(connection) as asked:
        assert not any(take_back(changes=[record_new(one, ["full_name"]) for one in people]))

    # The rows held, each table that names people asked once, and one end for all.
    assert len(asked.captured_queries) == len(list(pointing_at(User))) + 2
    assert not User.objects.exists()


def test_whoever_waits_for_the_end_of_a_row_is_told():
    person = UserFactory()
    told = []

    def hear(instance, **_):
        told.append(instance.pk)

    post_delete.connect(hear, sender=User)
    try:
        assert take_back(changes=[record_new(person, ["full_name"])]) == [[]]
    finally:
        post_delete.disconnect(hear, sender=User)

    assert told == [person.pk]


def test_models_that_point_at_each_other_are_taken_back_all_the_same(db):
    """Wagtail's state of a workflow names its task, and that of the task its workflow."""
    ring = ("wagtailcore.workflowstate", "wagtailcore.taskstate")
    changes = [Change(model, 1, False, {"status": ["a", "b"]}) for model in ring]

    left = take_back(changes=changes)

    assert [len(reasons) for reasons in left] == [1, 1]


def new_person_with_post(**group):
    posting = posted()
    return posting, [
        record_new(posting, ["cadre"], **group),
        record_new(posting.user, ["full_name"], **group),
    ]


@pytest.mark.parametrize("kept", ["user", "posting"])
def test_group_stays_whole_whichever_of_its_rows_has_to(edition, kept):
    posting, changes = new_person_with_post(group="7 person")
    other, others = new_person_with_post(group="8 person")
    if kept == "user":
        PostingFactory(user=posting.user, unit=unit("13387"))
    else:
        Posting.objects.filter(pk=posting.pk).update(cadre=Cadre.COMMUNE_OFFICER)

    reasons = take_back(changes=[*changes, *others])

    assert reasons[0] == reasons[1] != []
    assert reasons[2:] == [[], []]
    assert set(Posting.objects.values_list("user", flat=True)) == {posting.user_id}
    assert not User.objects.filter(pk=other.user_id).exists()


def test_row_on_which_one_that_stays_depends_stays_as_well(edition):
    posting, changes = new_person_with_post()
    Posting.objects.filter(pk=posting.pk).update(cadre=Cadre.COMMUNE_OFFICER)

    reasons = take_back(changes=changes)

    assert reasons[1] == [DEPENDED_ON_BY_A_POST]
    assert User.objects.filter(pk=posting.user_id).exists()


def test_old_value_that_has_come_back_already_is_no_change():
    person = UserFactory(full_name="Trần Văn Mẫu", year_of_birth=1980)
    change = changed(person, full_name="Lê Thị Khác", year_of_birth=1981)
    User.objects.filter(pk=person.pk).update(year_of_birth=1980)

    assert take_back(changes=[change]) == [[]]
