from django.db import migrations

from lms.core.text import fold

_AT_ONCE = 1000


def fill(apps, schema_editor):
    """Fill in what rows of lists that wait are searched by."""
    rows = apps.get_model("importing", "ImportRow").objects.order_by("pk")
    some = []
    for row in rows.only("cells").iterator(_AT_ONCE):
        texts = [text for text in row.cells.values() if text]
        texts += [f"0{text[3:]}" for text in texts if text.startswith("+84")]
        row.search_text = fold(" ".join(texts))[:500]
        some.append(row)
        if len(some) == _AT_ONCE:
            rows.bulk_update(some, ["search_text"])
            some = []
    rows.bulk_update(some, ["search_text"])


class Migration(migrations.Migration):
    dependencies = [
        ("importing", "0008_search_rows_of_lists"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
