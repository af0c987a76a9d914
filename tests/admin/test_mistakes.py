"""A form that was refused says which fields are wrong, with the way to each."""

import re

import pytest
from django.contrib.auth.models import User

from plan.models import Action, AnnualPlan, Passage
from tests.tooling.forms import posted
from themes.models import Indicator

pytestmark = pytest.mark.django_db
WRONG_DATE = "Voer een datum in, bijvoorbeeld 1 maart 2021 of 1-3-2021."
REQUIRED = "Dit veld is verplicht."


def refused(client, page, **changes):
    """Return the list above the form that comes back, as (id, words), and the page."""
    answer = client.post(page, posted(client.get(page), button="_save", **changes))
    shown = answer.content.decode()
    assert "Fout:" in shown
    (box,) = re.findall(r'<div class="mistakes"[^>]*>(.*?)</div>', shown, re.DOTALL)
    links = re.findall(r'<li>(?:<a href="#([^"]+)">)?(.*?)(?:</a>)?</li>', box)
    for target, _words in links:
        assert not target or f'id="{target}"' in shown
    return links, shown


def test_each_wrong_field_is_a_link_with_its_name_and_what_is_wrong(redacteur, jaarplan):
    action = Action.objects.public().first()
    page = f"/beheer/plan/action/{action.pk}/change/"
    links, shown = refused(redacteur, page, title="", start_date="morgen")
    assert links == [
        ("id_title", f"Titel: {REQUIRED}"),
        ("id_start_date", f"Begindatum: {WRONG_DATE}"),
    ]
    assert "Corrigeer de onderstaande fouten" in shown
    assert re.search(r'<div class="mistakes"[^>]* tabindex="-1" autofocus', shown)


@pytest.mark.parametrize("typed", ["\u200b", "\u00ad \ufeff", "\ufffe\x02", "\u200e\x0b"])
def test_a_text_in_which_nothing_is_seen_is_not_filled_in(typed, redacteur, jaarplan):
    action = Action.objects.public().first()
    links, _shown = refused(redacteur, form_of(action), title=typed, body=typed)
    assert ("id_title", f"Titel: {REQUIRED}") in links
    assert Action.objects.get(pk=action.pk).title == action.title


def test_an_action_and_a_passage_of_one_plan_share_no_place_on_its_page(redacteur, jaarplan):
    action, passage = Action.objects.first(), Passage.objects.first()
    links, _shown = refused(redacteur, form_of(passage), slug=action.slug)
    assert links == [
        ("id_slug", "Anker: Een actie van dit jaarplan heeft dit adres al. Kies een ander anker.")
    ]
    links, _shown = refused(redacteur, form_of(action), slug=passage.slug)
    assert links == [
        ("id_slug", "Adres: Een passage van dit jaarplan heeft dit anker al. Kies een ander adres.")
    ]


def test_an_action_and_a_passage_of_two_plans_may_have_the_same_name(redacteur, jaarplan):
    earlier = AnnualPlan.objects.create(year=2019, title="Eerder", multi_year_plan="x")
    passage = Passage.objects.create(plan=earlier, slug="x", heading="X", position=1)
    page = form_of(passage)
    data = posted(redacteur.get(page), button="_save", slug=Action.objects.first().slug)
    assert redacteur.post(page, data).status_code == 302


def form_of(obj):
    return f"/beheer/plan/{obj._meta.model_name}/{obj.pk}/change/"


def test_without_a_mistake_there_is_no_list(redacteur, jaarplan):
    page = f"/beheer/plan/action/{Action.objects.public().first().pk}/change/"
    assert 'class="mistakes"' not in redacteur.get(page).content.decode()


def test_a_row_within_a_form_is_named_by_its_number(redacteur, jaarplan):
    figure = Indicator.objects.filter(measurements__isnull=False).first()
    page = f"/beheer/themes/indicator/{figure.pk}/change/"
    links, _shown = refused(redacteur, page, **{"measurements-1-value": "veel"})
    ((target, words),) = links
    assert target == "id_measurements-1-value"
    assert words.startswith("Meting 2, Waarde: ")


def test_what_is_wrong_with_the_form_as_a_whole_is_in_the_list_too(redacteur, jaarplan):
    figure = Indicator.objects.filter(measurements__isnull=False).first()
    page = f"/beheer/themes/indicator/{figure.pk}/change/"
    first = posted(redacteur.get(page))
    same = {
        f"measurements-1-{name}": first[f"measurements-0-{name}"][0] for name in ("area", "period")
    }
    links, _shown = refused(redacteur, page, **same)
    assert links
    assert all(target for target, _words in links)


@pytest.mark.parametrize(
    ("page", "changes"),
    [
        ("/beheer/plan/progressreport/add/", {"deadline": "morgen"}),
        ("/beheer/auth/user/add/", {"username": ""}),
    ],
)
def test_forms_of_every_kind_have_it(beheerder, jaarplan, page, changes):
    links, _shown = refused(beheerder, page, **changes)
    assert f"id_{next(iter(changes))}" in dict(links)


def test_a_moment_leads_to_the_first_of_its_two_fields(beheerder):
    page = f"/beheer/auth/user/{User.objects.get().pk}/change/"
    links, _shown = refused(beheerder, page, date_joined_0="morgen")
    assert "id_date_joined_0" in dict(links)
