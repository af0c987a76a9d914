"""Configuration of the editorial floor and of the back-office."""

from importlib import import_module

from django.apps import AppConfig, apps
from django.conf import settings
from django.contrib.admin import apps as admin_apps
from django.contrib.admin.checks import check_admin_app, check_dependencies
from django.core import checks
from django.db.models.signals import post_delete, post_migrate, post_save, pre_delete


class EditorialConfig(AppConfig):
    """The editorial app: states, markdown, addresses."""

    name = "veiligalmere.editorial"
    verbose_name = "Redactie"
    default = True

    def ready(self):
        """Guard the images that texts name, and keep the rights of the roles complete."""
        from veiligalmere.editorial import lookups, roles  # noqa: F401, PLC0415 -- has models
        from veiligalmere.editorial.images import catalogue, usage  # noqa: PLC0415 -- has models
        from veiligalmere.editorial.publishing import Publishable  # noqa: PLC0415 -- has models
        from veiligalmere.editorial.versions import end_draft  # noqa: PLC0415 -- has models

        post_migrate.connect(roles.grant_rights)
        for model in apps.get_models():
            if issubclass(model, Publishable):
                post_delete.connect(end_draft, sender=model)

        image = self.get_model("Image")
        pre_delete.connect(usage.refuse_if_used, sender=image)
        post_delete.connect(usage.forget_files, sender=image)
        for signal in (post_save, post_delete):
            signal.connect(catalogue.close_catalogue, sender=image)


class BackOfficeConfig(admin_apps.SimpleAdminConfig):
    """Django's admin with our own site object; the URL configuration says what it holds."""

    default_site = "veiligalmere.editorial.admin_site.BackOffice"
    default = False

    def ready(self):
        """Have the admin checked as Django does, once it is known what it holds."""
        checks.register(check_dependencies, checks.Tags.admin)
        checks.register(check_back_office, checks.Tags.admin)


def check_back_office(app_configs, **kwargs):
    """Return what Django's own checks say of all that the URL configuration puts in the admin."""
    import_module(settings.ROOT_URLCONF)
    return check_admin_app(app_configs, **kwargs)
