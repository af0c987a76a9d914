"""Which images an account may see: one with a limit not those of the drafts of others."""

from django.apps import apps
from django.db.models import Q

from veiligalmere.editorial.fields import MarkdownField
from veiligalmere.editorial.images.catalogue import REFERENCE
from veiligalmere.editorial.images.model import Image
from veiligalmere.editorial.limits import is_limited
from veiligalmere.editorial.publishing import Publishable
from veiligalmere.editorial.versions import Version


def images_for(user):
    """Return the images that `user` may see in the back-office, as a queryset.

    For an account with a limit: those that it placed itself, and those in what is public or in
    what it may edit, drafts included. The number of queries grows only with the kinds of content.
    """
    if not is_limited(user):
        return Image.objects.all()
    named = set()
    for model in apps.get_models():
        if issubclass(model, Publishable):
            named |= _named_in(model, user)
    return Image.objects.filter(Q(uploaded_by=user) | Q(pk__in=named))


def out_of_reach(text, user):
    """Return the numbers of the images that `text` names and `user` may not see, in order."""
    numbers = _numbers_in(text)
    if not numbers or not is_limited(user):
        return []
    within = images_for(user).filter(pk__in=numbers)
    return sorted(numbers - set(within.values_list("pk", flat=True)))


def why_refused(text, before, user):
    """Return in Dutch why `user` may not write `text` where `before` stood; "" if it may be.

    Who names the number of an image is shown it; so what `user` may not see may stay, not be added.
    """
    there = _numbers_in(before)
    if _numbers_in(text) <= there:
        return ""
    added = " en ".join(str(one) for one in out_of_reach(text, user) if one not in there)
    return f"Afbeelding {added} is er niet, of u mag haar niet gebruiken." if added else ""


def _numbers_in(text):
    return {int(number) for number in REFERENCE.findall(text)}


def _named_in(model, user):
    """Return the keys of the images in the content of this kind that `user` may see.

    Only in the fields that show them: a number typed elsewhere was not held against anything.
    """
    editable = model.objects.editable_by(user)
    drafts = Version.objects.of_model(model).drafts()
    drafts = drafts.filter(object_id__in=editable.order_by().values("pk"))
    contents = list(drafts.values_list("content", flat=True))
    texts = []
    for field in model._meta.concrete_fields:
        if isinstance(field, MarkdownField):
            texts += [content["fields"].get(field.name) or "" for content in contents]
            for selection in (model.objects.public(), editable):
                showing = selection.filter(**{f"{field.name}__contains": "afbeelding:"})
                texts += showing.order_by().values_list(field.name, flat=True)
    return set().union(*map(_numbers_in, texts))
