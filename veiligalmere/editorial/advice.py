"""What a reader would stumble over in a text, for who writes it.

All of it is advice, shown while writing and before publishing, except that an image without
alternative text keeps a text from being published.
"""

import re
from dataclasses import asdict, dataclass

from veiligalmere.editorial.fields import MarkdownField
from veiligalmere.editorial.images.catalogue import REFERENCE, pictures_in
from veiligalmere.editorial.links import is_back_office, leads_nowhere, own_path
from veiligalmere.editorial.markdown import MAX_LENGTH, parser, picture_of

MAX_WORDS = 25  # in a sentence
MAX_LINKS = 25  # of one text whose address is tried
EXCERPT = 80  # characters

# What tells nothing to who hears the links of a page one after another (WCAG 2.4.4).
EMPTY_WORDS = {
    *("hier", "klik", "klik hier", "klikt u hier", "deze link", "link", "deze pagina", "pagina"),
    *("lees meer", "lees verder", "lees hier meer", "meer", "meer lezen", "verder", "website"),
    *(
        "meer info",
        "meer informatie",
        "informatie",
        "info",
        "download",
        "document",
        "via deze link",
    ),
    *("kijk hier", "zie hier", "bekijk hier", "deze website", "dit document", "ga naar"),
}
BARE_ADDRESS = re.compile(r"(https?://|www\.)\S+", re.IGNORECASE)
SENTENCE_END = re.compile(r"(?<=[.!?…])[”’\")\]]*\s+(?=[“‘\"'(]?[A-ZÀ-Þ0-9])")
NO_SENTENCE_END = re.compile(
    r"(?:^|[\s(])(?:[A-Z]|art|bijv|bv|ca|dhr|dr|drs|excl|incl|ing|ir|max|mevr|min|mr|nr|prof|resp|"
    r"vgl|zgn|(?:[a-z]\.)+[a-z])\.$"
)


@dataclass(frozen=True)
class Advice:
    """One thing to look at: which kind, what to do, and where it stands in the text."""

    kind: str
    message: str
    excerpt: str  # as it is written in the text, to find it by; may be empty
    line: int  # from 1
    blocking: bool = False

    def as_json(self):
        """Return this as a dict for the editor's script."""
        return asdict(self)


def advice(text):
    """Return what a reader would stumble over in markdown `text`, as Advice in its order.

    One query for the images that it names; a request inside the site for each of the first
    MAX_LINKS addresses of this site that it links to. Not to be asked while the database holds what
    will be rolled back: what those requests find is remembered for the content version.
    """
    text = text[:MAX_LENGTH]
    pictures = {picture.pk: picture for picture in pictures_in(text)}
    found = []
    heading = _Headings()
    links = _Links()
    for token, following in _pairs(parser().parse(text)):
        line = _line(token)
        if token.type == "heading_open":
            found += heading.advise(int(token.tag[1]), following.content, line)
        elif token.type == "inline":
            found += _on_images(token, pictures, line)
            found += links.advise(token, pictures, line)
            found += _on_sentences(token, line)
    return found


def advice_on(texts):
    """Return the advice on several texts, such as `texts_of` gives, as (name of the field, Advice).

    What it costs, and when not to ask, is as for `advice`.
    """
    return [(name, one) for name, text in texts for one in advice(text)]


def texts_of(obj):
    """Return (name of the field, text) of each markdown field of `obj`."""
    return [
        (str(field.verbose_name), getattr(obj, field.attname) or "")
        for field in _markdown_fields(type(obj))
    ]


def texts_in(content, model):
    """Return (name of the field, text) of each markdown field in a snapshot of a `model`."""
    return [
        (str(field.verbose_name), content["fields"].get(field.name) or "")
        for field in _markdown_fields(model)
    ]


def blocking(obj):
    """Return what keeps `obj` from being published, as a list of (name of the field, Advice).

    Publishing is refused unless this is empty. It asks no more than one query a text.
    """
    found = []
    for name, whole in texts_of(obj):
        text = whole[:MAX_LENGTH]
        pictures = {picture.pk: picture for picture in pictures_in(text)}
        for token in parser().parse(text):
            if token.type == "inline":
                items = _on_images(token, pictures, _line(token))
                found += [(name, one) for one in items if one.blocking]
    return found


def _markdown_fields(model):
    return [field for field in model._meta.concrete_fields if isinstance(field, MarkdownField)]


def _line(token):
    """Return on which line of the text a token stands, from 1."""
    return token.map[0] + 1 if token.map else 1


def _pairs(tokens):
    """Yield each token with the one after it."""
    return zip(tokens, [*tokens, None][1:], strict=True)


def _short(text):
    text = " ".join(text.split())
    return text if len(text) <= EXCERPT else text[: EXCERPT - 1].rstrip() + "…"


