"""Codes that differed in capital and small letters alone differ otherwise from now on."""

from typing import Any

from django.db import migrations

CODES = (("CoursePage", "code"), ("CourseRun", "code"), ("Programme", "code"), ("Question", "key"))


def tell_apart(apps: Any, schema_editor: Any) -> None:
    """Give each code but the first of those that are the same in small letters a number."""
    for name, column in CODES:
        model = apps.get_model("courses", name)
        taken: set[str] = set()
        codes = list(model.objects.order_by("pk").values_list("pk", column))
        small = {code.lower() for _pk, code in codes}
        for pk, code in codes:
            if code.lower() in taken:
                new = _numbered(code, taken | small, model._meta.get_field(column).max_length)
                model.objects.filter(pk=pk).update(**{column: new})
                taken.add(new.lower())
            taken.add(code.lower())


def _numbered(code: str, taken: set[str], longest: int) -> str:
    number = 2
    while True:
        ending = f"-{number}"
        new = code[: longest - len(ending)] + ending
        if new.lower() not in taken:
            return new
        number += 1


class Migration(migrations.Migration):
    dependencies = [("courses", "0003_protect_evidence")]

    operations = [migrations.RunPython(tell_apart, migrations.RunPython.noop, elidable=True)]
