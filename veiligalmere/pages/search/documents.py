"""What each kind of page gives to the search. A new kind joins by one line in `KINDS`."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from plan.models import Action, AnnualPlan, Development, Passage
from themes.models import Indicator, Subtopic, Term, Theme, WorkingMethod
from veiligalmere.editorial.standing_pages import StandingPage
from veiligalmere.pages.context import HELP_NUMBERS
from veiligalmere.pages.search.index import Document
from veiligalmere.pages.search.words import plain


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of page: its name in the address of a search, its Dutch names, its documents."""

    key: str
    singular: str
    plural: str
    documents: Callable[[], Iterable[Document]]


def _themes():
    for theme in Theme.objects.public():
        yield Document(
            kind="themas",
            url=theme.get_absolute_url(),
            title=theme.name,
            body=plain(theme.introduction),
            themes=(theme.slug,),
            weight=1.3,
        )


def _subtopics():
    titles = defaultdict(list)
    for title, subtopic in Action.objects.public().values_list("title", "subtopics"):
        titles[subtopic].append(title)
    for subtopic in Subtopic.objects.public().in_order():
        yield Document(
            kind="onderwerpen",
            url=subtopic.get_absolute_url(),
            title=subtopic.name,
            names=subtopic.other_names,
            lead=plain(subtopic.introduction),
            body=plain("\n".join([subtopic.remark, *titles[subtopic.pk], subtopic.help])),
            themes=(subtopic.theme.slug,),
            weight=1.3,
        )


def _actions():
    for action in Action.objects.public().with_labels().order_by("-plan__year", "position", "pk"):
        labels = [
            *(subtopic.name for subtopic in action.subtopics.all()),
            *(place.name for place in action.places.all()),
        ]
        yield Document(
            kind="acties",
            url=action.get_absolute_url(),
            title=action.title,
            names="\n".join(labels),
            lead=action.summary,
            body=plain(f"{action.body}\n{action.partners}\n{action.period}"),
            themes=(action.theme.slug,),
            year=action.plan.year,
        )


def _passages():
    passages = list(
        Passage.objects.public()
        .filter(plan__in=AnnualPlan.objects.public())
        .exclude(body="")
        .select_related("plan", "theme", "subtopic")
        .order_by("-plan__year", "position", "pk")
    )
    times = Counter((passage.plan_id, passage.heading) for passage in passages)
    for passage in passages:
        is_overview = passage.kind == Passage.Kind.OVERVIEW
        yield Document(
            kind="jaarplan",
            url=passage.get_absolute_url(),
            title=_title(passage, unique=times[passage.plan_id, passage.heading] == 1),
            body=plain(passage.body),
            themes=(passage.theme.slug,) if passage.theme else (),
            year=passage.plan.year,
            weight=0.5 if is_overview else 0.9,  # the overview names everything and tells nothing
        )


def _title(passage, *, unique):
    """Return the heading; with where it belongs, if there are more of that name; or a stand-in."""
    place = passage.subtopic or passage.theme
    if passage.heading:
        return passage.heading if unique or not place else f"{place.name}: {passage.heading}"
    what = passage.get_kind_display().capitalize()
    return f"{what}: {place.name}" if place else f"{what} van het {passage.plan.title}"


def _methods():
    for method in WorkingMethod.objects.public():
        yield Document(
            kind="werkwijzen",
            url=method.get_absolute_url(),
            title=method.name,
            names=method.short_name,
            body=plain(method.description),
        )


def _developments():
    for development in Development.objects.public().newest_first().with_labels():
        about = [*development.themes.all(), *development.subtopics.all()]
        about += development.actions.all()
        yield Document(
            kind="ontwikkelingen",
            url=development.get_absolute_url(),
            title=development.title,
            names="\n".join(map(str, about)),
            lead=development.lead,
            body=plain(f"{development.body}\n{development.document_title}"),
            themes=tuple(
                dict.fromkeys(
                    one.slug if isinstance(one, Theme) else one.theme.slug for one in about
                )
            ),
            year=development.year,
        )


def _figures():
    indicators = Indicator.objects.public().select_related("theme")
    for indicator in indicators.prefetch_related("subtopics").order_by("theme__number", "position"):
        yield Document(
            kind="cijfers",
            url=indicator.get_absolute_url(),
            title=indicator.name,
            names="\n".join(subtopic.name for subtopic in indicator.subtopics.all()),
            body=plain(f"{indicator.definition}\nBron: {indicator.source}"),
            themes=(indicator.theme.slug,),
        )


def _terms():
    for term in Term.objects.public():
        yield Document(
            kind="begrippen",
            url=term.get_absolute_url(),
            title=f"{term.name}: {term.meaning}" if term.meaning else term.name,
            names=term.other_names,
            body=plain(term.explanation),
        )


def _standing_pages():
    numbers = "\n".join(f"{one.label}: {one.number}. {one.when}." for one in HELP_NUMBERS)
    for page in StandingPage.objects.public().order_by("slug"):
        is_contact = page.slug == StandingPage.Slug.CONTACT
        yield Document(
            kind="site",
            url=page.get_absolute_url(),
            title=page.title,
            names=page.description,
            lead=numbers if is_contact else "",
            body=plain(page.body) + ("\n" + numbers if is_contact else ""),
        )


# In the order in which equally good results are shown.
KINDS = (
    Kind("onderwerpen", "Onderwerp", "Onderwerpen", _subtopics),
    Kind("themas", "Thema", "Thema’s", _themes),
    Kind("acties", "Actie", "Acties", _actions),
    Kind("werkwijzen", "Werkwijze", "Werkwijzen", _methods),
    Kind("ontwikkelingen", "Ontwikkeling", "Ontwikkelingen", _developments),
    Kind("cijfers", "Cijfer", "Cijfers", _figures),
    Kind("begrippen", "Begrip", "Begrippen", _terms),
    Kind("jaarplan", "Uit het jaarplan", "Uit het jaarplan", _passages),
    Kind("site", "Over deze site", "Over deze site", _standing_pages),
)
KIND = {kind.key: kind for kind in KINDS}


def all_documents():
    """Yield the documents of all kinds."""
    for kind in KINDS:
        yield from kind.documents()
