"""Where the editor asks for images that are there already, so that none is stored twice."""

from veiligalmere.editorial.images.reach import images_for
from veiligalmere.editorial.json_answers import answer

PAGE_SIZE = 12  # what a person looks through before searching more precisely
MAX_LENGTH = 100  # characters of a search


def choose(request):
    """Return the newest images in which all words of the field `search` stand.

    `{"images": [{"markdown", "name", "words", "src"}, …], "more": bool}`; `words` is empty for a
    decorative image, `more` tells that there are others. Without words: the newest of all.
    """
    if not request.user.has_perm("editorial.view_image"):
        return answer(403, error="U mag geen afbeeldingen kiezen. Vraag het de beheerder.")
    words = request.POST.get("search", "").replace("\x00", "")[:MAX_LENGTH]
    found = list(images_for(request.user).with_words(words)[: PAGE_SIZE + 1])
    return answer(
        images=[
            {
                "markdown": image.markdown,
                "name": image.name,
                "words": image.alternative_text,
                "src": image.url(image.widths[0]),
            }
            for image in found[:PAGE_SIZE]
        ],
        more=len(found) > PAGE_SIZE,
    )
