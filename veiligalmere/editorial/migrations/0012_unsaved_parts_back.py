from django.db import migrations


def forget_parts(apps, schema_editor):
    """Delete what only the constraint with parts allows: several texts of one page."""
    apps.get_model("editorial", "UnsavedText").objects.exclude(part="").delete()


class Migration(migrations.Migration):
    """Does nothing on the way up; on the way back it makes room for the former constraint."""

    dependencies = [("editorial", "0011_unsaved_parts")]

    operations = [migrations.RunPython(migrations.RunPython.noop, forget_parts)]
