"""Two versions of a page side by side: "Có" and "Không" instead of Python's True and False."""

from typing import Any

from django.db import models
from django.template.defaultfilters import yesno
from django.utils.text import capfirst
from wagtail.admin.compare import FieldComparison, register_comparison_class


class TruthComparison(FieldComparison):
    def __init__(self, field: Any, *versions: Any) -> None:
        super().__init__(field, *versions)
        words = [capfirst(str(yesno(field.value_from_object(one)))) for one in versions]
        self.val_a, self.val_b = words


def use_words_for_truths() -> None:
    register_comparison_class(models.BooleanField, comparison_class=TruthComparison)
