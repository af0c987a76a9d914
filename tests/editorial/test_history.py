"""The history in the back-office: compare any two versions, put any one back."""

import pytest

from plan.models import Action
from tests.tooling.forms import posted
from themes.models import Place
from veiligalmere.editorial.publish import publish, save_draft
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
