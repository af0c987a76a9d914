"""The history in the back-office: compare any two versions, put any one back."""

import pytest
from django.contrib.admin.models import LogEntry
from django.core.files.uploadedfile import SimpleUploadedFile

from plan.models import Action
from tests.editorial.pictures import stored_image
from tests.pages.test_developments import PDF, published_study
from tests.tooling.forms import posted
from themes.models import Indicator, Place, Theme, ThemeLimit
from veiligalmere.editorial.images.model import Image
from veiligalmere.editorial.publish import publish, save_draft
from veiligalmere.editorial.standing_pages import StandingPage
from veiligalmere.editorial.versions import Version, draft_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def action(jaarplan, beheerder):
    """An action with three versions: loaded, a draft, published."""
    action = Action.objects.public().filter(subtopics__isnull=False).first()

    def write(row):
        row.title = "Tweede titel"
        row.save()
        row.subtopics.clear()
        row.places.set(Place.objects.all()[:1])

    save_draft(action, write, by=beheerder.user)
    publish(action, by=beheerder.user, note="Ingedeeld")
    return action


def page(action, rest="history"):
    return f"/beheer/plan/action/{action.pk}/{rest}/"


def text(response):
    return " ".join(response.content.decode().split())


def test_every_version_is_there_with_who_and_why(beheerder, action):
    shown = text(beheerder.get(page(action)))
    assert "Ingedeeld" in shown
    assert "het systeem" in shown
    assert "beheerder" in shown
    assert shown.count('name="van"') == Version.objects.of(action).count() == 3


def test_any_two_are_compared(beheerder, action):
    shown = text(beheerder.get(page(action), {"van": "3", "naar": "1"}))
    assert "Van versie 1 naar versie 3" in shown
    assert "Tweede titel</ins>" in shown or "Tweede" in shown
    assert "Geen verschil" in text(beheerder.get(page(action), {"van": "2", "naar": "3"}))


def test_it_begins_with_a_difference_that_is_worth_seeing(beheerder, action):
    """Publishing makes a version that says the same as the draft before it."""
    shown = text(beheerder.get(page(action)))
    assert "Van versie 1 naar versie 3" in shown
    assert "Geen verschil" not in shown


@pytest.mark.parametrize("query", [{"van": "x"}, {"van": "-1", "naar": "99"}, {"pagina": "x"}])
def test_a_strange_question_is_no_mistake_of_the_site(beheerder, action, query):
    assert beheerder.get(page(action), query).status_code == 200


def test_a_version_is_put_back_with_its_relations_as_a_draft(beheerder, bezoeker, action):
    first = Version.objects.of(action).get(number=1)
    address = page(action, "terugzetten/1")
    answer = beheerder.post(address, posted(beheerder.get(address)), follow=True)
    assert "Versie 1 staat nu in het concept" in text(answer)
    assert draft_of(action).content == first.content
    assert "Tweede titel" in text(bezoeker.get(action.get_absolute_url()))
    publish(action)
    assert action.title == first.content["fields"]["title"]
    assert action.subtopics.count() == len(first.content["many"]["subtopics"]) > 0


def test_a_version_that_says_what_stands_is_not_put_back(beheerder, action):
    """Version 2 is the draft of which version 3 was published."""
    history = text(beheerder.get(page(action)))
    shown = [f"Versie {number} terugzetten" in history for number in (1, 2, 3)]
    assert shown == [True, False, False]
    logged = LogEntry.objects.count()
    for number in (2, 3):
        address = page(action, f"terugzetten/{number}")
        answer = beheerder.post(address, posted(beheerder.get(address)), follow=True)
        told = f"Versie {number} is gelijk aan wat er staat: er is niets gewijzigd."
        assert told in text(answer)
        assert "staat nu in het concept" not in text(answer)
    assert draft_of(action) is None
    assert LogEntry.objects.count() == logged
    save(beheerder, page(action, "change"), title="Derde titel")
    assert "Versie 3 terugzetten" in text(beheerder.get(page(action)))


def put_back(client, form, number):
    """Put a version back by the page for it, as the draft of what `form` is about; publish it."""
    address = form.replace("/change/", f"/terugzetten/{number}/")
    answer = client.post(address, posted(client.get(address)), follow=True)
    assert f"Versie {number} staat nu in het concept" in text(answer)
    assert "Niet teruggezet" not in text(answer)
    return answer


def save(client, form, **changes):
    """Save the form at the address `form` as a draft, with these changes."""
    answer = client.post(form, posted(client.get(form), button="_continue", **changes))
    assert answer.status_code == 302


def test_rows_within_a_form_that_were_changed_added_and_removed_are_put_back(
    beheerder, bezoeker, jaarplan
):
    figure = Indicator.objects.filter(measurements__isnull=False).first()
    publish(figure)
    before = list(figure.measurements.order_by("area", "period").values("area", "period", "value"))
    assert len(before) > 1
    number = Version.objects.of(figure).first().number
    form = f"/beheer/themes/indicator/{figure.pk}/change/"
    shown = posted(beheerder.get(form))
    last = len(before)
    added = {"area": "Almere Haven", "period": shown["measurements-0-period"][0], "value": "7"}
    save(
        beheerder,
        form,
        **{
            "measurements-0-value": "1",
            "measurements-1-DELETE": "on",
            **{f"measurements-{last}-{name}": value for name, value in added.items()},
        },
    )
    publish(figure)
    assert "Almere Haven" in text(bezoeker.get(figure.get_absolute_url()))
    put_back(beheerder, form, number)
    assert "Almere Haven" in text(bezoeker.get(figure.get_absolute_url()))
    assert ["Almere Haven"] not in posted(beheerder.get(form)).values()
    publish(figure)
    rows = figure.measurements.order_by("area", "period").values("area", "period", "value")
    assert list(rows) == before
    assert "Almere Haven" not in text(bezoeker.get(figure.get_absolute_url()))


