"""Who may change the words of an image, which are seen at once wherever it is shown.

There is no draft of an image's words, so what a draft would guard is guarded here: nothing that
visitors see changes without a chief editor, nor alone where two are needed, and what is frozen
stays as it was. Other words than these can always be had by placing the image anew, in a draft.
"""

from django.conf import settings

from veiligalmere.editorial.images.usage import uses_of, versions_with
from veiligalmere.editorial.publishing import State
from veiligalmere.editorial.roles import MAY_PUBLISH
from veiligalmere.editorial.versions import Version

PLACE_ANEW = "Zijn er andere woorden nodig? Plaats de afbeelding dan opnieuw, in een concept."
FROZEN = (
    "Deze afbeelding staat in een vastgestelde rapportage. Wat daarin staat, verandert niet meer, "
    f"ook deze woorden niet. {PLACE_ANEW}"
)
FOUR_EYES = (
    "Deze afbeelding staat op de site, of in een tekst die beoordeeld of gepland is, en wat op de "
    f"site komt, wordt door twee mensen bekeken. Daarom liggen deze woorden vast. {PLACE_ANEW}"
)
FOR_CHIEF_EDITORS = (
    "Deze afbeelding staat op de site, of in een tekst die beoordeeld of gepland is. Nieuwe "
    f"woorden zouden meteen gelden; daarom wijzigt de eindredactie ze. {PLACE_ANEW}"
)


def why_fixed(image, user):
    """Return why `user` may not change the words of `image`, as Dutch sentences; "" if they may.

    A model whose objects no longer change says so with a true `is_frozen`.
    """
    uses, versions = uses_of(image), versions_with(image)
    if any(getattr(use, "is_frozen", False) for use in uses) or _is_frozen(versions):
        return FROZEN
    is_public = any(getattr(use, "is_public", True) for use in uses) or any(
        version.kind == Version.Kind.PUBLISHED for version in versions
    )
    is_on_its_way = any(
        version.is_draft and (version.publish_at or version.draft_state == State.REVIEW)
        for version in versions
    )
    is_fixed = is_public or is_on_its_way
    if is_fixed and settings.FOUR_EYES:
        return FOUR_EYES
    if is_fixed and not user.has_perm(MAY_PUBLISH):
        return FOR_CHIEF_EDITORS
    return ""


def _is_frozen(versions):
    """Return whether anything, such as an adopted report, holds one of `versions` as it is."""
    holding = [
        relation
        for relation in Version._meta.get_fields(include_hidden=True)
        if relation.one_to_many and relation.auto_created
    ]
    return any(
        relation.related_model._base_manager.filter(
            **{f"{relation.field.name}__in": versions}
        ).exists()
        for relation in holding
    )
