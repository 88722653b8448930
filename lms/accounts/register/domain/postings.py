"""The posts that people hold: taken up, moved and left, with the history kept."""

from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from lms.accounts.enums import Cadre
from lms.accounts.models import Posting, User
from lms.accounts.register.domain.consents import consent_in_force, require_consent
from lms.accounts.register.domain.minimal import require_same_kind
from lms.core.refusal import Refusal
from lms.geography.models import AdministrativeUnit

POSTED = "accounts.posted"
TRANSFERRED = "accounts.transferred"
LEFT = "accounts.left"


def post(
    *,
    user: User,
    unit: AdministrativeUnit,
    cadre: Cadre,
    on: date,
    by: User | None = None,
) -> Posting:
    """The person takes up a post on that day, besides any other held.

    A repeat returns the open posting. Writes the log. Raises Refusal as
    `minimal.require_same_kind` and `consents.require_consent` do.
    """
    with transaction.atomic():
        held = _lock(user)
        posting = _open(user, unit, cadre)
        if posting is None:
            posting = _take_up(held, unit, cadre, on)
            _log(posting, POSTED, by, on)
    return posting


def transfer(
    *,
    user: User,
    from_unit: AdministrativeUnit,
    to_unit: AdministrativeUnit,
    on: date,
    cadre: Cadre | None = None,
    by: User | None = None,
) -> Posting:
    """The person moves on that day: the old posting ends the day before, and stays on file.

    `cadre` is the new one, the same when not given. A repeat returns the new posting. Raises
    Refusal: `no_posting` when nothing is held at `from_unit`, `too_early` when the move
    would come before the old posting lasted a day; else Refusal as `post`. Writes the log.
    """
    with transaction.atomic():
        held = _lock(user)
        old = _open(user, from_unit)
        if old is None:
            repeated = _open(user, to_unit, cadre)
            if repeated is not None and repeated.valid_from == on:
                return repeated
            raise _no_posting(user, from_unit)
        if old.unit_id == to_unit.pk and old.cadre == (cadre or old.cadre):
            return old
        _end(old, on - timedelta(days=1))
        new = _open(user, to_unit, cadre or Cadre(old.cadre)) or _take_up(
            held, to_unit, cadre or Cadre(old.cadre), on
        )
        _log(new, TRANSFERRED, by, on, previous=str(old))
    return new


def leave(
    *,
    user: User,
    unit: AdministrativeUnit,
    last_day: date,
    by: User | None = None,
) -> Posting:
    """The person gives up the post; `last_day` is the last one held. The posting stays on file.

    Raises Refusal as `transfer` does. Writes the log.
    """
    with transaction.atomic():
        _lock(user)
        posting = _open(user, unit)
        if posting is None:
            raise _no_posting(user, unit)
        _end(posting, last_day)
        _log(posting, LEFT, by, last_day)
    return posting


def _take_up(user: User, unit: AdministrativeUnit, cadre: Cadre, on: date) -> Posting:
    require_same_kind(is_minimal=user.is_minimal, cadre=cadre)
    given = consent_in_force(person=user) if user.is_minimal else None
    require_consent(cadre=cadre, given=given, since=on)
    return Posting.objects.create(
        user=user, unit=unit, cadre=cadre, valid_from=on, consent_id=given.pk if given else None
    )


def _open(user: User, unit: AdministrativeUnit, cadre: Cadre | None = None) -> Posting | None:
    postings = Posting.objects.filter(user=user, unit=unit, valid_to=None)
    if cadre is not None:
        postings = postings.filter(cadre=cadre)
    return postings.first()


def _end(posting: Posting, last_day: date) -> None:
    if last_day < posting.valid_from:
        raise Refusal(
            "too_early",
            _("%(name)s has held this post since %(day)s; the change must come later.")
            % {"name": posting.user, "day": f"{posting.valid_from:%d/%m/%Y}"},
        )
    posting.valid_to = last_day
    posting.save(update_fields=["valid_to"])


def _no_posting(user: User, unit: AdministrativeUnit) -> Refusal:
    return Refusal(
        "no_posting",
        _("%(name)s holds no post at %(unit)s.") % {"name": user, "unit": unit},
    )


def _lock(user: User) -> User:
    """Two writers about one person queue here."""
    held: User = User.objects.select_for_update().get(pk=user.pk)
    return held


def _log(posting: Posting, action: str, by: User | None, day: date, previous: str = "") -> None:
    log(
        instance=posting.user,
        action=action,
        user=by,
        data={"posting": str(posting), "day": day.isoformat(), "previous": previous},
    )
