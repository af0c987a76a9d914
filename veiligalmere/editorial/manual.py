"""The editors' manual in the back-office: docs/beheerhandleiding.md as a page with pictures."""

import re
import struct

from django.conf import settings
from django.http import FileResponse, Http404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import mark_safe

from veiligalmere.editorial.images.catalogue import Picture
from veiligalmere.editorial.markdown import parser

FILE = settings.BASE_DIR / "docs/beheerhandleiding.md"
PICTURES = settings.BASE_DIR / "docs/beeld/handleiding"


def manual(request, site):
    """Show the manual."""
    title, html = render_manual(FILE.read_text("utf-8"))
    request.current_app = site.name
    context = {**site.each_context(request), "title": title, "manual": html}
    return TemplateResponse(request, "admin/manual.html", context)


def picture(request, name):
    """Return one of the manual's pictures."""
    path = PICTURES / f"{name}.png"
    if not path.is_file():
        raise Http404("Deze afbeelding is er niet.")
    return FileResponse(path.open("rb"), content_type="image/png")


def render_manual(text):
    """Return the title of the manual and the rest of it as HTML.

    The headings get the anchors that code hosts give them, so that a link within the manual works
    in both places.
    """
    tokens = parser().parse(text)
    title, tokens = tokens[1].content, tokens[3:]
    pictures = {}
    for index, token in enumerate(tokens):
        if token.type == "heading_open":
            token.attrSet("id", anchor(tokens[index + 1].content))
        elif token.type == "th_open":
            token.attrSet("scope", "col")
        for child in token.children or []:
            if child.type == "image":
                number = len(pictures) + 1
                pictures[number] = _picture(number, child)
                child.attrSet("src", f"afbeelding:{number}")
    html = parser().renderer.render(tokens, parser().options, {"pictures": pictures})
    return title, mark_safe(html)  # noqa: S308 -- a file of our own, and the parser lets no HTML in


def anchor(heading):
    """Return the anchor of a heading: lower case, no punctuation, hyphens for spaces."""
    return re.sub(r"[^\w\s-]", "", heading.lower()).replace(" ", "-")


def _picture(number, token):
    name = token.attrGet("src").rpartition("/")[2]
    with (PICTURES / name).open("rb") as file:
        width, height = struct.unpack_from(">II", file.read(24), 16)  # where PNG says its size
    address = reverse("admin:manual_picture", args=[name.removesuffix(".png")])
    return Picture(
        pk=number,
        src=address,
        srcset=f"{address} {width}w",
        width=width,
        height=height,
        alternative_text=token.content,
        credit="",
    )
