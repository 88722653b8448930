"""Many posts go on in other units on one day, with the history kept."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from lms.accounts.models import Posting
from lms.accounts.register.domain.postings import PostingWrite, write_postings


def continue_postings(*, posts: Sequence[Posting], targets: Mapping[int, int], on: date) -> None:
    """Go on with each post in the unit that `targets` names by its pk, from that day.

    A post that began on that day or later is put right in its place; where the person holds the
    successor's post already, the old one just ends. The caller holds the people.
    """
    in_order = sorted(posts, key=lambda one: (one.valid_from, one.pk))
    writes = [
        PostingWrite(
            ends=post,
            last_day=on - timedelta(days=1),
            takes=Posting(
                user_id=post.user_id,
                unit_id=targets[post.pk],
                cadre=post.cadre,
                valid_from=on,
                consent_id=post.consent_id,
            ),
        )
        for post in in_order
    ]
    write_postings(writes=writes)
