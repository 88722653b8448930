"""SMS through the gateway that SUITE_SMS_GATEWAY names."""

from typing import Final

from django.conf import settings
from django.db.models import Q
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from lms.messaging.enums import Outcome
from lms.messaging.extensions import Answer, Letter, PlainChannel, Reachable
from lms.messaging.sms import SmsGateway, SmsNotAcceptedError, SmsNotReachedError, fit

# A gateway that has not answered by then counts as silent.
SMS_TIMEOUT_SECONDS: Final = 10


class SmsChannel(PlainChannel):
    key = "sms"
    label = _("SMS")
    carries_codes = True
    takes_short_form = True

    def is_configured(self) -> bool:
        return bool(settings.SUITE_SMS_GATEWAY)

    def daily_limit(self) -> int | None:
        return settings.SUITE_SMS_A_DAY or None

    def price(self) -> int | None:
        return settings.SUITE_SMS_PRICE or None

    def most_parts(self) -> int:
        return settings.SUITE_SMS_PARTS

    def address_of(self, person: Reachable) -> str | None:
        return person.phone

    def may_reach(self, path: str) -> Q:
        return Q(**{f"{path}__phone__gt": ""})

    def line(self) -> "SmsLine":
        return SmsLine(import_string(settings.SUITE_SMS_GATEWAY)())


class SmsLine:
    """A gateway is asked anew for each message: there is nothing to open or to close."""

    def __init__(self, gateway: SmsGateway) -> None:
        self._gateway = gateway

    def open(self) -> Answer | None:
        return None

    def send(self, letter: Letter) -> Answer:
        text = fit(letter.short, parts=settings.SUITE_SMS_PARTS, marks=settings.SUITE_SMS_MARKS)
        try:
            reference = self._gateway.send(
                to=letter.to, text=text, key=letter.key, timeout=SMS_TIMEOUT_SECONDS
            )
        except SmsNotAcceptedError as error:
            outcome = Outcome.REFUSED if error.for_good else Outcome.NOT_NOW
            detail = str(error) or type(error).__name__
            return Answer(outcome, detail, line_stands=not error.gateway_at_fault)
        except SmsNotReachedError as error:
            return Answer(Outcome.NOT_NOW, str(error), line_stands=False)
        except OSError as error:
            return Answer(Outcome.UNKNOWN, type(error).__name__, line_stands=False)
        return Answer(Outcome.ACCEPTED, reference=reference)

    def close(self) -> None:
        """Do nothing."""
