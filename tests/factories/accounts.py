from datetime import date

import factory

from lms.accounts.enums import Cadre
from lms.accounts.models import Posting, RoleAssignment, User


class UserFactory(factory.django.DjangoModelFactory):
    """A person with a staff code and a name, without phone, e-mail or password."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    staff_code = factory.Sequence(lambda n: f"HN{n:05d}")
    full_name = "Nguyễn Thị Hương"
    is_sample = True


class PostingFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Posting

    user = factory.SubFactory(UserFactory)
    cadre = Cadre.COLLABORATOR
    valid_from = date(2014, 1, 1)


class RoleAssignmentFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = RoleAssignment

    user = factory.SubFactory(UserFactory)
