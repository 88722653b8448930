import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("courses", "0016_give_answers_todays_questions")]

    operations = [
        migrations.AlterField(
            model_name="quizanswer",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="answers",
                to="courses.questionversion",
            ),
        ),
    ]
