"""Where a page of the tree answers."""

from django.urls import reverse

from courses.domain.lessons import LessonLine, QuizLine


def page_address(url_path: str) -> str:
    """Return the address of a page below the list of courses, from its tree path of slugs.

    Wagtail's `get_url` asks the database which site a page is of; here there is one, and its
    root is the list of courses.
    """
    return reverse("wagtail_serve", args=[url_path.split("/", 2)[2]])


def step_address(step: LessonLine | QuizLine) -> str:
    """Return where a step of the outline is taken."""
    if isinstance(step, LessonLine):
        return page_address(step.lesson.url_path)
    return reverse("courses:quiz_start", args=[step.quiz.pk])
