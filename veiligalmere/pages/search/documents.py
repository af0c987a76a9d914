"""What each kind of page gives to the search. A new kind joins by one line in `KINDS`."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from django.db.models import Prefetch

from plan.models import (
    Action,
    AnnualPlan,
    Development,
    Erratum,
    Passage,
    ProgressReport,
    ProgressUpdate,
    ReportEntry,
)
from themes.models import Indicator, Place, Subtopic, Term, Theme, WorkingMethod
from veiligalmere.editorial.addresses import address
from veiligalmere.pages.search.document import Document
from veiligalmere.pages.search.site_pages import site_pages
from veiligalmere.pages.search.words import plain

REPORTED = ("explanation", *ProgressUpdate.ACCOUNT)  # the fields of an update that are text


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
            body=plain(theme.introduction).encode(),
            themes=(theme.slug,),
            weight=1.3,
        )


def _subtopics():
    titles, below = defaultdict(list), defaultdict(list)
    for title, subtopic in Action.objects.public().values_list("title", "subtopics"):
        titles[subtopic].append(title)
    subtopics = list(Subtopic.objects.public().in_order())
    for subtopic in subtopics:
        below[subtopic.parent_id].append(subtopic.name)
    names = {subtopic.pk: subtopic.name for subtopic in subtopics}
    said = _said_of_subtopics()
    for subtopic in subtopics:
        about = [said.get(subtopic.pk, "")]
        if below[subtopic.pk]:
            about.append(f"Valt hieronder: {', '.join(below[subtopic.pk])}.")
        told = [subtopic.introduction, subtopic.remark, *about, *titles[subtopic.pk]]
        if not any(told) and subtopic.parent_id in names:
            # All that is left is whom to call, which is the same for many.
            about.append(f"Valt onder: {names[subtopic.parent_id]}.")
        yield Document(
            kind="onderwerpen",
            url=subtopic.get_absolute_url(),
            title=subtopic.name,
            names=subtopic.other_names,
            lead=plain(subtopic.introduction),
            about="\n".join(about),
            body="\n".join(
                [plain(subtopic.remark), *titles[subtopic.pk], plain(subtopic.help)]
            ).encode(),
            themes=(subtopic.theme.slug,),
            weight=1.3,
        )


def _said_of_subtopics():
    """Return {key of a subtopic: the first paragraph of the current plan's text about it}.

    What has no heading goes on about what stands before it, and so does not tell what it is about.
    """
    passages = Passage.objects.public().of_plan(AnnualPlan.objects.current()).running_text()
    passages = passages.with_body().exclude(heading="").order_by("-position", "-pk")
    return {
        key: plain(body).strip().partition("\n\n")[0]
        for key, body in passages.values_list("subtopic", "body")
    }


def _actions():
    """There may be ten thousand, so they are read as rows, and what they share once."""
    names = _names(Action.subtopics.through, "subtopic_id", Subtopic.objects.public())
    for action, places in _names(Action.places.through, "place_id", Place.objects.all()).items():
        names[action] += places
    reported = _last_reported()
    around_slug = cache(lambda year: address("action", year, "-").split("-"))
    fields = ("plan__year", "position", "pk", "slug", "theme__slug", "title", "summary")
    fields += ("body", "partners", "period")
    # To sort them costs the database more than it costs here: it moves all these texts.
    rows = list(Action.objects.public().order_by().values_list(*fields))
    rows.sort(key=lambda row: (row[0], -row[1], -row[2]))
    shared = {}
    # From the end, so that what was read makes room for what is made of it.
    while rows:
        year, _position, key, slug, theme, title, summary, *texts = rows.pop()
        yield Document(
            kind="acties",
            url=slug.join(around_slug(year)),
            title=title,
            names="\n".join(names.get(key, ())),
            lead=summary,
            body=plain("\n".join(filter(None, [*texts, reported.get(key)]))).encode(),
            themes=shared.setdefault(theme, (theme,)),
            year=year,
        )


def _names(through, column, selection):
    """Return {key of an action: [names]} of what it is related to by `through`."""
    of = dict(selection.order_by().values_list("pk", "name"))
    names = defaultdict(list)
    for action, key in through.objects.order_by("pk").values_list("action_id", column):
        if key in of:
            names[action].append(of[key])
    return names


def _last_reported():
    """Return {key of an action: what the latest public update says}."""
    updates = ProgressUpdate.objects.public().order_by("reported_on", "pk")
    rows = updates.values_list("action_id", *REPORTED)
    return {action: "\n".join(filter(None, said)) for action, *said in rows}


def _plans():
    """Each plan as a whole, its list of actions, and what its text says."""
    for plan in AnnualPlan.objects.public().order_by("-year"):
        yield Document(
            kind="jaarplan",
            url=plan.get_absolute_url(),
            title=plan.title,
            names=f"Het hele jaarplan van {plan.year}, de volledige tekst, als pdf\n"
            "Het veiligheidsplan",
            lead=f"Uitwerking van het {plan.multi_year_plan}.",
            year=plan.year,
            weight=1.3,
        )
        yield Document(
            kind="jaarplan",
            url=plan.actions_url,
            title=f"Acties in {plan.year}",
            names=f"Alle acties van het {plan.title}",
            lead=f"De acties uit het {plan.title}, te kiezen naar thema, onderwerp en plaats.",
            year=plan.year,
            weight=1.3,
        )
    yield from _passages()


def _passages():
    passages = list(
        Passage.objects.public()
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
            body=plain(passage.body).encode(),
            themes=(passage.theme.slug,) if passage.theme else (),
            year=passage.plan.year,
            weight=0.5 if is_overview else 0.9,  # the overview names everything and tells nothing
            whole=is_overview,
        )


def _title(passage, *, unique):
    """Return the heading; with where it belongs, if there are more of that name; or a stand-in."""
    subtopic = passage.subtopic
    place = subtopic if subtopic and subtopic.is_public else passage.theme
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
            body=plain(method.description).encode(),
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
            body=plain(f"{development.body}\n{development.document_title}").encode(),
            themes=tuple(
                dict.fromkeys(
                    one.slug if isinstance(one, Theme) else one.theme.slug for one in about
                )
            ),
            year=development.year,
        )


def _figures():
    subtopics = Prefetch("subtopics", Subtopic.objects.public())
    indicators = Indicator.objects.public().select_related("theme").prefetch_related(subtopics)
    for indicator in indicators.order_by("theme__number", "position"):
        yield Document(
            kind="cijfers",
            url=indicator.get_absolute_url(),
            title=indicator.name,
            names="\n".join(subtopic.name for subtopic in indicator.subtopics.all()),
            body=plain(f"{indicator.definition}\nBron: {indicator.source}").encode(),
            themes=(indicator.theme.slug,),
        )


def _terms():
    for term in Term.objects.public():
        yield Document(
            kind="begrippen",
            url=term.get_absolute_url(),
            title=f"{term.name}: {term.meaning}" if term.meaning else term.name,
            names=term.other_names,
            body=plain(term.explanation).encode(),
        )


def _reports():
    entries, errata = defaultdict(list), defaultdict(list)
    rows = ReportEntry.objects.of_public_reports().exclude(explanation="")
    rows = rows.order_by("report", "theme_number", "position", "pk")
    for report, title, *said in rows.values_list("report", "title", *REPORTED):
        entries[report].append(f"{title}: {' '.join(filter(None, said))}")
    public = ProgressReport.objects.adopted()
    rows = Erratum.objects.filter(report__in=public).order_by("made_at", "pk")
    for report, text in rows.values_list("report", "text"):
        errata[report].append(text)
    for report in public.latest_first():
        yield Document(
            kind="voortgangsrapportages",
            url=report.get_absolute_url(),
            title=report.title,
            names=f"{report}\n{report.plan.title}",
            body=plain(
                "\n".join([report.summary, *errata[report.pk], *entries[report.pk]])
            ).encode(),
            year=report.plan.year,
            whole=True,
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
    Kind("voortgangsrapportages", "Voortgangsrapportage", "Voortgangsrapportages", _reports),
    Kind("jaarplan", "Uit het jaarplan", "Uit het jaarplan", _plans),
    Kind("site", "Over deze site", "Over deze site", site_pages),
)
KIND = {kind.key: kind for kind in KINDS}


def all_documents():
    """Yield the documents of all kinds."""
    for kind in KINDS:
        yield from kind.documents()
