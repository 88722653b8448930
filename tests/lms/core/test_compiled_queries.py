from datetime import timedelta

import pytest
from django.db import connection, connections, router, transaction
from django.db.models import Q
from django.utils import timezone

from lms.accounts.models import User
from lms.core.compiled_queries import CompiledQuery
from lms.core.replica import REPLICA, ReplicaRouter, replica_reads
from lms.reporting.models import TallyPlace
from tests.factories.accounts import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def built():
    return []


@pytest.fixture
def people(built):
    def build(*shape, pks, since):
        built.append((shape, pks))
        rows = User.objects.filter(pk__in=pks, date_joined__gt=since).order_by("pk")
        return rows.values_list("pk", "full_name") if "names" in shape else rows

    return CompiledQuery(build)


@pytest.fixture
def since():
    return timezone.now() - timedelta(days=1)


def test_values_give_other_rows_and_shape_and_lengths_of_lists_tell_queries_apart(people, since):
    one, two, three = UserFactory.create_batch(3)
    assert people.ask(pks=[one.pk, two.pk], since=since) == [one, two]
    assert people.ask(pks=[three.pk, two.pk], since=since) == [two, three]
    assert people.ask(pks=[three.pk, two.pk], since=since + timedelta(days=2)) == []
    assert people.ask(pks=[one.pk], since=since) == [one]
    assert people.ask("names", pks=[two.pk], since=since) == [(two.pk, two.full_name)]
    assert people.ask(pks=[], since=since) == []


@pytest.mark.skipif(connection.vendor == "sqlite", reason="built anew each time there")
def test_query_is_built_once(people, built, since):
    one, two = UserFactory.create_batch(2)
    people.ask(pks=[one.pk], since=since)
    of_the_first = len(built)
    people.ask(pks=[two.pk], since=since)
    assert len(built) == of_the_first


@pytest.mark.skipif(connection.vendor == "sqlite", reason="built anew each time there")
def test_list_that_is_told_as_one_value_may_have_any_length(built):
    def build(*, pks, most):
        built.append(pks)
        return User.objects.filter(pk__among=pks, pk__lte=most).order_by("pk")

    people = CompiledQuery(build)
    one, two, three = UserFactory.create_batch(3)
    assert people.ask(pks=[one.pk], most=three.pk) == [one]
    of_the_first = len(built)
    assert people.ask(pks=[three.pk, two.pk], most=three.pk) == [two, three]
    assert people.ask(pks=[three.pk, two.pk], most=two.pk) == [two]
    assert len(built) == of_the_first


@pytest.mark.skipif(connection.vendor == "sqlite", reason="built anew each time there")
def test_number_of_a_field_without_negative_ones_is_a_value(built):
    def build(*, course):
        built.append(course)
        return TallyPlace.objects.filter(course=course)

    places = CompiledQuery(build)
    assert places.ask(course=1) == []
    of_the_first = len(built)
    assert places.ask(course=2) == []
    assert len(built) == of_the_first


@pytest.mark.skipif(connection.vendor == "sqlite", reason="built anew each time there")
@pytest.mark.parametrize(
    "build",
    [
        lambda since: User.objects.filter(date_joined__year=since.year),
        lambda since: User.objects.filter(date_joined__gt=since + timedelta(1)),
        lambda since: User.objects.filter(date_joined__gt=min(since, timezone.now())),
    ],
)
def test_builder_that_does_more_than_pass_values_on_is_found_out(build, since):
    with pytest.raises(ValueError, match="hangs on its values"):
        CompiledQuery(build).ask(since=since + timedelta(days=7))


@pytest.fixture
def replica(monkeypatch):
    """A second connection, which sees nothing of what this test has not committed."""
    monkeypatch.setattr(router, "routers", [ReplicaRouter()])
    connections[REPLICA] = connection.copy()
    yield
    connections[REPLICA].close()
    del connections[REPLICA]


@pytest.mark.skipif(connection.vendor == "sqlite", reason="built anew each time there")
@pytest.mark.usefixtures("replica")
def test_rows_come_from_where_the_router_says_each_time(people, since):
    one = UserFactory()
    for _turn in range(2):
        with replica_reads():
            assert people.ask(pks=[one.pk], since=since) == []
        (found,) = people.ask(pks=[one.pk], since=since)
        assert found._state.db == connection.alias


@pytest.mark.skipif(connection.vendor == "sqlite", reason="built anew each time there")
@pytest.mark.usefixtures("replica")
def test_rows_are_locked_where_they_are_written():
    locked = CompiledQuery(lambda pk: User.objects.filter(pk=pk).select_for_update())
    one = UserFactory()
    with transaction.atomic(), replica_reads():
        for _turn in range(2):
            assert locked.ask(pk=one.pk) == [one]


def test_texts_are_values_too_whole_or_as_a_beginning():
    def build(*, name, begins):
        return User.objects.filter(Q(full_name=name) | Q(full_name__startswith=begins))

    people = CompiledQuery(build)
    names = ("Đỗ Thị Đào", "Trần 100%", "Trần 100 x", "Lê_Hà", "Lê Hà", "O'Neil \\ Vũ")
    made = {name: UserFactory(full_name=name) for name in names}
    asked = [
        ("Đỗ Thị Đào", "Trần 100%", {"Đỗ Thị Đào", "Trần 100%"}),
        ("Nobody", "Lê_", {"Lê_Hà"}),
        ("Lê Hà", "O'Neil \\", {"Lê Hà", "O'Neil \\ Vũ"}),
        ("", "Lê", {"Lê_Hà", "Lê Hà"}),
    ]
    for name, begins, found in asked:
        assert {one.full_name for one in people.ask(name=name, begins=begins)} == found

    assert {*made} >= set.union(*(found for _name, _begins, found in asked))


@pytest.mark.parametrize("pk", [2**31, 2**63, 10**20, -(10**20)])
def test_number_that_no_row_can_have_finds_none(pk):
    one = CompiledQuery(lambda *, pk: User.objects.filter(pk=pk))
    person = UserFactory()

    for asked in (person.pk, pk, person.pk):
        assert one.ask(pk=asked) == ([person] if asked == person.pk else [])


def test_query_that_finds_nothing_whatever_is_asked_is_answered():
    nobody = CompiledQuery(lambda *, pk: User.objects.filter(pk=pk, pk__in=[]))

    assert [nobody.ask(pk=UserFactory().pk) for _ in range(2)] == [[], []]
