"""The list of actions: filters that combine, with true counts, in the query string."""

import csv
import io
import re

import pytest

from plan.models import Action, AnnualPlan
from themes.models import Synonym
from veiligalmere.editorial.content_version import raise_content_version
from veiligalmere.editorial.publishing import State

ACTIONS = "/jaarplan/2020/acties/"

pytestmark = pytest.mark.django_db


def titles(answer):
    return [action.title for action in answer.context["actions"]]


def option(answer, param, value):
    for group in answer.context["filters"]["groups"]:
        if group["param"] == param:
            return next(one for one in group["options"] if one["value"] == value)
    raise AssertionError(f"no filter {param}")


def test_all_actions_stand_in_the_plans_order(bezoeker):
    found = titles(bezoeker.get(ACTIONS))
    assert len(found) == 29
    assert found[0] == "Verdiepend onderzoek naar woninginbraken in Almere"
    assert found[-1] == "Tijdelijke samenvoeging meldkamers"


def test_every_count_is_what_choosing_it_shows(bezoeker):
    for start in (f"{ACTIONS}?", f"{ACTIONS}?thema=zorg-en-veiligheid&woorden=cybercrime"):
        answer = bezoeker.get(start)
        for group in answer.context["filters"]["groups"]:
            if any(one["selected"] for one in group["options"]):
                continue  # a second choice in a group widens the list
            for one in group["options"]:
                chosen = f"{start}&{group['param']}={one['value']}"
                assert bezoeker.get(chosen).context["total"] == one["count"], chosen


def test_filters_narrow_each_other(bezoeker):
    answer = bezoeker.get(f"{ACTIONS}?thema=ondermijning&werkwijze=bestuurlijke-aanpak")
    assert "Intensivering gebruik Wet Bibob" in titles(answer)
    assert all(action.theme.slug == "ondermijning" for action in answer.context["actions"])


def test_two_choices_in_one_group_widen_the_list(bezoeker):
    one = bezoeker.get(f"{ACTIONS}?thema=ondermijning").context["total"]
    other = bezoeker.get(f"{ACTIONS}?thema=rampenbestrijding").context["total"]
    both = bezoeker.get(f"{ACTIONS}?thema=ondermijning&thema=rampenbestrijding")
    assert both.context["total"] == one + other


@pytest.mark.parametrize(
    ("chosen", "is_open"), [((), False), (("drugs",), True), (("drugs", "radicalisering"), True)]
)
def test_large_group_is_open_while_anything_in_it_is_chosen(chosen, is_open, bezoeker):
    page = bezoeker.get(ACTIONS, {"onderwerp": chosen}).content.decode()
    group = re.search(r"<details([^>]*)>\s*<summary[^>]*>Onderwerp</summary>", page)[1]
    assert group.split() == ['class="filter-panel__group"', *(["open"] if is_open else [])]


def test_subtopic_stands_for_what_falls_under_it(bezoeker):
    answer = bezoeker.get(f"{ACTIONS}?onderwerp=high-impact-crimes")
    assert "Verdiepend onderzoek naar woninginbraken in Almere" in titles(answer)


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("WONINGINBRAKEN", "Verdiepend onderzoek naar woninginbraken in Almere"),
        ("enquete", "Veiligheidsmonitor 2019"),
        ("enquête stadsniveau", "Veiligheidsmonitor 2019"),
        ("cocaine", "Regioprogramma Straatwaarde(n)"),
        ("regio's", "Uitvoering geven aan samenwerkingsovereenkomst Veiligheidsregio’s en GGD’en"),
        ("COCAÏNE", "Regioprogramma Straatwaarde(n)"),
    ],
)
def test_words_are_found_whatever_their_case_and_accents(words, title, bezoeker):
    assert title in titles(bezoeker.get(ACTIONS, {"woorden": words}))


def test_every_word_has_to_be_there(bezoeker):
    assert bezoeker.get(ACTIONS, {"woorden": "straatintimidatie meldkamer"}).context["total"] == 0


def found_by_search(bezoeker, words):
    """Return the titles of the actions of 2020 that the search page finds by `words`."""
    answer = bezoeker.get("/zoeken/", {"zoek": words, "soort": "acties", "jaar": "2020"})
    groups = answer.context["groups"]
    return {re.sub(r"<[^>]+>", "", one["title"]) for group in groups for one in group["results"]}


