"""In the site: the way that everybody has, and the only one of whom it is enough for."""

from typing import Final

from django.utils.translation import gettext_lazy as _

from lms.messaging.enums import Outcome
from lms.messaging.extensions import Answer, Letter, Reachable
from lms.notifications.enums import SITE

# There is no address to be told: a notice hangs on the person.
_ADDRESS: Final = "site"


class SiteChannel:
    """Every reminder that is due stands in the site already: to go this way is to go no other."""

    key = SITE
    label = _("In the site")
    carries_codes = False

    def is_configured(self) -> bool:
        return True

    def daily_limit(self) -> int | None:
        return None

    def price(self) -> int | None:
        return None

    def most_parts(self) -> int:
        return 1

    def address_of(self, person: Reachable) -> str | None:
        return _ADDRESS

    def line(self) -> "SiteLine":
        return SiteLine()


class SiteLine:
    def open(self) -> Answer | None:
        return None

    def send(self, letter: Letter) -> Answer:
        return Answer(Outcome.ACCEPTED)

    def close(self) -> None:
        """Do nothing."""
