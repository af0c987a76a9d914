"""The text of the Jaarplan 2020 as it was taken from the PDF, read back into sentences.

The extraction broke words over lines, let running heads and page numbers through, and lost a
few headings. All that is mended stands in the tables below, each with the number of times that
it has to occur, so that nothing is mended by accident. `docs/transcriptie.md` gives the reasons.
"""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

SOURCE = Path(__file__).resolve().parents[2] / "fixtures/bron/jaarplan-veiligheid-2020.txt"
SHA256 = "2341976cd35e15bdb82208a1e07b3a96b50e626f4844f646d8622a9b8c1ed0cd"

EXTRA = "WAT GAAN WIJ IN 2020 EXTRA DOEN?"

# (what the extraction gives, what the plan says, how often), on lines whose spaces are collapsed.
MENDS = (
    # Running heads, one of them with its page number.
    ("JAARPLAN VEILIGHEID 20207\n", "", 1),
    (
        "JAARPLAN VEILIGHEID 2020\nTHEMA 2: ONDERMIJNING &\nGEORGANISEERDE CRIMINALITEIT\n",
        "",
        1,
    ),
    ("JAARPLAN VEILIGHEID 2020\n", "", 1),
    # Words that the extraction tore apart.
    ("profes-\nsio nals", "professionals", 1),
    ("HAND HAVING", "HANDHAVING", 1),
    # Headings that the extraction lost.
    (
        f"{EXTRA}\nDe aanpak van woninginbraken",
        f"THEMA 1: VEILIGE WIJKEN\nHigh impact crimes\n{EXTRA}\nDe aanpak van woninginbraken",
        1,
    ),
    (f"{EXTRA}\nAanpak drank-", f"Overlast op straat\n{EXTRA}\nAanpak drank-", 1),
    (
        f"{EXTRA}\n\nOpvolging",
        f"Jeugdoverlast en -criminaliteit\n{EXTRA}\n\nOpvolging",
        1,
    ),
    ("Drill rap is een muziekstroming", "Drill rap\nDrill rap is een muziekstroming", 1),
    # The four columns of the overview, and its fifth working method, which is cut off.
    (
        "VEILIGE WIJKEN ONDERMIJNING EN ZORG EN VEILIGHEID RAMPENBESTRIJDING EN\n",
        "VEILIGE WIJKEN\n\nZORG EN VEILIGHEID\n\nONDERMIJNING EN\n",
        1,
    ),
    (
        "GEORGANISEERDE CRIMINALITEIT CRISISBEHEERSING\n",
        "GEORGANISEERDE CRIMINALITEIT\n\nRAMPENBESTRIJDING EN CRISISBEHEERSING\n",
        1,
    ),
    (
        "ONDERWERPEN ONDERWERPEN ONDERWERPEN ONDERWERPEN\n",
        "ONDERWERPEN\n\nONDERWERPEN\n\nONDERWERPEN\n\nONDERWERPEN\n",
        1,
    ),
    ("INTERACTIEVE\n*", "INTERACTIEVE COMMUNICATIE\n\n*", 1),
)

# A hyphen at the end of a line breaks a word, but for these: (end of the line, start of the next).
KEPT_HYPHENS = {("drugs-", "en")}

# What the plan sets in capitals, in the case that the site shows.
CAPITALS = {
    form.upper(): form
    for form in (
        "Inleiding",
        "Actieplan en jaarplan",
        "Ambitie veiligheid Almere",
        "Thema 1: Veilige wijken",
        "Wat gaan wij in 2020 extra doen?",
        "Veelvoorkomende criminaliteit",
        "Thema 2: Ondermijning & georganiseerde criminaliteit",
        "Experiment gesloten coffeeshopketen",
        "Thema 3: Zorg en veiligheid",
        "School en veiligheid",
        "Woonoverlast",
        "Radicalisering",
        "Thema 4: Rampenbestrijding en crisisbeheersing",
        "Colofon",
    )
}

