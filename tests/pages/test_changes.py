"""The public history: notes and words, of one action and of the whole site."""

import pytest
from django.utils import timezone
from django.utils.formats import date_format

from plan.carrying_over import carry_over
from plan.models import Action, AnnualPlan, Development, Passage, ProgressUpdate
from tests.progress.conftest import publish_update
from tests.tooling.drafts import writing
from themes.models import Indicator, Subtopic, Theme, WorkingMethod
from veiligalmere.editorial.publish import publish, save_draft, withdraw

pytestmark = pytest.mark.django_db


@pytest.fixture
def action(jaarplan):
    """A published action."""
    return Action.objects.public().first()


def change(obj, note="", *, minor=False, **fields):
    """Publish `obj` with other values."""
    save_draft(obj, writing(**fields))
    return publish(obj, note=note, minor=minor)


def text(response):
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def of(action):
    return f"{action.get_absolute_url()}wijzigingen/"


def test_a_new_site_says_that_nothing_has_changed(bezoeker, jaarplan):
    assert "Er is nog niets gewijzigd" in text(bezoeker.get("/wijzigingen/"))


def test_an_action_tells_its_changes_with_note_and_words(bezoeker, action):
    assert of(action) in text(bezoeker.get(action.get_absolute_url()))
    change(action, "Titel verduidelijkt", title=f"{action.title} in Poort")
    shown = text(bezoeker.get(of(action)))
    assert "Titel verduidelijkt" in shown
    assert "in Poort</ins>" in shown
    assert "Geladen uit het Jaarplan Veiligheid 2020" in shown
    assert "voor het eerst gepubliceerd" in shown
    shown = text(bezoeker.get("/wijzigingen/"))
    assert "Titel verduidelijkt" in shown
    assert f'href="{action.get_absolute_url()}"' in shown
    assert "Geladen uit" not in shown


def test_a_draft_an_owner_and_an_author_are_not_told(bezoeker, action, redacteur):
    save_draft(action, writing(summary="Geheim concept", owner=redacteur.user), by=redacteur.user)
    assert "Geheim concept" not in text(bezoeker.get(of(action)))
    publish(action, by=redacteur.user, minor=True)
    shown = text(bezoeker.get(of(action)))
    assert "Geheim concept" in shown
    assert "kleine wijziging" in shown
    assert "redacteur" not in shown.lower().replace("eindredacteur", "").replace("redactie", "")


def test_of_what_was_withdrawn_only_that_is_told(bezoeker, action):
    change(action, "Aangevuld", summary="Woorden die weg moeten")
    withdraw(action, note="Vervallen in overleg met de raad")
    shown = text(bezoeker.get("/wijzigingen/"))
    assert "Vervallen in overleg met de raad" in shown
    assert "Woorden die weg moeten" not in shown
    assert f'href="{action.get_absolute_url()}"' not in shown
    assert bezoeker.get(of(action)).status_code == 410


def test_that_something_was_withdrawn_is_told_only_if_it_was_ever_public(bezoeker, action):
    plan = AnnualPlan.objects.create(year=2021, title="Jaarplan 2021", multi_year_plan="x")
    theme = Theme.objects.create(number=5, name="Geheim thema", slug="geheim", icon="home")
    fields = {"plan": plan, "body": "Eerst.", "position": 1, "theme": action.theme}
    secret = Action.objects.create(title="Geheime actie", slug="geheim", **fields)
    update = ProgressUpdate.objects.create(
        action=secret, status="gereed", explanation="x", reported_on="2020-06-01"
    )
    subtopic = Subtopic.objects.create(name="Geheim", slug="geheim", theme=theme, position=1)
    passage = Passage.objects.create(heading="Geheim", slug="kop", **fields | {"theme": theme})
    for one in (secret, update, subtopic, passage):
        publish(one)
        withdraw(one, note="Ging nooit door")
    assert "Ging nooit door" not in text(bezoeker.get("/wijzigingen/"))
    publish(plan)
    publish(theme)
    assert "Ging nooit door" not in text(bezoeker.get("/wijzigingen/"))
    publish(secret)
    withdraw(secret, note="Ging toch niet door")
    assert text(bezoeker.get("/wijzigingen/")).count("Ging toch niet door") == 1


def test_a_passage_is_told_only_while_its_plan_is_public(bezoeker, jaarplan):
    plan = AnnualPlan.objects.create(year=2021, title="Jaarplan 2021", multi_year_plan="x")
    passage = Passage.objects.create(
        plan=plan, heading="Vooruitblik", slug="vooruitblik", body="Eerst.", position=1
    )
    publish(passage)
    change(passage, "Aangevuld", body="Woorden vooruit")
    assert "vooruit" not in text(bezoeker.get("/wijzigingen/")).lower()
    publish(plan)
    assert "Woorden vooruit</ins>" in text(bezoeker.get("/wijzigingen/"))
    withdraw(plan)
    assert "vooruit" not in text(bezoeker.get("/wijzigingen/")).lower()


