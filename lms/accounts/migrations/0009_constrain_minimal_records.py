from django.db import migrations, models

import lms.core.constraints


class Migration(migrations.Migration):
    # Its name before it said what it does, under which databases have it.
    replaces = [("accounts", "0009_minimal_constraints")]
    dependencies = [
        ("accounts", "0008_make_family_records_minimal"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_minimal", False),
                    models.Q(("email__isnull", True), ("phone__isnull", True), ("phone_raw", "")),
                    _connector="OR",
                ),
                name="person_minimal_without_contact",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("is_minimal", False), ("sex", ""), _connector="OR"),
                name="person_minimal_without_sex",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_minimal", False),
                    models.Q(
                        ("is_staff", False),
                        ("is_superuser", False),
                        ("last_login__isnull", True),
                        ("password__startswith", "!"),
                    ),
                    _connector="OR",
                ),
                name="person_minimal_without_login",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                fields=("id", "is_minimal"), name="person_and_kind_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="posting",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("cadre__in", ("parent_group", "core_child")), ("consent__isnull", False)
                    ),
                    models.Q(
                        ("cadre__in", ("parent_group", "core_child")), ("valid_to__isnull", False)
                    ),
                    models.Q(
                        models.Q(("cadre__in", ("parent_group", "core_child")), _negated=True),
                        ("consent__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="posting_minimal_under_consent",
            ),
        ),
        migrations.AddConstraint(
            model_name="posting",
            constraint=lms.core.constraints.PairedForeignKey(
                agrees="is_minimal", key="user", name="posting_of_the_same_kind", with_="is_minimal"
            ),
        ),
    ]
