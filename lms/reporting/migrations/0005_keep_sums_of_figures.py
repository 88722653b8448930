"""Sums of whole districts and provinces beside the kept figures, and what is said of each place.

All of it is counted anew after the migration: the triggers go before it and come back after it.
"""

import datetime

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("courses", "0036_drop_index_within_another"),
        ("geography", "0003_add_first_name_of_units"),
        ("reporting", "0004_forget_stored_names"),
    ]

    operations = [
        migrations.AddField(
            model_name="tallystate",
            name="days_since",
            field=models.DateField(
                # No day is told of sums that are not there yet.
                default=datetime.date.max
            ),
            preserve_default=False,
        ),
        migrations.CreateModel(
            name="TallyPlace",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "cadre",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("district_officer", "District officer"),
                            ("commune_officer", "Commune officer"),
                            ("collaborator", "Village collaborator"),
                            ("parent_group", "Parent group member"),
                            ("core_child", "Core child"),
                        ],
                        max_length=20,
                    ),
                ),
                ("no_class", models.PositiveIntegerField()),
                ("to_come", models.PositiveIntegerField()),
                ("learning", models.PositiveIntegerField()),
                ("not_completed", models.PositiveIntegerField()),
                ("completed", models.PositiveIntegerField()),
                ("late", models.PositiveIntegerField()),
                ("late_share", models.FloatField()),
                ("is_reached", models.BooleanField()),
                ("is_unreached", models.BooleanField()),
                ("is_ahead", models.BooleanField()),
                ("is_done", models.BooleanField()),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="courses.programme",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tally_places",
                        to="geography.administrativeunit",
                    ),
                ),
            ],
            options={
                "verbose_name": "kept figure of a place",
                "verbose_name_plural": "kept figures of places",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("programme", "unit", "cadre"), name="tally_place_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TallySum",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "cadre",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("district_officer", "District officer"),
                            ("commune_officer", "Commune officer"),
                            ("collaborator", "Village collaborator"),
                            ("parent_group", "Parent group member"),
                            ("core_child", "Core child"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("state", "State"), ("day", "Day"), ("column", "Column")],
                        max_length=6,
                    ),
                ),
                ("key", models.CharField(blank=True, max_length=80)),
                (
                    "sex",
                    models.CharField(
                        blank=True, choices=[("female", "Female"), ("male", "Male")], max_length=6
                    ),
                ),
                ("day", models.DateField(null=True)),
                ("figure", models.PositiveIntegerField()),
                (
                    "programme",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="courses.programme",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="geography.administrativeunit",
                    ),
                ),
            ],
            options={
                "verbose_name": "kept sum of figures",
                "verbose_name_plural": "kept sums of figures",
                "indexes": [
                    models.Index(fields=["programme", "unit", "cadre"], name="sum_by_unit")
                ],
            },
        ),
    ]
