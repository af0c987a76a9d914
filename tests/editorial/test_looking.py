"""Looking at a draft writes nothing, so that nobody who looks holds up who saves."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from plan.models import Action, Development
from tests.tooling.drafts import writing
from tests.tooling.forms import posted
from themes.models import Indicator, Place, Subtopic
from veiligalmere.editorial.publish import publish, save_draft
from veiligalmere.editorial.versions import draft_of

pytestmark = pytest.mark.django_db


def drafted_action():
    """A published action whose draft has other words, relations and owner."""
    action = Action.objects.public().filter(subtopics__isnull=False).first()

    def write(row):
        row.title = "Een titel in het concept"
        row.save()
        row.subtopics.set(Subtopic.objects.exclude(pk__in=action.subtopics.all())[:2])
        row.places.set(Place.objects.all()[:1])

    save_draft(action, write)
    return action


def drafted_figure():
    """A published figure whose draft changes, drops and adds measurements."""
    figure = Indicator.objects.public().filter(measurements__isnull=False).first()
    figure.measurements.create(area="Almere", period="2015", value=5)
    publish(figure, minor=True)

    def write(row):
        row.definition = "Een omschrijving in het concept"
        row.save()
        row.measurements.filter(period="2015").update(value=6)
        row.measurements.exclude(period="2015").first().delete()
        row.measurements.create(area="Almere", period="2020", value=7)
        row.measurements.create(area="Almere", period="2014", value=8)

    save_draft(figure, write)
    return figure


def page_of(obj, page):
    return f"/beheer/{obj._meta.app_label}/{obj._meta.model_name}/{obj.pk}/{page}/"


@pytest.mark.parametrize("page", ["change", "beoordelen", "weggooien", "history"])
@pytest.mark.parametrize("make", [drafted_action, drafted_figure])
def test_looking_at_a_draft_only_reads(eindredacteur, jaarplan, make, page):
    obj = make()
    with CaptureQueriesContext(connection) as asked:
        assert eindredacteur.get(page_of(obj, page)).status_code == 200
    assert asked.captured_queries
    # PostgreSQL reads long lists through a cursor, which it declares.
    reading = ("SELECT", "DECLARE")
    written = [one["sql"] for one in asked if not one["sql"].startswith(reading)]
    assert written == []


def test_the_form_shows_words_and_relations_of_the_draft(redacteur, jaarplan):
    action = drafted_action()
    shown = posted(redacteur.get(page_of(action, "change")), button="_continue")
    draft = draft_of(action).content
    assert shown["title"] == ["Een titel in het concept"]
    for name in ("subtopics", "places"):
        assert shown[name] == [str(one["pk"]) for one in draft["many"][name]]
    assert redacteur.post(page_of(action, "change"), shown).status_code == 302
    assert draft_of(action).content == draft


def test_the_form_shows_the_rows_of_the_draft_in_their_order(redacteur, jaarplan):
    figure = drafted_figure()
    shown = posted(redacteur.get(page_of(figure, "change")), button="_continue")
    draft = draft_of(figure).content
    rows = range(int(shown["measurements-INITIAL_FORMS"][0]))
    periods = [shown[f"measurements-{row}-period"][0] for row in rows]
    assert periods == sorted(
        child["fields"]["period"] for child in draft["children"]["measurements"]
    )
    values = {
        shown[f"measurements-{row}-period"][0]: shown[f"measurements-{row}-value"][0]
        for row in rows
    }
    assert [float(values[period]) for period in ("2014", "2015", "2020")] == [8, 6, 7]
    assert redacteur.post(page_of(figure, "change"), shown).status_code == 302
    assert draft_of(figure).content == draft


def test_a_relation_that_is_gone_is_told(redacteur, jaarplan):
    action = Action.objects.public().first()
    never_public = Subtopic.objects.create(
        theme=action.theme, name="Tijdelijk", slug="tijdelijk", position=99
    )
    save_draft(action, lambda row: row.subtopics.set([never_public]))
    never_public.delete()
    page = redacteur.get(page_of(action, "change")).content.decode()
    assert "“Tijdelijk” bestaat niet meer" in page


def test_an_address_that_another_took_is_told(redacteur, jaarplan):
    first, second = Development.objects.first(), None
    second = Development.objects.create(
        title="Tweede", slug="tweede", year=first.year, lead="x", kind=first.kind
    )

    save_draft(first, writing(slug="gewild"))
    Development.objects.filter(pk=second.pk).update(slug="gewild")
    page = redacteur.get(page_of(first, "change"))
    assert "wordt al ergens anders gebruikt" in page.content.decode()
    assert posted(page)["slug"] == [first.slug]