# The headings that the plan sets in small letters; a closing full stop is dropped.
HEADINGS = {
    "High impact crimes",
    "Veiligheidsbeleving: Veiligheidsmonitor 2019",
    "Cyberveiligheid",
    "Overlast op straat",
    "Aanpak drank- en drugsoverlast op straat",
    "Straatintimidatie",
    "Communicatie over ondermijning nadrukkelijker uitdragen",
    "Intensivering gebruik Wet Bibob",
    "Voortdurende aandacht voor een weerbare en integere gemeentelijke organisatie",
    "Samenwerking met ondernemers op bedrijventerreinen",
    "Aanpak buitengebieden",
    "City Deal Zicht op Ondermijning",
    "Exploreren risicogestuurde aanpak",
    "Jeugdoverlast en -criminaliteit",
    "Opvolging evaluatieonderzoek JIT",
    "Regioprogramma Straatwaarde(n)",
    "Maatwerkgerichte aanpak op jongeren en messenbezit",
    "Drill rap",
    "Verdere intensivering school en veiligheid",
    "Deskundigheidsbevordering en aanscherping samenwerkingsafspraken",
    "Verkennen geschillencommissie burenruzies",
    "Trainingen professionals",
    "Jongerenworkshops voortgezet onderwijs",
    "Doorontwikkelen werkwijze en opzet casusoverleg",
    "Veiligheidsplan Floriade",
    "Voorbereiding en bouw nieuwe brandweerkazerne",
    "Risicoprofiel en beleidsplan Veiligheidsregio Flevoland",
    "Uitvoering geven aan samenwerkingsovereenkomst Veiligheidsregio’s en GGD’en",
    "Tijdelijke samenvoeging meldkamers",
}

# The first sentence of these list items is the heading of an action, the rest is its text.
RUN_IN_HEADINGS = {
    "Verdiepend onderzoek naar woninginbraken in Almere",
    "Procesevaluatie Almeerse top X",
    "Cyber 24",
    "Onderzoek effectieve preventieve aanpakken cybercrime",
}

# Paragraphs that the extraction did not set apart with an empty line.
PARAGRAPH_STARTS = {
    "De uitgangspunten bij de aanpak zijn: informatiegestuurd",
    "In 2020 ontvangt de gemeente Almere een extra financiële",
    "De maatwerkgerichte aanpak zal worden opgepakt en",
    "Vormgeving",
}

# The labels of the overview that the plan sets in capitals.
LABELS = {
    form.upper(): form
    for form in (
        "Thema’s",
        "Veilige wijken",
        "Ondermijning en georganiseerde criminaliteit",
        "Zorg en veiligheid",
        "Rampenbestrijding en crisisbeheersing",
        "Onderwerpen",
        "Werkwijzen",
        "Burgerparticipatie",
        "Toezicht en handhaving via Stadstoezicht en cameratoezicht",
        "Veiligheidshuis/PGA",
        "Bestuurlijke aanpak",
        "Interactieve communicatie",
    )
}

_OVERVIEW = re.compile(r"^VEILIGE WIJKEN$.*?(?=^THEMA 1:)", re.MULTILINE | re.DOTALL)
_ITEM = re.compile(r"^(•|\d\.) (.*)$")
_SENTENCE_END = re.compile(r"(?<=[.?!])\s+(?=[A-Z‘“])|(?<=[.?!]\))\s+(?=[A-Z‘“])")


class Block(NamedTuple):
    """A heading, paragraph or list item: its mark and its text on one line.

    The mark is "heading", "paragraph", "•" for an item of a list, or "1.", "2.", … for an item
    of a numbered list.
    """

    mark: str
    text: str


class Sentence(NamedTuple):
    """A sentence with the mark of its block, or "+" where it is not the first of its block."""

    mark: str
    text: str


@dataclass(frozen=True)
class Source:
    """The whole plan: what comes before the overview, its labels in any order, and the rest."""

    before: tuple[Block, ...]
    labels: tuple[str, ...]
    after: tuple[Block, ...]


