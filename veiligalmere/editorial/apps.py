"""Configuration of the editorial floor and of the back-office."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps


class EditorialConfig(AppConfig):
    """The editorial app: states, markdown, addresses."""

    name = "veiligalmere.editorial"
    verbose_name = "Redactie"
    default = True


class BackOfficeConfig(admin_apps.AdminConfig):
    """Django's admin with our own site object."""

    default_site = "veiligalmere.editorial.admin_site.BackOffice"
    default = False
