"""Configuration of the editorial floor and of the back-office."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.db.models.signals import post_delete, post_migrate, post_save, pre_delete


class EditorialConfig(AppConfig):
    """The editorial app: states, markdown, addresses."""

    name = "veiligalmere.editorial"
    verbose_name = "Redactie"
    default = True

    def ready(self):
        """Guard the images that texts name, and keep the rights of the roles complete."""
        from veiligalmere.editorial import roles  # noqa: PLC0415 -- has models
        from veiligalmere.editorial.images import catalogue, usage  # noqa: PLC0415 -- has models

        post_migrate.connect(roles.grant_rights)

        image = self.get_model("Image")
        pre_delete.connect(usage.refuse_if_used, sender=image)
        post_delete.connect(usage.forget_files, sender=image)
        for signal in (post_save, post_delete):
            signal.connect(catalogue.close_catalogue, sender=image)


class BackOfficeConfig(admin_apps.AdminConfig):
    """Django's admin with our own site object."""

    default_site = "veiligalmere.editorial.admin_site.BackOffice"
    default = False
