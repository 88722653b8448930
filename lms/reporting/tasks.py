"""Beat's tick of reports; it may run twice or beside itself without harm."""

from celery import shared_task
from django.utils.timezone import localdate

from lms.reporting.domain.tally_keeping import update_tallies


@shared_task(name="reporting.update_tallies")
def update_tallies_task() -> None:
    update_tallies(on=localdate())