def test_a_passage_is_told_only_while_its_theme_is_public(bezoeker, jaarplan):
    passage = Passage.objects.public().filter(theme__isnull=False).exclude(body="").first()
    change(passage, "Aangevuld", body="Themawoorden")
    assert "Themawoorden" in text(bezoeker.get("/wijzigingen/"))
    withdraw(passage.theme)
    assert "Themawoorden" not in text(bezoeker.get("/wijzigingen/"))


def test_progress_of_an_action_that_was_withdrawn_is_told_no_more(bezoeker, action):
    change(publish_update(action, "op-schema"), "Aangevuld", explanation="Woorden over voortgang")
    assert "over voortgang</ins>" in text(bezoeker.get("/wijzigingen/"))
    withdraw(action)
    shown = text(bezoeker.get("/wijzigingen/"))
    assert "over voortgang" not in shown
    assert f'href="{action.get_absolute_url()}' not in shown


@pytest.fixture
def related(action):
    """Of each kind that others are related to, a concept and one that is published."""
    fields = {
        Action: {"plan": action.plan, "theme": action.theme, "body": "x", "position": 9000},
        Indicator: {"theme": action.theme, "unit": "x", "source": "x", "source_url": "x"},
        Subtopic: {"theme": action.theme, "position": 99},
    }
    found = {}
    for model, own in fields.items():
        title = "title" if model is Action else "name"
        names = {"Geheim concept": "geheim", "Openbaar gemaakt": "openbaar"}
        found[model] = [
            model.objects.create(slug=slug, **{title: name}, **own) for name, slug in names.items()
        ]
        publish(found[model][1])
    return found


@pytest.mark.parametrize(
    ("kind", "relation"),
    [
        (Development, "actions"),
        (Development, "subtopics"),
        (Action, "subtopics"),
        (Action, "indicators"),
        (Action, "predecessor"),
        (Passage, "actions"),
        (Passage, "subtopic"),
    ],
)
def test_what_is_related_is_named_only_while_it_is_public(
    bezoeker, action, related, kind, relation
):
    if kind is Development:
        one = Development.objects.create(title="Nieuws", slug="nieuws", year=2020, lead="Kort.")
        publish(one)
    else:
        one = kind.objects.public().first()
    field = kind._meta.get_field(relation)
    concept, public = related[field.related_model]
    if relation == "predecessor":
        earlier = AnnualPlan.objects.create(year=2019, title="Jaarplan Veiligheid 2019")
        publish(earlier)
        Action.objects.filter(pk__in=[concept.pk, public.pk]).update(plan=earlier)
    if relation == "subtopic":
        one = kind.objects.public().filter(theme=concept.theme).first()

    def relate(*others):
        def write(row):
            if field.many_to_many:
                getattr(row, relation).set(others)
            else:
                setattr(row, relation, others[-1])
                row.save()

        save_draft(one, write)
        publish(one, note="Verbanden gelegd")

    relate(concept)
    relate(concept, public)
    relate(concept)
    pages = ["/wijzigingen/", of(one)] if kind is Action else ["/wijzigingen/"]
    for page in pages:
        shown = text(bezoeker.get(page))
        assert "Verbanden gelegd" in shown
        assert "Geheim concept" not in shown
        assert "Openbaar gemaakt</ins>" in shown
        assert "Openbaar gemaakt</del>" in shown
    withdraw(public)
    for page in pages:
        shown = text(bezoeker.get(page))
        assert "Verbanden gelegd" in shown
        assert "Openbaar gemaakt</ins>" not in shown


def gone(client, address):
    """Return the page of what was withdrawn as text."""
    answer = client.get(address)
    assert answer.status_code == 410
    return " ".join(answer.content.decode().split())


def test_a_withdrawn_page_tells_when_and_why_as_the_changes_do(bezoeker, action):
    change(action, "Aangevuld", summary="Woorden die weg moeten")
    version = withdraw(action, note="Vervallen in overleg\nmet de <raad>")
    shown = gone(bezoeker, action.get_absolute_url())
    assert f">{version.label}</h2>" in shown
    assert f"Ingetrokken op {date_format(timezone.localdate(), 'j F Y')}" in shown
    assert "Vervallen in overleg<br>met de &lt;raad&gt;" in shown
    assert "Woorden die weg moeten" not in shown
    assert "Aangevuld" not in shown
    assert '<a class="onward" href="/wijzigingen/">' in shown


