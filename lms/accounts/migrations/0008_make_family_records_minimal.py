"""Parents and core children who were on the register before their records were minimal."""

from django.contrib.auth.hashers import make_password
from django.db import migrations
from django.db.models import Q
from django.utils import timezone

from lms.core.text import fold

CADRES = ("parent_group", "core_child")


def make_minimal(apps, schema_editor):
    """Contact data and log-in go; posts end today, since no consent to them is on record."""
    using = schema_editor.connection.alias

    def rows(app, model):
        return apps.get_model(app, model).objects.using(using)

    held = rows("accounts", "Posting").filter(cadre__in=CADRES)
    people = rows("accounts", "User").filter(pk__in=held.values("user"))
    others = rows("accounts", "Posting").exclude(cadre__in=CADRES)
    mixed = people.filter(
        Q(pk__in=others.values("user"))
        | Q(role_assignments__isnull=False)
        | Q(is_superuser=True)
        | Q(is_staff=True)
    )
    codes = sorted(set(mixed.values_list("staff_code", flat=True)))
    if codes:
        raise RuntimeError(
            "These people hold a post as parent group member or core child besides another post "
            f"or a role; give each post a record of its own first: {', '.join(codes)}"
        )
    now = timezone.now()
    today = timezone.localdate(now)
    ids = list(people.values_list("pk", flat=True))
    for person in people.iterator():
        person.is_minimal = True
        person.phone = person.email = person.last_login = None
        person.phone_raw = person.sex = ""
        person.password = make_password(None)
        person.search_text = fold(f"{person.full_name} {person.staff_code} ")[:300]
        person.save()
    for posting in held.filter(valid_to=None):
        posting.valid_to = max(today, posting.valid_from)
        posting.save(update_fields=["valid_to"])
    cards = rows("accounts", "Invitation")
    cards.filter(user__in=ids, used_at=None, replaced_at=None).update(replaced_at=now)
    rows("account", "EmailAddress").filter(user__in=ids).delete()


class Migration(migrations.Migration):
    # Its name before it said what it does, under which databases have it.
    replaces = [("accounts", "0008_minimal_records")]
    dependencies = [
        ("account", "0001_initial"),
        ("accounts", "0007_consents"),
    ]

    operations = [
        migrations.RunPython(make_minimal, migrations.RunPython.noop),
    ]
