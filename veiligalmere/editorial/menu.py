"""The menu of the back-office: kinds of content in groups that editors know, not by Django app."""

from django.db import models
from django.urls import reverse


class Group(models.TextChoices):
    """The groups, in order. A ModelAdmin says `menu = (Group.PROGRESS, 2)`: its group and place."""

    CONTENT = "inhoud", "Inhoud van het jaarplan"
    PROGRESS = "voortgang", "Voortgang"
    WORDS = "woorden", "Woorden en vindbaarheid"
    FIGURES = "cijfers", "Cijfers"
    IMAGES = "afbeeldingen", "Afbeeldingen"
    OTHERS = "beheer", "Beheer"


LAST = (Group.OTHERS, 99)  # the place of what names none, such as Django's own accounts


def grouped(apps, site):
    """Return Django's list of apps for one account as a list of groups, of the same shape.

    Groups in which this account sees nothing are left out.
    """
    groups = {group: [] for group in Group}
    for entry in (entry for app in apps for entry in app["models"]):
        group, place = getattr(site.get_model_admin(entry["model"]), "menu", LAST)
        groups[group].append((place, entry["name"], entry))
    return [
        {
            "name": group.label,
            "app_label": group.value,
            "app_url": f"{reverse('admin:index', current_app=site.name)}#{group.value}",
            "has_module_perms": True,
            "models": [entry for _place, _name, entry in sorted(found, key=lambda one: one[:2])],
        }
        for group, found in groups.items()
        if found
    ]
