from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("editorial", "0010_batches")]

    operations = [
        migrations.RemoveConstraint(model_name="unsavedtext", name="unsaved_once_a_form"),
        migrations.AddField(
            model_name="unsavedtext",
            name="part",
            field=models.CharField(db_default="", default="", max_length=40),
        ),
        migrations.AddConstraint(
            model_name="unsavedtext",
            constraint=models.UniqueConstraint(
                fields=("user", "content_type", "object_id", "part"), name="unsaved_once_a_form"
            ),
        ),
    ]
