from django.db import migrations

import lms.core.fields


class Migration(migrations.Migration):
    dependencies = [
        ("importing", "0007_ask_about_spellings"),
    ]

    operations = [
        migrations.AddField(
            model_name="importrow",
            name="search_text",
            field=lms.core.fields.DerivedTextField(max_length=500),
        ),
    ]