class _Headings:
    """Follows the levels of headings through a text."""

    def __init__(self):
        self.before = 0

    def advise(self, level, title, line):
        """Return advice on a heading."""
        before, self.before = self.before, level
        if not title.strip():
            yield Advice("kop", "Deze kop is leeg. Geef haar woorden of haal haar weg.", "", line)
        if before and level > before + 1:
            yield Advice(
                "kop",
                f"Na een kop van niveau {before} volgt hier niveau {level}. Sla geen niveau over: "
                "wie de koppen hoort, denkt dat er iets mist.",
                _short(title),
                line,
            )


def _on_images(token, pictures, line):
    """Return advice on the images in an inline token."""
    return [
        one
        for child in token.children
        if child.type == "image" and (one := _on_image(child, pictures, line))
    ]


def _on_image(image, pictures, line):
    source = str(image.attrGet("src"))
    name = f"]({source})"
    if picture_of(image, pictures):
        if not image.content.strip():
            return None
        return Advice(
            "afbeelding",
            "De woorden tussen de haken worden niet gebruikt: de alternatieve tekst staat bij de "
            "afbeelding zelf.",
            name,
            line,
        )
    if REFERENCE.fullmatch(source):
        return Advice(
            "alternatieve tekst",
            "Deze afbeelding bestaat niet, en heeft dus geen alternatieve tekst. Plaats haar "
            "opnieuw of haal haar uit de tekst.",
            name,
            line,
            blocking=True,
        )
    if not image.content.strip():
        return Advice(
            "alternatieve tekst",
            "Deze afbeelding heeft geen alternatieve tekst. Plaats haar met de knop Afbeelding.",
            name,
            line,
            blocking=True,
        )
    return Advice(
        "afbeelding",
        "Alleen afbeeldingen die op deze site zelf staan, worden getoond. Plaats haar met de knop "
        "Afbeelding.",
        name,
        line,
    )


class _Links:
    """Looks at the links of a text, each address once."""

    def __init__(self):
        self.tried = {}

    def advise(self, token, pictures, line):
        """Return advice on the links in an inline token."""
        for href, label in _links_in(token, pictures):
            yield from self._on_label(href, label, line)
            yield from self._on_address(href, label, line)

    def _on_label(self, href, label, line):
        words = " ".join(re.findall(r"\w+", label.lower()))
        where = _short(label) if label else f"]({href})"
        if not words:
            yield Advice("linktekst", "Deze link heeft geen tekst.", where, line)
        elif BARE_ADDRESS.fullmatch(label):
            yield Advice(
                "linktekst",
                "De tekst van deze link is een adres. Schrijf wat er op die pagina staat.",
                where,
                line,
            )
        elif words in EMPTY_WORDS:
            yield Advice(
                "linktekst",
                f"“{_short(label)}” zegt niet waar de link heen gaat. Schrijf wat de lezer er "
                "vindt.",
                where,
                line,
            )

    def _on_address(self, href, label, line):
        path = own_path(href)
        where = _short(label) if label else f"]({href})"
        if path is None:
            if not re.match(r"[a-z][a-z0-9+.-]*:|//|#", href, re.IGNORECASE):
                yield Advice(
                    "link",
                    f"“{_short(href)}” is geen volledig adres. Begin met https:// of, op deze "
                    "site, met een schuine streep.",
                    where,
                    line,
                )
        elif is_back_office(path):
            yield Advice(
                "link",
                "Deze link leidt naar het beheer; bezoekers komen daar niet in.",
                where,
                line,
            )
        elif self._leads_nowhere(path):
            yield Advice("link", f"Op deze site staat niets op {_short(path)}.", where, line)

    def _leads_nowhere(self, path):
        if path not in self.tried and len(self.tried) < MAX_LINKS:
            self.tried[path] = leads_nowhere(path)
        return self.tried.get(path, False)


def _links_in(token, pictures):
    """Yield the address and the words of each link in an inline token."""
    href, words = None, []
    for child in token.children:
        if child.type == "link_open":
            href, words = str(child.attrGet("href")), []
        elif child.type == "link_close":
            yield href, "".join(words).strip()
        elif child.type == "image":
            picture = picture_of(child, pictures)
            words.append(picture.alternative_text if picture else child.content)
        else:
            words.append(child.content or " ")


def _on_sentences(token, line):
    """Return advice on the sentences in an inline token that are too long."""
    lines = [""]
    for child in token.children:
        if child.type == "hardbreak":
            lines.append("")
        elif child.type == "softbreak":
            lines[-1] += " "
        elif child.type in {"text", "code_inline"}:
            lines[-1] += child.content
    for sentence in (one for each in lines for one in sentences(each)):
        count = sum(any(map(str.isalnum, word)) for word in sentence.split())
        if count > MAX_WORDS:
            yield Advice(
                "zin",
                f"Deze zin heeft {count} woorden. Maak er kortere zinnen van, van hoogstens "
                f"{MAX_WORDS} woorden.",
                _short(sentence),
                line,
            )


def sentences(text):
    """Return the sentences in a line of `text`; one does not end at “bijv.” or “o.a.”."""
    found = []
    for piece in SENTENCE_END.split(text):
        if found and NO_SENTENCE_END.search(found[-1]):
            found[-1] += f" {piece}"
        else:
            found.append(piece)
    return [one.strip() for one in found if one.strip()]
