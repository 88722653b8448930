from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0014_clean_names_of_look_alikes")]

    operations = [
        # Trusted since PostgreSQL 13: whoever owns the database may. Nothing on SQLite.
        TrigramExtension(),
        migrations.AddIndex(
            "user",
            GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="person_by_letters"),
        ),
    ]
