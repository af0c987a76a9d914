"""Which models are this project's own."""

from pathlib import Path

from django.apps import apps
from django.conf import settings


def is_ours(model):
    """Whether `model` is of an app in this repository, not of an installed package."""
    folder = Path(apps.get_app_config(model._meta.app_label).path)
    return Path(settings.BASE_DIR) in folder.parents and "site-packages" not in folder.parts
