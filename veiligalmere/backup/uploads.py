"""Uploads: which there are, and which of them the rows of the database name."""

import json

from django.apps import apps
from django.db import models

from veiligalmere.backup.manifest import files_below
from veiligalmere.backup.rows import columns
from veiligalmere.editorial.images.model import Image

# The folder among the uploads where those that are put back wait.
WAITING = ".restoring"


def uploads_below(root):
    """Return the names of the uploads in the folder `root`, sorted."""
    return [name for name in files_below(root) if not name.startswith(f"{WAITING}/")]


def uploads_named(label, texts):
    """Yield (primary key, name) of each upload that the rows of a table name.

    `label` is that of the table's model, `texts` the rows as lines of text. A table that this
    version of the site does not know names none.
    """
    try:
        model = apps.get_model(label)
    except LookupError:
        return
    names_in = _names_in(model)
    if names_in is None:
        return
    for text in texts:
        values = json.loads(text)
        for name in names_in(values):
            yield values[model._meta.pk.attname], name


def _names_in(model):
    """Return a function from a row's values to the names in it; None if the model has none."""
    if model is Image:  # whose row has the folder and the widths
        return lambda values: map(Image(folder=values["folder"]).file_name, values["widths"])
    fields = [field.attname for field in columns(model) if isinstance(field, models.FileField)]
    if fields:
        return lambda values: filter(None, map(values.get, fields))
    return None