def test_a_text_is_put_back_with_its_image(beheerder, bezoeker, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    image = stored_image(alternative_text="Een brug.")
    page = StandingPage.objects.get(slug="contact")
    form = f"/beheer/editorial/standingpage/{page.pk}/change/"
    save(beheerder, form, body=f"Met beeld.\n\n{image.markdown}")
    publish(page)
    number = Version.objects.of(page).first().number
    save(beheerder, form, body="Zonder beeld.")
    publish(page)
    assert image.url() not in bezoeker.get(page.get_absolute_url()).content.decode()
    delete = f"/beheer/editorial/image/{image.pk}/delete/"
    beheerder.post(delete, {"post": "yes"})
    assert Image.objects.filter(pk=image.pk).exists()
    put_back(beheerder, form, number)
    publish(page)
    shown = bezoeker.get(page.get_absolute_url()).content.decode()
    assert image.url() in shown
    assert 'alt="Een brug."' in shown
    assert b"".join(bezoeker.get(image.url())).startswith(b"RIFF")


@pytest.mark.parametrize("gone", ["replaced", "cleared"])
def test_a_development_is_put_back_with_its_document(
    beheerder, bezoeker, jaarplan, settings, tmp_path, gone
):
    settings.MEDIA_ROOT = tmp_path
    first, second = PDF % b"eerste", PDF % b"tweede"
    study = published_study(beheerder)
    number = Version.objects.of(study).first().number
    form = f"/beheer/plan/development/{study.pk}/change/"
    data = posted(beheerder.get(form), button="_continue")
    if gone == "replaced":
        beheerder.post(form, {**data, "document": SimpleUploadedFile("b.pdf", second)})
    else:
        beheerder.post(form, {**data, "document-clear": "on", "document_title": ""})
    publish(study)
    answer = bezoeker.get(study.document_url)
    if gone == "replaced":
        assert b"".join(answer) == second
    else:
        assert answer.status_code == 404
    put_back(beheerder, form, number)
    publish(study)
    assert b"".join(bezoeker.get(study.document_url)) == first
    assert "De studie" in text(bezoeker.get(study.get_absolute_url()))


def test_a_version_that_is_not_there_is_told(beheerder, action):
    answer = beheerder.get(page(action, "terugzetten/99"), follow=True)
    assert "Deze versie is er niet" in text(answer)


def test_differences_stand_in_the_order_of_the_form(eindredacteur, jaarplan):
    """PostgreSQL keeps the keys of JSON in an order of its own; here they stand backwards."""
    action = Action.objects.public().first()

    def write(row):
        row.title, row.summary, row.period = "Ander", "Anders", "Later"
        row.save()

    save_draft(action, write)
    for version in Version.objects.of(action):
        fields = dict(reversed(version.content["fields"].items()))
        Version.objects.filter(pk=version.pk).update(content={**version.content, "fields": fields})
    page = f"/beheer/plan/action/{action.pk}/history/?van=1&naar=2"
    text = eindredacteur.get(page).content.decode()
    text = text[text.index("Anders") - 2000 :]
    assert text.index("Titel") < text.index("In het kort") < text.index("Periode")


@pytest.mark.parametrize("ever_published", [True, False])
def test_a_version_from_another_theme_is_not_put_back_by_who_is_limited(
    redacteur, eindredacteur, jaarplan, ever_published
):
    elsewhere, own = Theme.objects.order_by("pk")[:2]
    action = Action.objects.create(
        plan=jaarplan, theme=elsewhere, title="Verhuisd", slug="verhuisd", body="T", position=1
    )
    form = f"/beheer/plan/action/{action.pk}/change/"
    save(eindredacteur, form, title="Nog bij de een")
    if ever_published:
        publish(action)
    save(eindredacteur, form, theme=str(own.pk))
    if ever_published:
        publish(action)
    before = draft_of(action)
    ThemeLimit.objects.create(user=redacteur.user).themes.add(own)
    address = page(action, "terugzetten/1")
    answer = redacteur.post(address, posted(redacteur.get(address)), follow=True)
    assert "een thema waarvoor u geen rechten hebt" in text(answer)
    assert draft_of(action) == before
    action.refresh_from_db()
    assert action.theme == own


def test_what_was_saved_after_you_looked_is_not_replaced_unseen(redacteur, eindredacteur, action):
    address = page(action, "terugzetten/1")
    data = posted(eindredacteur.get(address))
    save(redacteur, page(action, "change"), title="Van een collega")
    answer = eindredacteur.post(address, data, follow=True)
    assert "Intussen is er een nieuwere versie opgeslagen" in text(answer)
    assert draft_of(action).content["fields"]["title"] == "Van een collega"
    eindredacteur.post(address, posted(eindredacteur.get(address)))
    assert draft_of(action).content["fields"]["title"] != "Van een collega"


def test_a_discarded_draft_is_compared_with_what_stands(beheerder, action):
    save(beheerder, page(action, "change"), title="Toch wel")
    number = draft_of(action).number
    discard = page(action, "weggooien")
    beheerder.post(discard, posted(beheerder.get(discard)))
    shown = beheerder.get(page(action, f"terugzetten/{number}"))
    assert "Toch wel" in "".join(one.new for one in shown.context["differences"])
