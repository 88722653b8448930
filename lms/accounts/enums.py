from django.db import models
from django.utils.translation import gettext_lazy as _


class Sex(models.TextChoices):
    FEMALE = "female", _("Female")
    MALE = "male", _("Male")


class Cadre(models.TextChoices):
    """The groups that Project 2 trains."""

    DISTRICT_OFFICER = "district_officer", _("District officer")
    COMMUNE_OFFICER = "commune_officer", _("Commune officer")
    COLLABORATOR = "collaborator", _("Village collaborator")
    PARENT_GROUP = "parent_group", _("Parent group member")
    CORE_CHILD = "core_child", _("Core child")


# Of whom no more is kept than a name or code, the year of birth, the commune and the consent.
MINIMAL_CADRES = (Cadre.PARENT_GROUP, Cadre.CORE_CHILD)


class SpellingKind(models.TextChoices):
    """What a spelling of a list stands for."""

    UNIT = "unit", _("Commune or district")
    DISTRICT = "district", _("District")
    CADRE = "cadre", _("Job title")


# What a title means that says nothing of a cadre.
NO_CADRE = "none"


class ConsentPurpose(models.TextChoices):
    TAKING_PART = "taking_part", _("Participation and record keeping")
    CERTIFICATE_NAME = "certificate_name", _("Name on a certificate")


class ConsentGiver(models.TextChoices):
    SELF = "self", _("The person")
    GUARDIAN = "guardian", _("A guardian")


class Role(models.TextChoices):
    """What a person may do, on a unit and all units below it."""

    ADMINISTRATOR = "administrator", _("Administrator")
    MONITOR = "monitor", _("DOLISA monitor")
    COORDINATOR = "coordinator", _("District coordinator")
    FOCAL_POINT = "focal_point", _("Commune focal point")
    TRAINER = "trainer", _("Trainer")
    REVIEWER = "reviewer", _("Content reviewer")


class CorrectionItem(models.TextChoices):
    """What a person may ask to have corrected; the first five are columns of the record."""

    FULL_NAME = "full_name", _("Full name")
    YEAR_OF_BIRTH = "year_of_birth", _("Year of birth")
    SEX = "sex", _("Sex")
    PHONE = "phone", _("Phone number")
    EMAIL = "email", _("E-mail")
    POST = "post", _("Post and unit")
    OTHER = "other", _("Something else")


class CorrectionState(models.TextChoices):
    OPEN = "open", _("Waiting for an answer")
    DONE = "done", _("Corrected")
    REFUSED = "refused", _("Request refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class RetentionAction(models.TextChoices):
    """What becomes of a row when it has been kept long enough."""

    DELETED = "deleted", _("Removed")
    ANONYMOUS = "anonymous", _("Anonymised")
    KEPT = "kept", _("Kept permanently")


# Roles that see the people and classes of their unit. A trainer sees the own classes only, a
# reviewer nobody.
OVERSIGHT_ROLES = (Role.ADMINISTRATOR, Role.MONITOR, Role.COORDINATOR, Role.FOCAL_POINT)
# Those of them that change what they see: a monitor and a focal point look on and report.
MANAGING_ROLES = (Role.ADMINISTRATOR, Role.COORDINATOR)
