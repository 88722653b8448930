"""What becomes of a person's posts: rule by rule."""

from datetime import date

import pytest

from lms.accounts.rosters.domain.matching import HeldPost, PersonRecord
from lms.accounts.rosters.domain.posting_changes import (
    NewPost,
    PostingChange,
    PostingStep,
    RequestedChange,
    plan_change,
)
from lms.geography.domain.finding import PlaceName
from tests.refusing import refused

QUE, UY, BA = (
    PlaceName(n, f"0{n}", "commune", f"1338{n}", name, name)
    for n, name in enumerate(["Quế", "Nguyễn Úy", "Ba Sao"], start=1)
)
TRANSFER, LEAVE = PostingChange.TRANSFER, PostingChange.LEAVE
RETURN, SECOND = PostingChange.RETURN, PostingChange.SECOND
BEGAN, DAY, TODAY, AHEAD = (date(2014, month, 1) for month in (1, 6, 9, 10))
CTV, OFFICER = "collaborator", "commune_officer"
HELD = HeldPost(1, QUE, CTV, BEGAN)
ELSEWHERE = HeldPost(3, BA, CTV, BEGAN)
PAST = HeldPost(2, UY, CTV, date(2013, 1, 1), date(2013, 12, 31))


def plan(change, person, **asked):
    return plan_change(person=person, asked=RequestedChange(change, **asked), today=TODAY)


def person(*posts, past=()):
    return PersonRecord(pk=7, posts=list(posts), past=list(past))


@pytest.mark.parametrize(
    ("change", "asked", "step"),
    [
        (
            TRANSFER,
            {"to_unit": UY, "since": DAY},
            PostingStep(HELD, date(2014, 5, 31), NewPost(UY, CTV, DAY)),
        ),
        (LEAVE, {"until": DAY}, PostingStep(HELD, DAY)),
        (LEAVE, {"since": DAY}, PostingStep(HELD, date(2014, 5, 31))),
        (
            SECOND,
            {"to_unit": UY, "cadre": OFFICER, "since": DAY},
            PostingStep(takes=NewPost(UY, OFFICER, DAY)),
        ),
    ],
    ids=["transfer", "leaving until", "leaving since", "second post"],
)
def test_change_ends_the_post_that_is_held_and_takes_another(change, asked, step):
    assert plan(change, person(HELD), **asked) == step


def test_return_takes_up_the_last_post_again_and_at_another_place_its_cadre():
    older = HeldPost(3, BA, OFFICER, date(2012, 1, 1), date(2012, 12, 31))

    step = plan(RETURN, person(past=[PAST, older]), since=DAY)

    assert step == PostingStep(takes=NewPost(UY, CTV, DAY))
    moved = plan(RETURN, person(past=[PAST]), to_unit=BA, since=DAY)
    assert moved.takes == NewPost(BA, CTV, DAY)


@pytest.mark.parametrize(
    ("change", "who", "asked"),
    [
        (TRANSFER, person(HELD), {"to_unit": QUE, "since": BEGAN}),
        (SECOND, person(HELD), {"to_unit": QUE, "since": BEGAN, "cadre": CTV}),
        (RETURN, person(HELD, past=[PAST]), {"unit": QUE, "since": BEGAN}),
        (RETURN, person(HeldPost(4, UY, CTV, DAY), past=[PAST]), {"since": DAY}),
        (LEAVE, person(past=[PAST]), {"until": date(2013, 12, 31)}),
    ],
)
def test_what_the_register_says_already_is_done(change, who, asked):
    assert plan(change, who, **asked).is_done


@pytest.mark.parametrize(
    ("change", "who", "asked", "code"),
    [
        (TRANSFER, person(HELD), {"since": DAY}, "to_missing"),
        (TRANSFER, person(HELD), {"to_unit": UY}, "since_missing"),
        (TRANSFER, person(HELD), {"to_unit": UY, "since": BEGAN}, "too_early"),
        (TRANSFER, person(), {"to_unit": UY, "since": DAY}, "no_posting"),
        (TRANSFER, person(HELD), {"to_unit": QUE, "since": DAY}, "already_held"),
        (TRANSFER, person(HELD, past=[PAST]), {"to_unit": UY, "since": AHEAD}, "in_future"),
        (TRANSFER, person(HELD, ELSEWHERE), {"to_unit": UY, "since": DAY}, "several_posts"),
        (LEAVE, person(HELD), {}, "until_missing"),
        (LEAVE, person(HELD), {"until": date(2013, 12, 1)}, "too_early"),
        (LEAVE, person(HELD), {"unit": UY, "until": DAY}, "no_posting"),
        (RETURN, person(HELD), {"since": DAY}, "no_posting"),
        (RETURN, person(past=[PAST]), {"since": date(2013, 6, 1)}, "overlaps"),
        (SECOND, person(HELD), {"to_unit": UY, "since": DAY}, "cadre_missing"),
    ],
)
def test_what_would_bend_the_history_is_refused(change, who, asked, code):
    assert refused(plan, change, who, **asked) == code


def test_of_two_posts_the_one_of_the_named_commune_ends():
    assert plan(LEAVE, person(HELD, ELSEWHERE), unit=BA, until=DAY).ends == ELSEWHERE
