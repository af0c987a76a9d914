"""Where the editor sends an image that was chosen, dropped or pasted."""

from django.views.decorators.csrf import csrf_exempt, csrf_protect

from veiligalmere.editorial.images.forms import NewImageForm
from veiligalmere.editorial.images.limits import MAX_BYTES, megabytes
from veiligalmere.editorial.json_answers import answer

OVERHEAD = 100_000  # bytes of a request beside its file: boundaries and the other fields


@csrf_exempt
def upload(request):
    """Store the image in the field `file`: 201 with `{"id", "markdown", "message"}`.

    A refusal is 400 with `{"errors": {field: [sentence, …]}}`. Permission and size are looked at
    before anything of the request's body is read, which is why the protection against forged
    requests, that reads it, comes after.
    """
    if not request.user.has_perm("editorial.add_image"):
        return answer(403, error="U mag geen afbeeldingen plaatsen. Vraag het de beheerder.")
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    if length > MAX_BYTES + OVERHEAD:
        sentence = (
            f"Dit bestand is te groot: {megabytes(length)}. "
            f"Een afbeelding mag hoogstens {megabytes(MAX_BYTES)} zijn."
        )
        return answer(413, errors={"file": [sentence]})
    return _store(request)


@csrf_protect
def _store(request):
    form = NewImageForm(request.POST, request.FILES, by=request.user)
    if not form.is_valid():
        return answer(400, errors=_sentences(form))
    image = form.save()
    return answer(
        201,
        id=image.pk,
        markdown=image.markdown,
        message=f"Afbeelding “{image.name}” geplaatst.",
    )


def _sentences(form):
    """Return what is wrong as {field: [sentence, …]}."""
    return {name: [str(one) for one in errors] for name, errors in form.errors.items()}
