"""People, what is known about them, and officials with their browser."""

from datetime import date
from typing import Any

import factory
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from lms.accounts.enums import MINIMAL_CADRES, Cadre, ConsentGiver, ConsentPurpose, Role
from lms.accounts.models import Consent, Posting, RoleAssignment, User
from lms.accounts.register.domain.roles import assign_role
from tests.factories.geography import unit


class UserFactory(factory.django.DjangoModelFactory):
    """A person with a staff code and a name, without phone, e-mail or password."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    # Above the codes that tests write themselves, however many people a process has made.
    staff_code = factory.Sequence(lambda n: f"HN{n + 10_000}")
    full_name = "Nguyễn Thị Hương"
    is_sample = True


class MinimalFactory(UserFactory):
    """A parent or a core child: no contact data, no log-in."""

    staff_code = factory.Sequence(lambda n: f"TE{n + 10_000}")
    is_minimal = True
    password = factory.LazyFunction(lambda: make_password(None))


class ConsentFactory(factory.django.DjangoModelFactory):
    """A guardian's consent to taking part."""

    class Meta:
        model = Consent

    user = factory.SubFactory(MinimalFactory)
    purpose = ConsentPurpose.TAKING_PART
    giver = ConsentGiver.GUARDIAN
    guardian = "Phạm Thị Bà"
    given_on = date(2014, 1, 1)


class PostingFactory(factory.django.DjangoModelFactory):
    """A post; that of a parent or a core child with a minimal record and its consent."""

    class Meta:
        model = Posting

    class Params:
        is_least = factory.LazyAttribute(lambda post: post.cadre in MINIMAL_CADRES)

    cadre = Cadre.COLLABORATOR
    valid_from = date(2014, 1, 1)
    user = factory.Maybe(
        "is_least", factory.SubFactory(MinimalFactory), factory.SubFactory(UserFactory)
    )
    consent = factory.Maybe(
        "is_least",
        factory.SubFactory(ConsentFactory, user=factory.SelfAttribute("..user")),
        None,
    )


class RoleAssignmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RoleAssignment

    user = factory.SubFactory(UserFactory)


def make_official(role: Role, code: str, **fields: Any) -> User:
    """A person with a role on the unit with this code, who may open the admin."""
    user: User = UserFactory(**fields)
    assign_role(user=user, role=role, unit=unit(code))
    return user


def browse(user: User) -> Client:
    """A client logged in as this person."""
    client = Client()
    # What the log-in itself does, which `force_login` takes fifteen queries for, has tests of its own.
    session = SessionStore()
    session.update(
        {
            SESSION_KEY: str(user.pk),
            BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
            HASH_SESSION_KEY: user.get_session_auth_hash(),
        }
    )
    session.create()
    client.cookies[settings.SESSION_COOKIE_NAME] = session.session_key
    return client


def log_in(role: Role, code: str) -> Client:
    """A client logged in as somebody with this role on the unit with this code."""
    return browse(make_official(role, code))
