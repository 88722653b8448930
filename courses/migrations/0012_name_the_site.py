"""Installed sites keep the name that stood in the code until now; it is a setting of the site."""

from django.db import migrations


def name_the_site(apps, schema_editor):
    site = apps.get_model("wagtailcore", "Site").objects.filter(is_default_site=True).first()
    edition = apps.get_model("geography", "BoundaryEdition").objects.order_by("valid_from").first()
    if site is None or edition is None:
        return
    apps.get_model("core", "SiteDetails").objects.get_or_create(
        site=site,
        defaults={
            "name": f"Tập huấn bảo vệ trẻ em {edition.province_name}",
            "programme_line": f"Tỉnh {edition.province_name} · Dự án 2: Nâng cao năng lực",
        },
    )


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_add_site_details"),
        ("courses", "0011_add_the_cover_of_a_module"),
        ("geography", "0003_add_first_name_of_units"),
    ]

    operations = [migrations.RunPython(name_the_site, migrations.RunPython.noop)]
