"""Questions as they were put: made when first asked, used again while nothing has changed."""

import hashlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Max

from courses.models import Question, QuestionVersion
from lms.core.databases import lock_rows

CONTENT = ("kind", "text", "explanation", "source", "as_of")


def versions_of(*, questions: Sequence[Question], at: datetime) -> dict[int, QuestionVersion]:
    """Return the present version of each question, by question id; missing ones are made.

    One query when all are known. The options of the questions should be loaded; the caller
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
    options = [
        {"id": option.pk, "text": option.text, "is_correct": option.is_correct}
        for option in question.options.all()
    ]
    return {**{name: getattr(question, name) for name in CONTENT}, "options": options}


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