def read_source() -> str:
    """The extracted text as it is kept, after checking that it is the file that was reviewed."""
    raw = SOURCE.read_bytes()
    assert hashlib.sha256(raw).hexdigest() == SHA256, f"{SOURCE.name} is not the file reviewed"
    return raw.decode()


def mend(raw: str) -> str:
    """The text with its lines, without the accidents of the extraction.

    Raises AssertionError where an accident does not occur as often as it is listed.
    """
    lines = (re.sub(r" +", " ", line).strip() for line in raw.splitlines())
    text = re.sub(r" +(?=\.)", "", "\n".join(lines) + "\n")
    for accident, mended, times in MENDS:
        assert text.count(accident) == times, f"{accident!r} occurs {text.count(accident)} times"
        text = text.replace(accident, mended)
    return text


def join_lines(first: str, second: str) -> str:
    """Two lines of one block as one: a broken word is made whole, a slash keeps its words."""
    if first.endswith("-") and (first.split()[-1], second.split()[0]) not in KEPT_HYPHENS:
        return first[:-1] + second
    if first.endswith("/"):
        return first + second
    return f"{first} {second}"


def sentences(blocks) -> list[Sentence]:
    """The sentences of the blocks, in order; only the first of a block carries its mark."""
    found = []
    for block in blocks:
        first, *others = _SENTENCE_END.split(block.text)
        found.append(Sentence(block.mark, first))
        found += [Sentence("+", other) for other in others]
    return found


def parse_source(raw: str) -> Source:
    """Read the extracted text; see `Source` for what comes out."""
    text = mend(raw)
    overview = _OVERVIEW.search(text)
    return Source(
        before=tuple(_blocks(text[: overview.start()])),
        labels=tuple(_labels(overview.group())),
        after=tuple(_blocks(text[overview.end() :])),
    )


def _heading(line: str) -> str | None:
    """The heading that the line is, in the case that the site shows, or None."""
    title = line.removesuffix(".")
    return CAPITALS.get(line) or (title if title in HEADINGS else None)


def _blocks(text: str) -> list[Block]:
    """The blocks of running text.

    An empty line ends a block only after the end of a sentence or a bracket: elsewhere it is a
    column's end, or the gap that the extraction leaves after the first line of a list item.
    """
    blocks: list[Block] = []
    open_block = False
    lines = text.splitlines()
    while lines:
        line = lines.pop(0)
        item = _ITEM.match(line)
        over_two_lines = _heading(join_lines(line, lines[0])) if line and lines and lines[0] else ""
        heading = over_two_lines or _heading(line)
        if heading:
            lines = lines[1:] if over_two_lines else lines
            blocks.append(Block("heading", heading))
            open_block = False
        elif not line:
            open_block = open_block and blocks[-1].text[-1] not in ".:;?!)"
        elif item:
            blocks.append(Block(*item.groups()))
            open_block = True
        elif open_block and line not in PARAGRAPH_STARTS:
            blocks[-1] = Block(blocks[-1].mark, join_lines(blocks[-1].text, line))
        else:
            blocks.append(Block("paragraph", line))
            open_block = True
    return [part for block in blocks for part in _split_run_in(block)]


def _split_run_in(block: Block) -> list[Block]:
    """The heading and the text of an item that opens with the title of an action."""
    title, _, rest = block.text.partition(".")
    if block.mark != "•" or title not in RUN_IN_HEADINGS:
        return [block]
    heading = Block("heading", title)
    return [heading, Block("paragraph", rest.strip())] if rest else [heading]


def _labels(region: str) -> list[str]:
    """The labels of the overview.

    A line goes on with a label where it starts in small letters, follows a comma, or stands in
    capitals under a line in capitals.
    """
    labels: list[str] = []
    for group in re.split(r"\n\s*\n", region.strip()):
        label = ""
        for line in group.splitlines():
            goes_on = line[0].islower() or label.endswith(",")
            if label and (goes_on or (label + line).isupper()):
                label = join_lines(label, line)
            else:
                labels += [label] if label else []
                label = line
        labels.append(label)
    return [LABELS.get(label, label) for label in labels]
