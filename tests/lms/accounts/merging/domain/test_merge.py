"""Two records of one person: everything follows, and for 30 days there is a way back."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.utils.text import capfirst
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import ModelLogEntry

from certificates.models import Certificate
from courses.enums import EnrolmentStatus
from courses.models import Enrolment
from lms.accounts.enums import MINIMAL_CADRES, Cadre, Role
from lms.accounts.extensions import personal_data
from lms.accounts.merging.domain.duplicates import suspected_duplicates
from lms.accounts.merging.domain.merge import MERGED, merge, what_follows
from lms.accounts.merging.domain.unmerge import UNMERGED, may_unmerge, unmerge
from lms.accounts.models import Merge, Posting, User
from lms.accounts.register.domain.login_lookup import find_login
from lms.accounts.register.domain.roles import assign_role
from lms.core.take_back import DELETED_SINCE, TAKEN_SINCE
from lms.notifications.models import Reminder
from tests.chance import fewer_examples
from tests.factories.accounts import PostingFactory, UserFactory
from tests.factories.certificates import CertificateTemplateFactory, completed, issued
from tests.factories.courses import EnrolmentFactory, make_course, make_run
from tests.factories.geography import unit
from tests.factories.importing import outcomes, rehearsed, sheet
from tests.factories.notifications import ReminderFactory
from tests.factories.rows import set_fields
from tests.refusing import refused
from tests.shared import shared

pytestmark = pytest.mark.django_db
on_sqlite_too = pytest.mark.sqlite("what a constraint refuses, and values kept as JSON")
AT = datetime(2014, 6, 1, 8, 30, 15, 123456, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
TODAY = date(2014, 6, 1)


@shared
def kept(edition):
    return PostingFactory(unit=unit("13384"), user__staff_code="HN-1").user


@shared
def closed(edition):
    return PostingFactory(
        unit=unit("13387"), user__staff_code="HN-2", user__phone="+84912345678"
    ).user


@shared
def run(edition):
    return make_run(make_course(), unit("350"), title="Lớp Kim Bảng")


def register():
    """Every row of every table that a merge may touch."""
    models = {data.model for data in personal_data if data.on_merge} | {Certificate}
    untouched = {Merge, ModelLogEntry}
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for model in models - untouched
    }


@on_sqlite_too
def test_everything_follows(administrator, kept, closed, run):
    CertificateTemplateFactory()
    enrolment = completed(run, unit("13387"), user=closed)
    paper = issued(enrolment)
    reminder = ReminderFactory(user=closed)
    posting = closed.postings.get()
    batch = rehearsed(sheet(("X-1", "A B", "1980", "Nữ", "", "Quế", "CTV")), by=administrator)
    set_fields(batch, by=closed)
    assert dict(what_follows(close=closed))["ghi danh"] == 1

    merge(keep=kept, close=closed, by=administrator, at=AT)

    for row in (enrolment, paper, reminder, posting, batch):
        row.refresh_from_db()
    assert {enrolment.user, paper.enrolment.user, reminder.user, posting.user, batch.by} == {kept}
    assert Reminder.objects.filter(user=closed).count() == 0


@on_sqlite_too
def test_closed_record_signs_nobody_in_and_still_finds_the_person(administrator, kept, closed):
    merge(keep=kept, close=closed, by=administrator, at=AT)

    closed.refresh_from_db()
    assert (closed.is_active, closed.merged_into) == (False, kept)
    for typed in ("hn-2", "0912 345 678", "HN-1"):
        assert find_login(text=typed) == kept
    entries = ModelLogEntry.objects.filter(action=MERGED)
    assert {entry.object_id for entry in entries} == {str(kept.pk), str(closed.pk)}
    assert {entry.user for entry in entries} == {administrator}
    assert entries[0].data == {"kept": "HN-1", "closed": "HN-2"}
    with pytest.raises(IntegrityError, match="person_merged_is_closed"), transaction.atomic():
        User.objects.filter(pk=closed.pk).update(is_active=True)


def test_list_with_the_old_code_means_the_person_and_changes_nothing(administrator, kept, closed):
    set_fields(kept, phone="+84987654321")
    merge(keep=kept, close=closed, by=administrator, at=AT)

    row = ("HN-2", kept.full_name, "", "", "0912 345 678", "Quế", "CTV")
    batch = rehearsed(sheet(row), by=administrator)

    assert outcomes(batch) == ["same"]


@on_sqlite_too
def test_blanks_of_the_kept_record_are_filled(administrator, kept, closed):
    closed.year_of_birth, closed.email, closed.sex = 1980, "hoa@example.vn", "female"
    closed.save()
    set_fields(kept, sex="male")

    merge(keep=kept, close=closed, by=administrator, at=AT)

    kept.refresh_from_db()
    closed.refresh_from_db()
    assert (kept.phone, kept.email) == ("+84912345678", "hoa@example.vn")
    assert (kept.year_of_birth, kept.sex) == (1980, "male")
    assert (closed.phone, closed.email, closed.year_of_birth) == (None, None, 1980)
    assert "84912345678" in kept.search_text


def test_roles_follow_with_the_groups_and_double_ones_go(administrator, kept, closed):
    for person in (kept, closed):
        assign_role(user=person, role=Role.TRAINER, unit=unit("350"))
    assign_role(user=closed, role=Role.ADMINISTRATOR, unit=unit("353"))

    merge(keep=kept, close=closed, by=administrator, at=AT)

    kept = User.objects.get(pk=kept.pk)
    roles = kept.role_assignments.values_list("role", flat=True)
    assert sorted(roles) == ["administrator", "trainer"]
    assert kept.groups.count() == 2
    assert kept.is_staff
    assert closed.role_assignments.count() == closed.groups.count() == 0


def test_same_post_twice_ends_once(administrator, kept, closed):
    double = PostingFactory(unit=unit("13384"), user=closed)

    done = merge(keep=kept, close=closed, by=administrator, at=AT)

    double.refresh_from_db()
    assert (double.user, double.valid_to) == (kept, TODAY)
    assert Posting.objects.filter(user=kept, unit=unit("13384"), valid_to=None).count() == 1
    [left] = done.left
    for told in (str(Cadre.COLLABORATOR.label), str(unit("13384"))):
        assert told in left


@pytest.mark.parametrize(
    ("mine", "theirs", "winner"),
    [
        ("active", "completed", "theirs"),
        ("withdrawn", "active", "theirs"),
        ("active", "active", "mine"),
        ("completed", "active", "mine"),
        ("completed", "completed", "mine"),
    ],
)
def test_of_two_places_in_one_class_the_one_further_on_counts(
    administrator, kept, closed, run, mine, theirs, winner
):
    places = {"mine": place(run, kept, mine), "theirs": place(run, closed, theirs)}

    done = merge(keep=kept, close=closed, by=administrator, at=AT)

    (counted,) = Enrolment.objects.filter(user=kept)
    (other,) = Enrolment.objects.filter(user=closed)
    assert counted == places[winner]
    assert counted.status == {"mine": mine, "theirs": theirs}[winner]
    assert other.status == EnrolmentStatus.WITHDRAWN
    assert len(done.left) == 1
    assert "Lớp Kim Bảng" in done.left[0]


def place(run, user, status):
    if status == "completed":
        return completed(run, unit("13384"), user=user)
    return EnrolmentFactory(run=run, user=user, unit=unit("13384"), status=status)


def test_trainer_of_a_class_follows_once(administrator, kept, closed, run):
    run.trainers.set([kept, closed])
    other = make_run(run.course, unit("350"), code="KB-2")
    other.trainers.set([closed])

    merge(keep=kept, close=closed, by=administrator, at=AT)

    assert list(run.trainers.all()) == list(other.trainers.all()) == [kept]


def test_what_may_not_be_merged(administrator, coordinator, kept, closed):
    stranger = PostingFactory(unit=unit("13591")).user

    def why(keep, close, by=administrator):
        return refused(merge, keep=keep, close=close, by=by, at=AT)

    assert why(kept, kept) == "same_record"
    assert why(kept, administrator) == "own_record"
    assert why(kept, stranger, coordinator) == "not_manageable"
    assert why(kept, administrator, coordinator) == "not_manageable"
    merge(keep=kept, close=closed, by=administrator, at=AT)
    assert why(kept, closed) == why(closed, kept) == "merged_already"


def test_merged_record_is_no_twin_any_more(administrator, kept):
    twin = PostingFactory(unit=unit("13384")).user
    assert len(suspected_duplicates(reader=administrator, on=TODAY)) == 1

    merge(keep=kept, close=twin, by=administrator, at=AT)

    assert suspected_duplicates(reader=administrator, on=TODAY) == []


@on_sqlite_too
def test_who_was_merged_before_goes_on_with_the_kept_record(administrator, kept, closed):
    third = PostingFactory(unit=unit("13387"), user__staff_code="HN-3").user
    first = merge(keep=closed, close=third, by=administrator, at=AT)
    second = merge(keep=kept, close=closed, by=administrator, at=AT)

    assert find_login(text="HN-3") == kept
    assert refused(unmerge, merge=first, by=administrator, at=AT) == "merged_since"

    unmerge(merge=second, by=administrator, at=AT)
    assert find_login(text="HN-3") == closed
    unmerge(merge=first, by=administrator, at=AT)
    assert find_login(text="HN-3") == third


@on_sqlite_too
def test_what_was_changed_since_stays_and_is_told(administrator, kept, closed, run):
    place(run, closed, "active")
    done = merge(keep=kept, close=closed, by=administrator, at=AT)
    User.objects.filter(pk=kept.pk).update(phone="+84987654321")
    Enrolment.objects.filter(user=kept).delete()

    parted = unmerge(merge=done, by=administrator, at=AT)

    assert len(parted.left) == 2
    changed, gone = parted.left
    assert capfirst(str(User._meta.get_field("phone").verbose_name)) in changed
    assert str(DELETED_SINCE) in gone
    closed.refresh_from_db()
    assert (closed.is_active, closed.phone) == (True, "+84912345678")


@on_sqlite_too
def test_role_that_was_given_again_since_stays_and_is_told(administrator, kept, closed):
    for person in (kept, closed):
        assign_role(user=person, role=Role.TRAINER, unit=unit("350"))
    done = merge(keep=kept, close=closed, by=administrator, at=AT)
    assign_role(user=closed, role=Role.TRAINER, unit=unit("350"))

    parted = unmerge(merge=done, by=administrator, at=AT)

    assert closed.role_assignments.count() == 1
    assert any(str(TAKEN_SINCE) in sentence for sentence in parted.left)


@on_sqlite_too
def test_what_belongs_to_another_by_now_stays(administrator, kept, closed):
    done = merge(keep=kept, close=closed, by=administrator, at=AT)
    User.objects.filter(pk=kept.pk).update(phone=None)
    UserFactory(phone="+84912345678")

    parted = unmerge(merge=done, by=administrator, at=AT)

    assert any(str(TAKEN_SINCE) in sentence for sentence in parted.left)


@on_sqlite_too
@pytest.mark.parametrize("gone", ["mine", "theirs"])
def test_places_that_changed_hands_stay_where_one_of_them_has_gone(
    administrator, kept, closed, run, gone
):
    places = {"mine": place(run, kept, "withdrawn"), "theirs": place(run, closed, "active")}
    done = merge(keep=kept, close=closed, by=administrator, at=AT)
    Enrolment.objects.filter(pk=places[gone].pk).delete()

    parted = unmerge(merge=done, by=administrator, at=AT)

    (stays,) = Enrolment.objects.all()
    assert stays.user == {"mine": kept, "theirs": closed}[gone]
    assert any(str(DELETED_SINCE) in sentence for sentence in parted.left)


def test_way_back_is_open_for_thirty_days_and_once(administrator, coordinator, kept, closed):
    done = merge(keep=kept, close=closed, by=administrator, at=AT)
    late = AT + timedelta(days=30, seconds=1)
    assert may_unmerge(merge=done, at=AT)
    assert not may_unmerge(merge=done, at=late)
    assert refused(unmerge, merge=done, by=administrator, at=late) == "too_late"
    assert refused(unmerge, merge=done, by=UserFactory(), at=AT) == "not_manageable"

    parted = unmerge(merge=done, by=administrator, at=AT)

    assert not may_unmerge(merge=parted, at=AT)
    assert refused(unmerge, merge=done, by=administrator, at=AT) == "undone_already"
    entries = ModelLogEntry.objects.filter(action=UNMERGED)
    assert {entry.object_id for entry in entries} == {str(kept.pk), str(closed.pk)}
    assert merge(keep=kept, close=closed, by=administrator, at=AT).pk != done.pk


STATUSES = ("none", "active", "completed", "withdrawn")


@fewer_examples(15)
@given(
    posts=st.lists(
        st.tuples(
            st.booleans(),
            st.sampled_from(["13384", "13387"]),
            st.sampled_from([one for one in Cadre if one not in MINIMAL_CADRES]),
        ),
        max_size=5,
        unique=True,
    ),
    places=st.tuples(st.sampled_from(STATUSES), st.sampled_from(STATUSES)),
    roles=st.lists(st.tuples(st.booleans(), st.sampled_from(["350", "353"])), max_size=3),
    phones=st.tuples(st.booleans(), st.booleans()),
    taught=st.tuples(st.booleans(), st.booleans()),
)
def test_merged_and_parted_again_the_register_is_as_before(
    administrator, run, posts, places, roles, phones, taught
):
    with transaction.atomic():
        two = [UserFactory(phone=f"+8491234567{n}" if phones[n] else None) for n in (0, 1)]
        for whose, code, cadre in posts:
            PostingFactory(user=two[whose], unit=unit(code), cadre=cadre)
        for person, status, teaches in zip(two, places, taught, strict=True):
            ReminderFactory(user=person, unique_key=f"{person.pk}")
            if status != "none":
                place(run, person, status)
            if teaches:
                run.trainers.add(person)
        for whose, code in roles:
            assign_role(user=two[whose], role=Role.TRAINER, unit=unit(code))
        before = register()

        done = merge(keep=two[0], close=two[1], by=administrator, at=AT)
        assert User.objects.get(pk=two[1].pk).merged_into == two[0]
        parted = unmerge(merge=done, by=administrator, at=AT)

        assert parted.left == []
        assert register() == before
        transaction.set_rollback(True)


def test_every_column_that_points_at_a_person_is_declared():
    pointing = {
        f"{model._meta.label_lower}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_concrete_fields
        if field.is_relation and field.related_model is User and model._meta.managed
        if not model._meta.label_lower.startswith(("test", "fixtures"))
    }

    assert pointing == {
        f"{data.key}.{column}" for data in personal_data for column in data.on_merge
    }


def test_columns_that_stay_say_why_and_what_a_person_has_once_is_settled():
    for data in personal_data:
        following = dict(data.following())
        for column, reason in data.on_merge.items():
            assert column in following or reason.endswith("."), f"{data.key}.{column}"
        for column, follow in following.items():
            assert bool(follow.clash_key) == bool(follow.settle), f"{data.key}.{column}"
