"""The task of "Duyệt bài" asks the area of the page, too: its rows change their class."""

from django.db import migrations


def _change_type(apps, old, new):
    types = apps.get_model("contenttypes", "ContentType").objects
    wanted, _is_new = types.get_or_create(app_label=new[0], model=new[1])
    tasks = apps.get_model("wagtailcore", "Task").objects
    tasks.filter(content_type__app_label=old[0], content_type__model=old[1]).update(
        content_type=wanted
    )


WAGTAILS = ("wagtailcore", "groupapprovaltask")
OURS = ("accounts", "areaapprovaltask")


def use_ours(apps, schema_editor):
    _change_type(apps, WAGTAILS, OURS)


def use_wagtails(apps, schema_editor):
    _change_type(apps, OURS, WAGTAILS)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0012_use_plain_english_labels"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("wagtailcore", "0098_apitoken"),
    ]

    operations = [
        migrations.CreateModel(
            name="AreaApprovalTask",
            fields=[],
            options={"proxy": True, "indexes": [], "constraints": []},
            bases=("wagtailcore.groupapprovaltask",),
        ),
        migrations.RunPython(use_ours, use_wagtails),
    ]
