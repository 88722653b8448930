"""What a newer edition asks otherwise in the quizzes that an older one has, too, in words."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from courses.domain.quiz_draws import Pool, frozen_pools
from courses.models import EditionDraw, EditionQuestion, EditionQuiz
from courses.models.quiz_rules import RULES
from courses.models.titles import shown_title

_MINUTES: Final = ("wait_minutes", "time_limit_minutes")


@dataclass(frozen=True)
class QuizChange:
    """`lines`: full sentences, at least one."""

    title: str
    lines: list[str]


@dataclass(frozen=True)
class _Asked:
    """A quiz of an edition: `questions` are those that everybody gets, id to key, in their order."""

    quiz: EditionQuiz
    questions: Mapping[int, str] = field(default_factory=dict)
    pools: Sequence[Pool] = ()


def quiz_changes(*, old: int | None, new: int) -> list[QuizChange]:
    """Return what differs in each quiz that both editions ask, in the order of the new one; six
    queries.
    """
    before, after = _asked_in(old), _asked_in(new)
    changes = [
        QuizChange(shown_title(asked.quiz), list(_lines(before[pk], asked)))
        for pk, asked in after.items()
        if pk in before
    ]
    return [change for change in changes if change.lines]


def _asked_in(edition_id: int | None) -> dict[int, _Asked]:
    quizzes = EditionQuiz.objects.filter(edition=edition_id).order_by("module__position")
    questions: dict[int, dict[int, str]] = defaultdict(dict)
    rows = EditionQuestion.objects.filter(quiz__edition=edition_id).order_by("position")
    for quiz_id, question_id, key in rows.values_list("quiz", "question", "question__key"):
        questions[quiz_id][question_id] = key
    pools = frozen_pools(EditionDraw.objects.filter(quiz__edition=edition_id))
    return {one.quiz_id: _Asked(one, questions[one.pk], pools.get(one.pk, ())) for one in quizzes}


def _lines(before: _Asked, after: _Asked) -> Iterator[str]:
    yield from _about_rules(before.quiz, after.quiz)
    yield from _about_questions(before.questions, after.questions)
    yield from _about_draws(before.pools, after.pools)


def _about_rules(before: EditionQuiz, after: EditionQuiz) -> Iterator[str]:
    for name in RULES:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield _("%(rule)s: %(before)s; from now on %(after)s.") % {
                "rule": capfirst(str(_column(name).verbose_name)),
                "before": _in_words(name, old),
                "after": _in_words(name, new),
            }


def _in_words(name: str, value: Any) -> str:
    """Return the value of a rule as it is said within a sentence."""
    column = _column(name)
    if isinstance(column, models.BooleanField):
        return _("yes") if value else _("no")
    if column.choices:
        return str(dict(column.choices).get(value) or _("neither of them"))
    if not value:
        return _("at once") if name == "wait_minutes" else _("no limit")
    if name in _MINUTES:
        return ngettext("%(count)d minute", "%(count)d minutes", value) % {"count": value}
    return str(value)


def _column(name: str) -> Any:
    return EditionQuiz._meta.get_field(name)


def _about_questions(before: Mapping[int, str], after: Mapping[int, str]) -> Iterator[str]:
    coming = [key for pk, key in after.items() if pk not in before]
    going = [key for pk, key in before.items() if pk not in after]
    if coming:
        yield _("Questions asked in addition: %(keys)s.") % {"keys": ", ".join(coming)}
    if going:
        yield _("Questions no longer asked: %(keys)s.") % {"keys": ", ".join(going)}
    stay = [pk for pk in before if pk in after]
    if stay != [pk for pk in after if pk in before]:
        yield _("The questions come in another order.")


def _about_draws(before: Sequence[Pool], after: Sequence[Pool]) -> Iterator[str]:
    counts = [sum(pool.count for pool in pools) for pools in (before, after)]
    old, new = ({pk for pool in pools for pk in pool.questions} for pools in (before, after))
    if counts[0] != counts[1]:
        yield _("Drawn from the bank for each try: %(before)d; from now on %(after)d.") % {
            "before": counts[0],
            "after": counts[1],
        }
    if old != new:
        yield _(
            "The bank to draw from has %(after)d questions instead of %(before)d: %(coming)d are "
            "new, %(going)d are gone."
        ) % {
            "before": len(old),
            "after": len(new),
            "coming": len(new - old),
            "going": len(old - new),
        }
    if (counts[0], old) == (counts[1], new) and list(before) != list(after):
        yield _("The draws are put together otherwise.")