@pytest.mark.parametrize(
    "words",
    [
        *("inbraak", "woninginbraak", "inbraken"),  # forms and compounds
        *("lawaai", "herrie"),  # synonyms
        "mes",  # which stands inside many a word
        "jeugd overlast",
        "Festivalplein",  # a label
    ],
)
def test_words_find_the_actions_that_the_search_finds(words, bezoeker):
    found = titles(bezoeker.get(ACTIONS, {"woorden": words}))
    assert found
    assert set(found) == found_by_search(bezoeker, words)
    positions = {one.title: one.position for one in Action.objects.public()}
    assert found == sorted(found, key=positions.get)


def test_words_find_what_editors_hold_for_the_same(bezoeker):
    assert bezoeker.get(ACTIONS, {"woorden": "kwikstaart"}).context["total"] == 0
    Synonym.objects.create(words="kwikstaart\nbrandweerkazerne")
    raise_content_version()
    found = titles(bezoeker.get(ACTIONS, {"woorden": "kwikstaart"}))
    assert found == ["Voorbereiding en bouw nieuwe brandweerkazerne"]


def test_words_find_actions_of_this_plan_only(jaarplan, bezoeker):
    other = AnnualPlan.objects.create(
        year=2019, title="Jaarplan 2019", multi_year_plan="x", state=State.PUBLISHED
    )
    theme = jaarplan.actions.first().theme
    Action.objects.create(
        plan=other,
        theme=theme,
        title="Oude inbraken",
        slug=jaarplan.actions.first().slug,
        body="Tekst.",
        position=1,
        state=State.PUBLISHED,
    )
    assert titles(bezoeker.get("/jaarplan/2019/acties/?woorden=inbraak")) == ["Oude inbraken"]
    assert "Oude inbraken" not in titles(bezoeker.get(f"{ACTIONS}?woorden=inbraak"))


def test_files_have_what_the_words_find(bezoeker):
    found = titles(bezoeker.get(f"{ACTIONS}?woorden=herrie"))
    answer = bezoeker.get("/jaarplan/2020/acties.csv?woorden=herrie")
    rows = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert [row["actie"] for row in rows] == found


def test_choices_of_one_name_in_two_filters_are_told_apart(bezoeker):
    answer = bezoeker.get(f"{ACTIONS}?onderwerp=festivalplein&plaats=festivalplein&stand=op-schema")
    labels = [tag["label"] for tag in answer.context["filters"]["active"]]
    assert labels == ["Onderwerp Festivalplein", "Plaats Festivalplein", "Op schema"]
    text = answer.content.decode()
    assert "<title>Acties in 2020: Onderwerp Festivalplein, Plaats Festivalplein, Op" in text
    assert "Haal weg: </span>Plaats Festivalplein" in text
    assert "<title>Acties in 2020: Festivalplein –" in (
        bezoeker.get(f"{ACTIONS}?plaats=festivalplein").content.decode()
    )


def test_words_that_are_too_many_are_said_to_be_left_out(bezoeker):
    eight = "de aanpak van drank en drugsoverlast op straat gemeente politie wijken jeugd overlast"
    for words in (f"{eight} inbraak messen eenhoorn", "a1 b2 c3 d4 e5 f6 g7 h8 eenhoorn"):
        text = bezoeker.get(ACTIONS, {"woorden": words}).content.decode()
        assert "U gebruikt te veel woorden. Wij zochten zonder: “" in text
        assert "“eenhoorn”." in text
    text = bezoeker.get(ACTIONS, {"woorden": "drank drugs"}).content.decode()
    assert "te veel woorden" not in text


def test_mistyped_word_finds_what_was_meant_and_says_so(bezoeker):
    answer = bezoeker.get(ACTIONS, {"woorden": "inbaak"})
    assert titles(answer) == titles(bezoeker.get(ACTIONS, {"woorden": "inbraak"}))
    text = " ".join(answer.content.decode().split())
    assert f'Bedoelde u <a href="{ACTIONS}?woorden=inbraak">inbraak</a>?' in text
    assert "Dit zijn de acties voor “inbraak”." in text


