"""When what processes keep of the pages has to be read anew."""

import uuid

from django.db import models


class ContentStamp(models.Model):
    """One row with a value that is another after every change of a title or an address.

    Written in the transaction of the change by `courses.domain.outlines.renew_stamp` and read in
    the query that needs it, so no process goes on with an old title. A random value and no number: a
    transaction that is rolled back must not leave a value that comes again with other titles.
    """

    value = models.UUIDField(default=uuid.uuid4)

    def __str__(self) -> str:
        return str(self.value)
