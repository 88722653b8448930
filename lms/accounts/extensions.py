"""What an upper layer may offer to accounts: groups of people that can be invited together."""

from abc import ABC, abstractmethod
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from lms.accounts.models import User
from lms.core.registry import Registry


class PeopleGroup(ABC):
    """Something people belong to, such as a class; registered in `AppConfig.ready()`."""

    key: str
    label: str | Promise

    @abstractmethod
    def choices(self, user: Any) -> QuerySet[Any]:
        """The rows that this person may choose from; starts from `visible_to(user)`."""

    @abstractmethod
    def people(self, chosen: Any) -> QuerySet[User]:
        """Those who belong to the chosen row; who of them may be invited is not its business."""


people_groups: Registry[PeopleGroup] = Registry("people groups")