def test_of_what_was_withdrawn_only_the_own_address_is_for_nginx_to_keep(bezoeker):
    subtopic = Subtopic.objects.public().filter(parent=None).first()
    page = subtopic.get_absolute_url()
    withdraw(subtopic)
    elsewhere = f"/themas/verzonnen/{subtopic.slug}/"
    answers = [bezoeker.get(address) for address in (page, elsewhere)]
    assert [answer.status_code for answer in answers] == [410, 410]
    assert ["s-maxage=1" in answer.get("Cache-Control", "") for answer in answers] == [True, False]


def test_a_withdrawn_page_without_a_reason_tells_when(bezoeker, action):
    withdraw(action)
    shown = gone(bezoeker, action.get_absolute_url())
    assert "Ingetrokken op" in shown
    assert "change__note" not in shown
    assert "Dezelfde actie" not in shown


def test_of_a_page_that_is_withdrawn_again_the_last_reason_is_told(bezoeker):
    method = WorkingMethod.objects.public().first()
    address = method.get_absolute_url()
    withdraw(method, note="De eerste reden")
    publish(method, note="Weer terug")
    withdraw(method, note="De tweede reden")

    save_draft(method, writing(summary="Geheim concept"))
    shown = gone(bezoeker, address)
    assert "De tweede reden" in shown
    assert "De eerste reden" not in shown
    assert "Geheim" not in shown


def test_a_withdrawn_action_leads_to_the_same_action_in_a_plan_that_is_public(
    bezoeker, jaarplan, action
):
    plan = carry_over(jaarplan, year=2021, title="x", multi_year_plan="x", actions=[action])
    publish(plan)
    withdraw(action)
    new = Action.objects.get(plan=plan)
    assert new.get_absolute_url() not in gone(bezoeker, action.get_absolute_url())
    publish(new)
    shown = gone(bezoeker, action.get_absolute_url())
    assert "Dezelfde actie in een ander jaarplan" in shown
    assert f'href="{new.get_absolute_url()}">{new.title} (2021)</a>' in shown
    withdraw(plan)
    assert new.get_absolute_url() not in gone(bezoeker, action.get_absolute_url())


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/jaarplan/2020/acties/bestaat-niet/wijzigingen/", 404),
        ("/jaarplan/1999/acties/iets/wijzigingen/", 404),
        ("/wijzigingen/?pagina=0", 404),
        ("/wijzigingen/?pagina=2", 404),
        ("/wijzigingen/?pagina=x", 404),
        ("/wijzigingen/?pagina=", 200),
    ],
)
def test_a_wrong_address_is_told(bezoeker, jaarplan, address, status):
    assert bezoeker.get(address).status_code == status


def test_an_old_address_leads_to_the_changes_too(bezoeker, action):
    old = of(action)
    change(action, "Nieuw adres", slug="een-heel-nieuw-adres")
    answer = bezoeker.get(old)
    assert answer.status_code == 301
    assert answer["Location"] == of(action)


def test_the_list_has_pages_and_its_queries_do_not_grow(
    bezoeker, action, django_assert_max_num_queries
):
    change(action, "Nummer 0", title="Titel 0")
    method = WorkingMethod.objects.public().first()
    change(method, "Werkwijze", name="Andere naam")
    with django_assert_max_num_queries(12) as few:
        bezoeker.get("/wijzigingen/")
    for number in range(1, 22):
        change(action, f"Nummer {number}", title=f"Titel {number}")
    with django_assert_max_num_queries(len(few)):
        shown = text(bezoeker.get("/wijzigingen/"))
    assert "Nummer 21" in shown
    assert "Nummer 0" not in shown
    assert "Nummer 0" in text(bezoeker.get("/wijzigingen/?pagina=2"))
    with django_assert_max_num_queries(14) as of_action:
        bezoeker.get(of(action))
    change(action, "Nog een", title="Nog een")
    with django_assert_max_num_queries(len(of_action)):
        bezoeker.get(of(action))


def test_queries_do_not_grow_with_what_is_related(
    bezoeker, action, known_kinds, django_assert_max_num_queries
):
    subtopics = list(Subtopic.objects.public())

    def relate(to):
        save_draft(action, lambda row: row.subtopics.set(to))
        publish(action, note="Verbanden gelegd")

    counts = {}
    relate(subtopics[:1])
    for page in ("/wijzigingen/", of(action)):
        with django_assert_max_num_queries(15) as few:
            bezoeker.get(page)
        counts[page] = len(few)
    for number in range(2, 12):
        relate(subtopics[:number])
    for page, count in counts.items():
        with django_assert_max_num_queries(count):
            bezoeker.get(page)
