"""What names something that has no versions of its own: content as it is, and as it ever was."""

from veiligalmere.editorial.publishing import Publishable
from veiligalmere.editorial.versions import Version


def first_that_names(obj):
    """Return the label of a content object that names `obj`, or of a version that did, or "".

    It reads every version of each kind of content that has such a relation: for a rare question.
    """
    for relation in obj._meta.get_fields(include_hidden=True):
        if not relation.auto_created or relation.concrete:
            continue
        model, name = relation.related_model, relation.remote_field.name
        if not issubclass(model, Publishable):
            continue
        row = model._base_manager.filter(**{name: obj.pk}).first()
        if row is not None:
            return str(row)
        for label, content in _versions(model):
            if _is_named(obj.pk, content, name):
                return label
    return ""


def _versions(model):
    return Version.objects.of_model(model).values_list("label", "content").iterator()


def _is_named(pk, content, name):
    value = content["many"].get(name) or content["fields"].get(name)
    values = value if isinstance(value, list) else [value]
    return any((one["pk"] if isinstance(one, dict) else one) == pk for one in values)
