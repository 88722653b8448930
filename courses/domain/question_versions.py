"""Questions as they were put: made when first asked, used again while nothing has changed."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Max

from courses.models import Question, QuestionOption, QuestionVersion
from lms.core.databases import lock_rows

CONTENT = ("kind", "text", "explanation", "source", "as_of")
#: Only where there is any: a question without keeps the digest that it had before there were such.
OF_AN_OPTION = ("match", "tolerance", "feedback")


def versions_of(*, questions: Sequence[Question], at: datetime) -> dict[int, QuestionVersion]:
    """Return the present version of each question, by question id; missing ones are made.

    One query when all are known. Options and cases of the questions should be loaded; the caller
    holds the transaction.
    """
    contents = {question.pk: content_of(question) for question in questions}
    digests = {pk: digest_of(content) for pk, content in contents.items()}
    found = _find(digests)
    if len(found) == len(contents):
        return found
    # Held, so that whoever asks the same question first numbers its version, and the other reads it.
    lock_rows(Question.objects.all(), pks=contents.keys() - found.keys())
    found = _find(digests)
    missing = [question for question in questions if question.pk not in found]
    numbers = QuestionVersion.objects.filter(question__in=missing).order_by().values("question")
    latest = {row["question"]: row["last"] for row in numbers.annotate(last=Max("number"))}
    made = QuestionVersion.objects.bulk_create(
        QuestionVersion(
            question=question,
            number=latest.get(question.pk, 0) + 1,
            digest=digests[question.pk],
            created_at=at,
            **contents[question.pk],
        )
        for question in missing
    )
    return found | {version.question_id: version for version in made}


def content_of(question: Question) -> dict[str, Any]:
    """Return the columns of the version that a question would get; its case should be loaded."""
    content = {name: getattr(question, name) for name in CONTENT}
    content["options"] = options_of(question)
    if question.picture_id:
        content |= {"picture_id": question.picture_id, "picture_alt": question.picture_alt}
    if question.case:
        case = question.case
        content |= {"case_id": case.pk, "case_title": case.title, "case_text": case.text}
    return content


def options_of(question: Question) -> list[dict[str, Any]]:
    return [option_content(option) for option in question.options.all()]


def option_content(option: QuestionOption) -> dict[str, Any]:
    """Return what a version keeps of an answer."""
    content = {"id": option.pk, "text": option.text, "is_correct": option.is_correct}
    more = {name: getattr(option, name) for name in OF_AN_OPTION}
    return content | {name: text for name, text in more.items() if text}


def digest_of(content: dict[str, Any]) -> str:
    written = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(written.encode()).hexdigest()


def _find(digests: dict[int, str]) -> dict[int, QuestionVersion]:
    versions = QuestionVersion.objects.filter(
        question__in=digests, digest__in=set(digests.values())
    )
    return {
        version.question_id: version
        for version in versions
        if digests[version.question_id] == version.digest
    }
