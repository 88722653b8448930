"""A copy with made-up people: nothing that could be a person's is left in it, anywhere."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.conf import settings as suite_settings
from django.contrib.sessions.models import Session
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.core.management import CommandError, call_command
from django.db import connection, models
from django.utils import timezone
from wagtail.models import Comment, PageViewRestriction
from wagtail.users.models import UserProfile

from attendance.models import Session as MeetingSession
from certificates.domain.issuing import issue_outstanding
from certificates.models import Certificate
from courses.enums import RunStatus
from courses.models import CourseRun, Enrolment, LessonNote, LessonPage, Question
from lms.accounts.extensions import ALL, PersonalData, PseudonymisationRule, personal_data
from lms.accounts.models import Consent, CorrectionRequest, Invitation, Merge, User
from lms.accounts.personal_data.domain import pseudonymise as copying
from lms.accounts.personal_data.domain.pseudonymise import (
    pseudonymise,
    text_columns,
    undeclared_columns,
)
from lms.core.fields import with_derived
from lms.notifications.models import SendingPause
from lms.reporting.domain.counting import count_by_unit
from lms.surveys.models import SurveyAnswer
from tests.factories.accounts import UserFactory
from tests.factories.courses import put_question
from tests.factories.geography import make_map
from tests.reading import numbers
from tests.refusing import raises_refusal
from tests.shared import shared
from tests.walk.scenario import make_scenario

pytestmark = [
    pytest.mark.sqlite("raw SQL"),
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning"),
]
MARKER = "Zqxlo"
# The columns in which a marker stands for no person: kept, with the reason in the rule.
PEOPLE = {"staff_code", "full_name", "phone", "email", "password"}


@shared
def scenario(db):
    make_map()
    made = make_scenario()
    User.objects.update(is_sample=False)
    person = made.person
    EmailAddress.objects.create(user=person, email="a@example.vn")
    Authenticator.objects.create(user=person, type="totp", data={"secret": "x"})
    Session.objects.create(session_key="x", session_data="x", expire_date=timezone.now())
    UserProfile.objects.create(user=person)
    at = datetime(2014, 1, 1, tzinfo=UTC)
    SendingPause.objects.create(started_by=person, started_at=at, until=at, reason="x")
    lesson = LessonPage.objects.first()
    Comment.objects.create(page=lesson, user=person, text="x", contentpath="title")
    PageViewRestriction.objects.create(page=lesson, restriction_type="password", password="x")
    # Only what was cancelled has a reason.
    MeetingSession.objects.update(cancelled_at=at, cancel_reason="x")
    CourseRun.objects.update(status=RunStatus.CANCELLED, cancelled_at=at, cancel_reason="x")
    LessonNote.objects.create(user=person, lesson=lesson, text="x", updated_at=at)
    question = Question.objects.prefetch_related("options").first()
    put_question(made.attempt, question, typed="x", answered_at=at)
    SurveyAnswer.objects.create(run=made.attempt.enrolment.run, ratings={}, comment="x")
    Invitation.objects.create(
        user=person, digest="x", issued_at=at, expires_at=timezone.now(), issued_by=person
    )
    Consent.objects.create(
        user=person, purpose="taking_part", giver="guardian", guardian="x", given_on=at.date()
    )
    return made


def personal_columns(model):
    """Those that a rule does not keep, and those of people, which are written anew."""
    data = personal_data.get(model._meta.label_lower)
    kept = set(data.copy.kept) - (PEOPLE if model is User else set()) if data else set()
    return [
        column
        for column in text_columns(model)
        if data and data.copy.kept != ALL and column.name not in kept
    ]


def marked_value(column, row):
    text = f"{MARKER}{row.pk}"[: getattr(column, "max_length", None) or None]
    if column.get_internal_type() == "JSONField":
        if column.name == "content":
            return {**row.content, "wagtail_admin_comments": [{"text": text}]}
        facts = row.facts if column.name == "facts" else {}
        return {**facts, "name": text, text: text}
    return text


def mark_everything():
    """A marker in every column that could be a person's, files too; the models that were marked."""
    marked = set()
    for model in apps.get_models(include_auto_created=True):
        for row in model._base_manager.all():
            columns = personal_columns(model)
            if getattr(row, "is_minimal", False):
                # The database keeps the rest of a minimal record empty.
                columns = [one for one in columns if one.name in ("full_name", "staff_code")]
            for column in columns:
                if isinstance(column, models.FileField):
                    content = ContentFile(MARKER.encode(), name=f"{MARKER}.pdf")
                    getattr(row, column.name).save(f"{MARKER}.pdf", content, save=False)
                else:
                    setattr(row, column.name, marked_value(column, row))
            if columns:
                names = with_derived([row], [column.name for column in columns])
                values = {name: getattr(row, name) for name in names}
                values = {
                    name: value.name if hasattr(value, "storage") else value
                    for name, value in values.items()
                }
                model._base_manager.filter(pk=row.pk).update(**values)
                marked.add(model)
    return marked