def test_word_that_stands_nowhere_finds_nothing_whatever_stands_beside_it(bezoeker):
    answer = bezoeker.get(ACTIONS, {"woorden": "inbraak zqxvwk"})
    assert answer.context["total"] == 0
    assert "Deze woorden staan nergens op de site: “zqxvwk”." in answer.content.decode()


def test_one_letter_is_too_little(bezoeker):
    answer = bezoeker.get(ACTIONS, {"woorden": "q"})
    assert answer.context["total"] == 0
    assert "Eén letter is te weinig om op te zoeken" in answer.content.decode()


@pytest.mark.parametrize("words", ["de", "het van de", "–!"])
def test_words_that_say_nothing_filter_nothing_and_are_told_of(words, bezoeker):
    answer = bezoeker.get(ACTIONS, {"woorden": words, "thema": "ondermijning"})
    plain = bezoeker.get(ACTIONS, {"thema": "ondermijning"})
    assert titles(answer) == titles(plain)
    assert "Met deze woorden kunnen wij niet zoeken" in answer.content.decode()
    assert "Met deze woorden kunnen wij niet zoeken" not in plain.content.decode()
    assert len(answer.context["filters"]["active"]) == 1
    assert answer.context["filters"]["words"] == words


def test_nothing_found_says_so_and_leads_back(bezoeker):
    answer = bezoeker.get(ACTIONS, {"woorden": "eenhoorn"})
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "Geen enkele actie" in text
    assert f'href="{ACTIONS}"' in text


def test_active_filters_can_be_taken_off_one_by_one(bezoeker):
    answer = bezoeker.get(f"{ACTIONS}?thema=ondermijning&woorden=bibob")
    active = {tag["label"]: tag["remove_url"] for tag in answer.context["filters"]["active"]}
    assert active == {
        "Ondermijning & georganiseerde criminaliteit": f"{ACTIONS}?woorden=bibob",
        "“bibob”": f"{ACTIONS}?thema=ondermijning",
    }


def test_each_filter_in_use_leads_to_the_list_without_it(bezoeker):
    answer = bezoeker.get(f"{ACTIONS}?thema=ondermijning&woorden=jeugd")
    assert option(answer, "thema", "ondermijning")["selected"]
    without_theme, without_words = answer.context["filters"]["active"]
    assert without_theme["remove_url"] == f"{ACTIONS}?woorden=jeugd"
    assert without_words["remove_url"] == f"{ACTIONS}?thema=ondermijning"


def test_long_list_is_cut_in_pages_that_keep_the_filters(jaarplan, bezoeker):
    theme = jaarplan.actions.first().theme
    for number in range(31):
        Action.objects.create(
            plan=jaarplan,
            theme=theme,
            title=f"Extra {number}",
            slug=f"extra-{number}",
            body="Overlast.",
            position=9000 + number,
            state=State.PUBLISHED,
        )
    first = bezoeker.get(f"{ACTIONS}?woorden=extra")
    second = bezoeker.get(f"{ACTIONS}?woorden=extra&pagina=2")
    assert "woorden=extra&amp;pagina=2" in first.content.decode()
    assert titles(first)[-1] == "Extra 29" or len(titles(first)) == 30
    assert not set(titles(first)) & set(titles(second))


@pytest.mark.parametrize("state", [State.CONCEPT, State.REVIEW, State.WITHDRAWN])
def test_what_is_not_published_is_nowhere(state, jaarplan, bezoeker):
    action = jaarplan.actions.get(slug="straatintimidatie")
    action.state = state
    action.save()
    for page in (
        ACTIONS,
        "/jaarplan/2020/",
        "/jaarplan/2020/volledig/",
        "/themas/veilige-wijken/",
        "/themas/veilige-wijken/straatintimidatie/",
    ):
        text = bezoeker.get(page).content.decode()
        assert "bewustwording over straatintimidatie" not in text
        assert "/acties/straatintimidatie/" not in text
    assert bezoeker.get(f"{ACTIONS}straatintimidatie/").status_code == (
        410 if state == State.WITHDRAWN else 404
    )
