"""Make the groups of the back-office; `editorial.roles` gives them their rights after migrating."""

from django.db import migrations

ROLES = ("Redacteur", "Eindredacteur", "Beheerder")


def make_groups(apps, schema_editor):
    """Make the groups that are not there."""
    group = apps.get_model("auth", "Group")
    for name in ROLES:
        group.objects.using(schema_editor.connection.alias).get_or_create(name=name)


def remove_groups(apps, schema_editor):
    """Remove the groups."""
    group = apps.get_model("auth", "Group")
    group.objects.using(schema_editor.connection.alias).filter(name__in=ROLES).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("editorial", "0006_presence_and_unsaved_text"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [migrations.RunPython(make_groups, remove_groups)]