def dump():
    """Every table, as text."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608
            yield from ((table, str(row)) for row in cursor.fetchall())


def files():
    for root in (suite_settings.MEDIA_ROOT, storages["private"].location):
        for path in Path(root).rglob("*"):
            if path.is_file():
                yield path.name, path.read_bytes()


def test_nothing_of_a_person_is_left_in_the_database_or_in_a_file(scenario):
    marked = mark_everything()
    assert any(MARKER in text for _table, text in dump())
    assert any(MARKER.encode() in content for _name, content in files())

    pseudonymise(confirmed=True)

    left = [(table, text) for table, text in dump() if MARKER in text]
    assert left == []
    assert [name for name, content in files() if MARKER in name or MARKER.encode() in content] == []
    # Every rule that changes a column was tried on a row.
    changing = {data.model for data in personal_data if data.copy.emptied or data.copy.replaced}
    assert changing - marked <= {apps.get_model("wagtailcore.CollectionViewRestriction")}
    removed = [data.model for data in personal_data if data.copy.removed]
    assert [model for model in removed if model._base_manager.exists()] == []


def test_every_column_that_could_be_a_persons_is_declared_and_no_other(db):
    assert undeclared_columns() == []
    unknown = [
        f"{data.key}.{name}"
        for data in personal_data
        for name in (*data.copy.emptied, *data.copy.replaced, *data.copy.kept)
        if name not in ("*", *(column.name for column in text_columns(data.model)))
    ]
    assert unknown == []
    assert [data.key for data in personal_data if data.copy.kept and not data.copy.why] == []


def test_new_column_that_nobody_has_spoken_of_stops_the_command(scenario, monkeypatch):
    data = PersonalData(CorrectionRequest, copy=PseudonymisationRule(emptied=("reason",)))
    monkeypatch.setitem(personal_data._entries, data.key, data)
    monkeypatch.delitem(personal_data._entries, "importing.importbatch")

    with raises_refusal("undeclared") as refusal:
        pseudonymise(confirmed=True)

    assert "accounts.CorrectionRequest.wanted" in refusal.value.message
    assert "importing.ImportBatch.file_name" in refusal.value.message
    assert User.objects.filter(staff_code="LN99999").exists()


def test_people_are_others_stay_in_their_classes_and_are_called_the_same_next_time(scenario):
    before = User.objects.get(pk=scenario.person.pk)
    year = 1980
    User.objects.filter(pk=before.pk).update(year_of_birth=year, sex="female", phone_raw="0351")
    root = User.objects.get(staff_code="SU1")
    programme = scenario.enrolment.run.programme
    totals = count_by_unit(programme=programme, on=timezone.localdate(), reader=root)
    classes = list(Enrolment.objects.order_by("pk").values_list("user", "run", "status"))

    changed = pseudonymise(confirmed=True)

    person = User.objects.get(pk=before.pk)
    assert changed == User.objects.count()
    assert person.full_name != before.full_name
    assert person.full_name.split()[1] == "Thị"
    assert person.staff_code == f"MS{person.pk:06d}"
    assert person.phone.startswith("+84900")
    assert person.email == f"nguoi-{person.pk}@mau.example"
    assert 1 <= abs(person.year_of_birth - year) <= 3
    assert (person.phone_raw, person.has_usable_password()) == ("", False)
    assert list(User.objects.search(person.full_name).filter(pk=person.pk)) == [person]
    assert list(Enrolment.objects.order_by("pk").values_list("user", "run", "status")) == classes
    assert count_by_unit(programme=programme, on=timezone.localdate(), reader=root) == totals
    assert User.objects.filter(phone=None).exists()

    names = User.objects.order_by("pk").values_list("full_name", "staff_code", "phone")
    first = list(names)
    pseudonymise(confirmed=True)
    assert list(names.all()) == first


def test_made_up_people_of_a_trial_stay_and_log_in(db):
    demo = UserFactory(staff_code="GV001", full_name="Trần Thị Minh Hà", is_sample=True)
    demo.set_password("tap-huan-2014")
    demo.save()
    UserFactory(is_sample=False, year_of_birth=None)

    assert pseudonymise(confirmed=True) == 1

    demo.refresh_from_db()
    assert demo.full_name == "Trần Thị Minh Hà"
    assert demo.check_password("tap-huan-2014")


def test_certificates_are_made_anew_and_of_files_the_pictures_of_lessons_alone_stay(scenario):
    old = Certificate.objects.get(pk=scenario.certificate.pk)
    storages["private"].save("sheets/roll.pdf", ContentFile(b"x"))
    default_storage.save("avatar_images/face.png", ContentFile(b"x"))

    pseudonymise(confirmed=True)

    found = Certificate.objects.get(pk=old.pk)
    person = User.objects.get(pk=scenario.person.pk)
    assert (found.serial, found.number) == (old.serial, old.number)
    assert found.holder_name == person.full_name
    assert found.code != old.code
    assert found.facts["verify_url"].endswith(f"/{found.code}/")
    assert old.code not in json.dumps(found.facts)
    assert set(found.facts) == set(old.facts)
    assert not found.file
    assert not storages["private"].exists("sheets/roll.pdf")
    assert not default_storage.exists("avatar_images/face.png")
    assert default_storage.exists(scenario.image.file.name)
    assert not Merge.objects.exists()
    assert issue_outstanding(at=timezone.now()) >= 1
    found.refresh_from_db()
    assert found.file


def test_production_is_refused_whatever_is_said(db, settings):
    person = UserFactory(is_sample=False)
    settings.SUITE_PRODUCTION = True

    with pytest.raises(CommandError) as caught:
        call_command("pseudonymise", "--yes-this-is-a-copy")
    assert caught.value.__cause__.code == "production"

    assert User.objects.filter(staff_code=person.staff_code).exists()


@pytest.mark.parametrize(
    ("name", "refused"),
    [
        ("suite", True),
        ("/copy/db.sqlite3", True),
        ("suite_copy", False),
        ("/var/db-ban-sao.sqlite3", False),
    ],
)
def test_database_that_is_not_called_a_copy_is_refused(db, monkeypatch, capsys, name, refused):
    person = UserFactory(is_sample=False)
    monkeypatch.setitem(connection.settings_dict, "NAME", name)

    if refused:
        with pytest.raises(CommandError, match="--yes-this-is-a-copy") as caught:
            call_command("pseudonymise")
        assert caught.value.__cause__.code == "no_copy"
    else:
        call_command("pseudonymise")
        assert numbers(capsys.readouterr().out) == [1]

    assert User.objects.filter(staff_code=person.staff_code).exists() == refused


@pytest.mark.django_db(transaction=True)
def test_what_was_deleted_is_not_left_in_the_file_of_the_database(monkeypatch):
    UserFactory(is_sample=False)
    asked = []
    monkeypatch.setattr(copying, "_clear_files", lambda files: None)
    with connection.execute_wrapper(
        lambda run, sql, params, many, context: (
            asked.append(sql),
            run(sql, params, many, context),
        )[1]
    ):
        pseudonymise(confirmed=True)

    assert ("VACUUM" in asked) == (connection.vendor == "sqlite")
