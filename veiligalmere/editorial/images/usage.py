"""Where an image is used, and the lock on deleting one that is."""

import re

from django.apps import apps
from django.db.models import ProtectedError, TextField
from django.db.models.functions import Cast

from veiligalmere.editorial.images.model import Image
from veiligalmere.editorial.images.store import remove_files
from veiligalmere.editorial.project import is_ours
from veiligalmere.editorial.versions import Version


def uses_of(image):
    """Return what now shows `image`: objects with it in a text, and those that point at it."""
    found = []
    for model in apps.get_models():
        if not is_ours(model) or model is Version:
            continue
        for field in model._meta.concrete_fields:
            if isinstance(field, TextField):
                found += _naming(image, model._base_manager.all(), field.name)
    for relation in Image._meta.related_objects:
        manager = relation.related_model._base_manager
        found += manager.filter(**{relation.field.name: image})
    return list(dict.fromkeys(found))


def versions_with(image):
    """Return the versions that name `image` in a text: putting one back has to bring it back."""
    versions = Version.objects.annotate(words=Cast("content", TextField())).defer("content")
    return _naming(image, versions, "words")


def _naming(image, selection, name):
    """Return the objects in `selection` whose text `name` holds the image's name."""
    whole = re.compile(rf"afbeelding:0*{image.pk}(?!\d)")
    # The number alone narrows it down in the database; the expression then decides.
    candidates = selection.filter(
        **{f"{name}__contains": "afbeelding:"},
    ).filter(**{f"{name}__contains": str(image.pk)})
    return [one for one in candidates if whole.search(getattr(one, name))]


def refuse_if_used(sender, instance, **kwargs):
    """Refuse to delete an image that a text or a version of it still names (`pre_delete`)."""
    used = {*uses_of(instance), *versions_with(instance)}
    if used:
        raise ProtectedError("Deze afbeelding is in gebruik.", used)


def forget_files(sender, instance, **kwargs):
    """Remove the files of a deleted image (`post_delete`)."""
    remove_files(instance)
