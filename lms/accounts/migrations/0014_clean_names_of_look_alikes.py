from django.db import migrations

from lms.core.text import fold, given_name, nfc, sort_key, with_plain_apostrophes


def clean_names(apps, schema_editor):
    """Write stored names, and what is derived from them, as lists and forms write them from now on."""
    people = apps.get_model("accounts", "User").objects.using(schema_editor.connection.alias)
    columns = ("pk", "full_name", "staff_code", "phone", "folded_name", "sort_key")
    for person in people.only(*columns).iterator():
        name = with_plain_apostrophes(nfc(person.full_name)) or person.full_name
        stored = (person.full_name, person.folded_name, person.sort_key)
        if stored == (name, fold(name)[:150], sort_key(name)[:700]):
            continue
        searched = fold(f"{name} {person.staff_code or ''} {person.phone or ''}")
        people.filter(pk=person.pk).update(
            full_name=name,
            given_name=given_name(name)[:50],
            sort_key=sort_key(name)[:700],
            folded_name=fold(name)[:150],
            search_text=searched[:300],
        )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0013_approve_pages_by_area")]

    operations = [migrations.RunPython(clean_names, migrations.RunPython.noop)]
