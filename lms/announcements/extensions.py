"""The extension point of announcements: whom somebody may write to.

Write an `Audience` and register one instance of it in `AppConfig.ready()`:
`audiences.register(ClassAudience())`. A page then leads to `write_url(key, params)`.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse

from lms.accounts.models import User
from lms.core.refusal import Refusal
from lms.core.registry import Registry
from lms.geography.models import AdministrativeUnit


@dataclass(frozen=True)
class Group:
    """Those whom a page shows, as far as this reader may write to them.

    `label` is what the group is called; `unit` by whose scope the announcement is found again.
    `refusal` says why nobody can be written to at present. `subject` and `text` are proposed where
    people are reminded, or invited to what is to come (`is_invitation`); `back` is the page that the
    writer came from, called `back_label` where it is not the group's own.
    """

    label: str
    people: QuerySet[User]
    back: str
    unit: AdministrativeUnit | None = None
    run_id: int | None = None
    refusal: Refusal | None = None
    subject: str = ""
    text: str = ""
    back_label: str = ""
    is_invitation: bool = False


class Audience(ABC):
    """One sort of group."""

    #: "<app>.<name>", at most 50 characters; stored, so it never changes.
    key: str
    #: Names of the parameters by which a group is found anew; no personal data.
    params: tuple[str, ...]

    @abstractmethod
    def find(self, *, by: User, params: Mapping[str, str], remind: bool) -> Group | None:
        """Return the group, None where this person may not write to it or there is none.

        With `remind` those alone who still have something to do. Asked when the page is opened,
        when it is sent, and when an announcement for later is due.
        """


audiences: Registry[Audience] = Registry("audiences")


def write_url(key: str, params: Mapping[str, str], *, remind: bool = False) -> str:
    """Return the page on which one writes to the group."""
    query = {"to": key, **({"remind": "1"} if remind else {}), **params}
    return f"{reverse('announcements:write')}?{urlencode(query)}"
