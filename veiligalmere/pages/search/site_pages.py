"""The pages that are about the site itself, or lead to a kind of page, as the search has them."""

from typing import NamedTuple

from veiligalmere.editorial.addresses import address
from veiligalmere.editorial.standing_pages import StandingPage
from veiligalmere.pages.context import HELP_NUMBERS
from veiligalmere.pages.search.document import Document
from veiligalmere.pages.search.words import plain


class Overview(NamedTuple):
    """A page that is always there: its name in `urls`, its title and lead as they stand on it.

    `sought` are words with which people look for it and that it may not have itself.
    """

    name: str
    title: str
    lead: str
    sought: str = ""


OVERVIEWS = (
    Overview(
        "themes",
        "Thema’s",
        "Het veiligheidsbeleid van Almere heeft vier thema’s. Kies een thema en lees wat de "
        "gemeente doet.",
    ),
    Overview(
        "methods",
        "Werkwijzen",
        "Zo pakt de gemeente het aan: werkwijzen die door het hele veiligheidsbeleid lopen.",
    ),
    Overview(
        "progress",
        "Voortgang",
        "Wat de gemeente beloofde, en hoe het er nu mee staat.",
        "voortgangsrapportages, rapportages aan de raad, stand van zaken, resultaten",
    ),
    Overview(
        "figures",
        "Cijfers",
        "Wat er gemeten is over veiligheid in Almere, elk met zijn bron.",
        "statistieken, metingen, grafieken",
    ),
    Overview(
        "developments",
        "Ontwikkelingen",
        "Nieuws, nieuwe projecten en onderzoeken bij het jaarplan, per jaar.",
        "nieuws, actueel, publicaties",
    ),
    Overview(
        "changes",
        "Wijzigingen",
        "Wat er op deze site is veranderd nadat het er voor het eerst stond, met de reden erbij.",
    ),
    Overview(
        "terms",
        "Begrippen",
        "Woorden en afkortingen uit het jaarplan, met wat ze betekenen en wie dat zegt.",
        "woordenlijst, definities, uitleg",
    ),
    Overview(
        "follow",
        "Volgen",
        "Krijg bericht als er iets nieuws is over een thema, een onderwerp of een actie.",
        "nieuwsbrief, abonneren, abonnement, e-mail, mail, RSS, Atom, feed, feeds",
    ),
    Overview(
        "open_data",
        "Open data",
        "Alle gegevens van deze site, om zelf te gebruiken: als bestand of met een programma.",
        "dataset, datasets, API, download, CSV, JSON, Excel, DCAT",
    ),
)

# Words with which people look for whom to call, and that the page with it may not have.
CALLING = "telefoonnummer, telefoonnummers, telefonisch, bellen, bereikbaar, meldpunt, klacht"


def site_pages():
    """Yield the documents of the overviews and of the pages whose text editors keep."""
    for page in OVERVIEWS:
        yield Document(
            kind="site",
            url=address(page.name),
            title=page.title,
            names=page.sought,
            lead=page.lead,
            weight=1.1,
        )
    numbers = "\n".join(f"{one.label}: {one.number}. {one.when}." for one in HELP_NUMBERS)
    dialled = " ".join(one.tel for one in HELP_NUMBERS)  # "14036", which is written "14 036"
    for page in StandingPage.objects.public().order_by("slug"):
        is_contact = page.slug == StandingPage.Slug.CONTACT
        yield Document(
            kind="site",
            url=page.get_absolute_url(),
            title=page.title,
            names=f"{page.description} {CALLING} {dialled}" if is_contact else page.description,
            lead=numbers if is_contact else "",
            body=(plain(page.body) + ("\n" + numbers if is_contact else "")).encode(),
        )
