"""Before publishing the advice is shown once more; only a missing alternative text is a lock."""

from datetime import timedelta

import pytest
from django.utils import timezone

from plan.models import Action
from tests.editorial.pictures import stored_image
from tests.tooling.drafts import writing
from tests.tooling.forms import posted
from veiligalmere.editorial.publish import save_draft
from veiligalmere.editorial.versions import draft_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
LONG = "Dit is een zin van " + " ".join(["meer"] * 25) + " dan genoeg woorden."
STUMBLES = f"""## Kop

#### Te diep

[Klik hier](https://elders.example) of [https://elders.example/pagina](https://elders.example).

{LONG}

Zie [de oude pagina](/bestaat-niet/)."""
NO_WORDS = "Zin.\n\n![](https://elders.example/foto.png)"


@pytest.fixture
def action(jaarplan):
    """A published action."""
    return Action.objects.public().first()


def judge(action):
    return f"/beheer/plan/action/{action.pk}/beoordelen/"


def draft(action, body):
    """Save a draft of the action with this text."""
    save_draft(action, writing(body=body))


def text(response):
    return " ".join(response.content.decode().split())


def publish(client, action, button="publiceren", **fields):
    """Press the button of the page on which is judged, and return the answer."""
    page = client.get(judge(action))
    fields = {"publiceren-minor": "on", **fields}
    data = posted(page, form="publiceren", button=button, **fields)
    return client.post(judge(action), data, follow=True)


def test_all_that_a_reader_would_stumble_over_is_shown_with_its_place(eindredacteur, action):
    draft(action, STUMBLES)
    shown = text(eindredacteur.get(judge(action)))
    assert "Waar een lezer over struikelt" in shown
    for words in (
        "regel 3: Na een kop van niveau 2 volgt hier niveau 4",
        "<q>Klik hier</q>",
        "<q>https://elders.example/pagina</q>",
        "regel 7: ",
        "/bestaat-niet/",
    ):
        assert words in shown, words
    assert "Eerst oplossen" not in shown


def test_a_text_without_faults_shows_no_list(eindredacteur, action):
    draft(action, "Een goede zin.")
    assert "struikelt" not in text(eindredacteur.get(judge(action)))


def test_advice_is_no_lock(eindredacteur, bezoeker, action):
    draft(action, STUMBLES)
    assert "dit staat nu op de site" in text(publish(eindredacteur, action))
    assert "de oude pagina" in text(bezoeker.get(action.get_absolute_url()))


def test_a_missing_alternative_text_is_a_lock_that_says_why(eindredacteur, bezoeker, action):
    before = text(bezoeker.get(action.get_absolute_url()))
    draft(action, NO_WORDS)
    assert "Eerst oplossen: zo kunt u niet publiceren." in text(eindredacteur.get(judge(action)))
    assert "geen alternatieve tekst" in text(publish(eindredacteur, action))
    assert draft_of(action).content["fields"]["body"] == NO_WORDS
    assert text(bezoeker.get(action.get_absolute_url())) == before


def test_it_is_a_lock_on_planning_too(eindredacteur, action):
    draft(action, NO_WORDS)
    moment = timezone.localtime(timezone.now() + timedelta(days=2))
    planned = {"publiceren-moment": f"{moment:%Y-%m-%dT%H:%M}"}
    assert "geen alternatieve tekst" in text(publish(eindredacteur, action, "plannen", **planned))
    assert draft_of(action).publish_at is None
    draft(action, f"Zin.\n\n{stored_image().markdown}")
    assert "Dit wordt gepubliceerd op" in text(publish(eindredacteur, action, "plannen", **planned))
    assert draft_of(action).publish_at is not None


def test_a_draft_with_a_missing_alternative_text_is_saved_and_submitted_all_the_same(
    redacteur, action
):
    draft(action, "Een goede zin.")
    page = f"/beheer/plan/action/{action.pk}/change/"
    data = posted(redacteur.get(page), button="_indienen", body=NO_WORDS)
    redacteur.post(page, data, follow=True)
    assert draft_of(action).content["fields"]["body"] == NO_WORDS
    assert draft_of(action).get_draft_state_display() == "ter beoordeling"


def in_bulk(client, action, step):
    """Ask on the page for many what `step` would do with the action, and return the answer."""
    page = f"/beheer/plan/action/in-bulk/?gekozen={action.pk}"
    return client.post(page, posted(client.get(page), form="step", step=step, minor="on"))


def test_what_is_published_in_bulk_is_advised_on_before(eindredacteur, action):
    draft(action, STUMBLES)
    shown = text(in_bulk(eindredacteur, action, "publiceren"))
    assert "Waar een lezer over struikelt" in shown
    assert "regel 7: " in shown
    assert "/bestaat-niet/" in shown
    assert "struikelt" not in text(in_bulk(eindredacteur, action, "indienen"))


def test_a_link_to_what_a_rehearsal_publishes_does_not_count_as_leading_somewhere(
    eindredacteur, action
):
    new = Action.objects.create(
        plan=action.plan, theme=action.theme, title="Nieuw", slug="nieuw", body="T", position=1
    )
    draft(action, f"Zie [de nieuwe actie]({new.get_absolute_url()}).")
    page = f"/beheer/plan/action/in-bulk/?gekozen={action.pk},{new.pk}"
    data = posted(eindredacteur.get(page), form="step", step="publiceren", minor="on")
    for _look in range(2):
        assert new.get_absolute_url() in text(eindredacteur.post(page, data))
        assert "struikelt" in text(eindredacteur.post(page, data))


def test_a_text_with_a_lock_is_skipped_in_bulk_with_the_reason(eindredacteur, action):
    draft(action, NO_WORDS)
    shown = text(in_bulk(eindredacteur, action, "publiceren"))
    assert "Dit wordt overgeslagen" in shown
    assert "geen alternatieve tekst" in shown
