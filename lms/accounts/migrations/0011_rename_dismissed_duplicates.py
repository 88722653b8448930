from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0010_create_purge_runs_and_anonymisations")]

    operations = [migrations.RenameModel("DifferentPeople", "DismissedDuplicate")]
