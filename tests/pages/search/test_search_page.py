"""The search page: groups, excerpts, filters, and that it follows what editors do at once."""

import re
from xml.etree import ElementTree

import pytest
from django.utils.html import strip_tags

from plan.models import Action, AnnualPlan, Passage, Status
from plan.progress.adoption import adopt
from tests.progress.conftest import make_round, report_row
from themes.models import Indicator, Subtopic, Synonym, Theme
from veiligalmere.editorial.publish import publish, withdraw
from veiligalmere.editorial.publishing import State
from veiligalmere.pages.search.current import CurrentIndex, current_index

pytestmark = pytest.mark.django_db

ACTION = "/jaarplan/2020/acties/straatintimidatie/"


def search(client, words, **filters):
    return client.get("/zoeken/", {"zoek": words, **filters})


def results(answer):
    return [one["url"] for group in answer.context["groups"] for one in group["results"]]


def publish_new(jaarplan, number=1, **fields):
    action = Action.objects.create(
        plan=jaarplan,
        theme=jaarplan.actions.first().theme,
        position=9000 + number,
        slug=f"nieuw-{number}",
        **{"title": f"Nieuw {number}", "body": "Een zeppelin.", **fields},
    )
    publish(action)
    return action


def test_results_are_grouped_by_kind_and_year(bezoeker):
    groups = search(bezoeker, "overlast").context["groups"]
    labels = [group["label"] for group in groups]
    assert labels == ["Onderwerpen", "Acties 2020", "Uit het jaarplan 2020", "Over deze site"]
    assert [group["total"] for group in groups] == [4, 6, 2, 1]


def test_long_group_shows_its_best_and_leads_to_the_rest(bezoeker):
    answer = search(bezoeker, "overlast")
    group = answer.context["groups"][1]
    assert len(group["results"]) == 5
    rest = bezoeker.get(group["more_url"])
    assert len(rest.context["groups"][0]["results"]) == group["total"] == 6


def test_words_are_marked_in_title_and_excerpt(bezoeker):
    text = search(bezoeker, "vuurwapens").content.decode()
    assert "<mark>(vuur)wapens</mark>" in text
    text = search(bezoeker, "inbraak").content.decode()
    assert "<mark>Woninginbraken</mark></a>" in text


def test_markup_in_content_is_shown_as_text(jaarplan, bezoeker):
    publish_new(jaarplan, title="<b>zeppelin</b>", body="<img src=x> zeppelin & co")
    text = search(bezoeker, "zeppelin").content.decode()
    assert "&lt;b&gt;<mark>zeppelin</mark>&lt;/b&gt;" in text
    assert "<img src=x>" not in text


def test_excerpt_has_the_words_of_a_list_without_its_marks(jaarplan, bezoeker):
    publish_new(
        jaarplan, body="## Kop\n\n- Een **zeppelin**\n    - Een [tweede](/a)\n1. Een *derde*"
    )
    text = search(bezoeker, "zeppelin").content.decode()
    assert ">Kop · Een <mark>zeppelin</mark> · Een tweede · Een derde</p>" in text


def excerpts(answer):
    """Return {title: excerpt} of the first group, as a visitor reads them."""
    return {
        strip_tags(one["title"]): strip_tags(one["excerpt"])
        for one in answer.context["groups"][0]["results"]
    }


def test_excerpt_of_a_subtopic_begins_with_what_it_is_about(bezoeker):
    found = excerpts(search(bezoeker, "politie", soort="onderwerpen"))
    assert found["Straatroven"].startswith("Valt onder: High impact crimes. Is er gevaar")
    assert found["Overlast op straat"].startswith("Valt hieronder: Drugs- en alcoholoverlast, ")
    only_help = [name for name, one in found.items() if one.startswith(("Bel de ", "Is er gevaar"))]
    assert only_help == ["Jaarwisseling"]  # of which nothing else is known
    found = excerpts(search(bezoeker, "cyberveiligheid", soort="onderwerpen"))
    assert found["Cybercrime"].startswith("Cybercriminaliteit is een relatief nieuwe vorm")


def test_introduction_of_a_subtopic_comes_first_and_its_help_last(bezoeker):
    subtopic = Subtopic.objects.get(slug="straatroven")
    subtopic.introduction = "Een **zeppelin** is groot."
    subtopic.save()
    publish(subtopic)
    found = excerpts(search(bezoeker, "zeppelin", soort="onderwerpen"))
    assert found["Straatroven"].startswith("Een zeppelin is groot. Is er gevaar of ziet u")


def test_subtopic_is_not_found_by_the_names_that_its_excerpt_begins_with(bezoeker):
    found = excerpts(search(bezoeker, "festivalplein", soort="onderwerpen"))
    assert list(found) == ["Festivalplein"]


def test_theme_is_not_said_to_belong_to_itself(bezoeker):
    text = search(bezoeker, "ondermijning", soort="themas").content.decode()
    assert '<article class="search-result' in text
    assert "search-result__where" not in text


def test_excerpt_of_a_long_text_is_where_most_of_the_words_are(jaarplan, bezoeker):
    lines = ["Een zeppelin.", *["Niets. " * 10] * 150, "Flamingo en zeppelin.", "Een zeppelin."]
    publish_new(jaarplan, body="\n\n".join(lines))
    text = search(bezoeker, "zeppelin flamingo").content.decode()
    assert ">… <mark>Flamingo</mark> en <mark>zeppelin</mark>. …</p>" in text


def test_words_of_one_kind_count_together(jaarplan, bezoeker):
    # Equals come as the plan has them, so that the first would lead if each counted alone.
    once = publish_new(jaarplan, 1, body="Een zeppelinloods. " + "Niets. " * 20)
    twice = publish_new(jaarplan, 2, body="Zeppelinloods en zeppelinhal. " + "Niets. " * 20)
    found = results(search(bezoeker, "zeppelin"))
    assert found == [twice.get_absolute_url(), once.get_absolute_url()]


def test_what_counts_in_a_text_is_the_word_itself_before_its_compounds(jaarplan, bezoeker):
    compound = publish_new(jaarplan, 1, body="Een zeppelinloods.")
    itself = publish_new(jaarplan, 2, body="Een zeppelin.")
    titled = publish_new(jaarplan, 3, title="De zeppelinloods", body="Een zeppelin.")
    found = results(search(bezoeker, "zeppelin"))
    assert found == [one.get_absolute_url() for one in (titled, itself, compound)]


def test_title_of_that_word_alone_comes_before_one_with_more_words(jaarplan, bezoeker):
    more = publish_new(jaarplan, 1, title="Onderzoek naar zeppelinhinder", body="Zeppelinhinder.")
    alone = publish_new(jaarplan, 2, title="Zeppelinhinder", body="Niets.")
    for words in ("zeppelinhinder", "zeppelin"):
        found = results(search(bezoeker, words))
        assert found == [one.get_absolute_url() for one in (alone, more)]


def test_order_of_those_with_all_words_is_that_of_the_sum(jaarplan, bezoeker):
    neither = publish_new(jaarplan, 1, body="Een zeppelin en een flamingo. " + "Niets. " * 20)
    second = publish_new(jaarplan, 2, title="De flamingo", body="Een zeppelin.")
    one = publish_new(jaarplan, 3, title="De zeppelin", body="Niets. Zeppelin, zeppelin!")
    found = results(search(bezoeker, "zeppelin flamingo"))
    assert found == [action.get_absolute_url() for action in (second, neither, one)]


def test_few_with_all_words_come_before_those_with_a_part_of_them(jaarplan, bezoeker):
    both = [publish_new(jaarplan, n, body="Een zeppelin. Een flamingo.") for n in (1, 2)]
    for number in range(3, 10):
        publish_new(jaarplan, number, title="De zeppelin", body="Zeppelin, zeppelin!")
    theme = Theme.objects.first()
    publish(Subtopic.objects.create(theme=theme, name="Flamingo’s", slug="flamingo", position=99))
    answer = search(bezoeker, "zeppelin flamingo")
    groups = answer.context["groups"]
    assert [one["url"] for one in groups[0]["results"]] == [one.get_absolute_url() for one in both]
    text = answer.content.decode()
    titles = re.findall(r'id="groep-[^"]*">([^<]+?) <', text)
    assert titles == ["Acties 2020", "Meer: Onderwerpen", "Meer: Acties 2020"]
    assert "Maar weinig pagina’s hebben al uw woorden." in text
    assert "Alle 9 in Acties 2020" in text
    rest = bezoeker.get(groups[2]["more_url"])
    assert len(results(rest)) == 9
    assert results(rest)[:2] == [one.get_absolute_url() for one in both]
    assert "Meer:" not in rest.content.decode()
    # A third with all words makes it enough.
    publish_new(jaarplan, 10, body="Een zeppelin. Een flamingo.")
    answer = search(bezoeker, "zeppelin flamingo")
    assert answer.context["total"] == 3
    assert "Maar weinig" not in answer.content.decode()


@pytest.mark.parametrize("param", ["soort", "thema", "jaar"])
def test_every_count_is_what_its_filter_shows(param, bezoeker):
    everything = search(bezoeker, "overlast")
    group = next(g for g in everything.context["filters"]["groups"] if g["param"] == param)
    assert group["options"]
    for option in group["options"]:
        shown = search(bezoeker, "overlast", **{param: option["value"]})
        assert shown.context["total"] == option["count"]
        assert f'value="{option["value"]}" checked' in shown.content.decode()


def test_filters_narrow_each_other_and_can_be_taken_off(bezoeker):
    answer = search(bezoeker, "overlast", soort="acties", thema="veilige-wijken")
    assert results(answer) == ["/jaarplan/2020/acties/aanpak-drank-en-drugsoverlast-op-straat/"]
    active = {one["label"]: one["remove_url"] for one in answer.context["filters"]["active"]}
    assert set(active) == {"Acties", "Veilige wijken"}
    assert bezoeker.get(active["Veilige wijken"]).context["total"] == 6


@pytest.mark.parametrize("query", ["soort=x", "thema=%00", "jaar=1999", "thema=" + "y" * 3000])
def test_filter_that_does_not_exist_is_refused_with_the_choices(query, bezoeker):
    answer = bezoeker.get(f"/zoeken/?zoek=overlast&{query}")
    assert answer.status_code == 404
    assert "bestaat de keuze" in answer.content.decode()
    assert "/zoeken/?zoek=overlast&amp;" in answer.content.decode()


def test_one_group_is_cut_in_pages(jaarplan, bezoeker):
    for number in range(21):
        publish_new(jaarplan, number)
    first = search(bezoeker, "zeppelin")
    second = search(bezoeker, "zeppelin", pagina="2")
    assert len(results(first)) == 20
    assert len(results(second)) == 1
    assert not set(results(first)) & set(results(second))
    for number in ("3", "0", "01", "x", "٣", "9" * 400):
        assert search(bezoeker, "zeppelin", pagina=number).status_code == 404


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Wat doet de gemeente tegen inbraak?", "inbraak"),
        ("wat doet de gemeente aan straatintimidatie", "straatintimidatie"),
        ("Hoeveel inbraken zijn er?", "inbraken"),
        ("ik wil weten wat er gedaan wordt aan hangjongeren", "hangjongeren"),
        ("Waar vind ik de cijfers?", "cijfers"),
        ("mijn buren maken lawaai", "buren lawaai"),
    ],
)
def test_a_question_finds_what_its_telling_word_finds(jaarplan, bezoeker, question, words):
    answer = search(bezoeker, question)
    assert results(answer) == results(search(bezoeker, words))
    assert "Geen enkele pagina heeft al uw woorden" not in answer.content.decode()


def test_a_synonym_may_name_the_municipality(jaarplan, bezoeker):
    Synonym.objects.create(words="loket gemeente\nvuurwapens")
    assert results(search(bezoeker, "loket gemeente"))
    assert results(search(bezoeker, "loket gemeente")) == results(search(bezoeker, "vuurwapens"))


def test_the_municipality_itself_can_be_looked_for(jaarplan, bezoeker):
    assert search(bezoeker, "de gemeente").context["total"] > 5


def test_published_is_found_at_once_and_withdrawn_no_more(jaarplan, bezoeker):
    assert search(bezoeker, "zeppelin").context["total"] == 0
    action = publish_new(jaarplan)
    assert results(search(bezoeker, "zeppelin")) == [action.get_absolute_url()]
    withdraw(action)
    assert search(bezoeker, "zeppelin").context["total"] == 0


def test_index_that_followed_many_changes_answers_as_a_new_one(jaarplan):
    worker = CurrentIndex()
    worker.get()
    # In the end more is gone than is there, so that it has begun anew meanwhile.
    for start in range(1, 161, 20):
        Action.objects.filter(slug__startswith="nieuw-").update(state=State.WITHDRAWN)
        Action.objects.bulk_create(
            Action(
                plan=jaarplan,
                theme=jaarplan.actions.first().theme,
                position=9000 + number,
                slug=f"nieuw-{number}",
                title=f"Nieuw {number}",
                body="zeppelin " * (number % 70)
                + "zeppelinloods " * (number % 5)
                + "veiligheid "
                + "niets " * number,
                state=State.PUBLISHED,
            )
            for number in range(start + 1, start + 20)
        )
        publish_new(jaarplan, start)
        ours, new = worker.get(), CurrentIndex().get()
        for query in ("zeppelin", "veiligheid zeppelin", "loods", "nieuw 7", "jeugd overlast"):
            assert ours.search(query) == new.search(query), query


def test_what_is_published_later_may_come_first_among_equals(jaarplan):
    worker = CurrentIndex()
    for number in (2, 1):  # their places in the plan
        publish_new(jaarplan, number)
        hits = worker.get().search("zeppelin").hits
    assert [one.title for one in hits] == ["Nieuw 1", "Nieuw 2"]


def test_each_worker_follows_what_another_published(jaarplan):
    worker, colleague = CurrentIndex(), CurrentIndex()
    assert worker.get().search("zeppelin").hits == []
    publish_new(jaarplan)
    assert len(colleague.get().search("zeppelin").hits) == 1
    assert len(worker.get().search("zeppelin").hits) == 1
    assert worker.get() is worker.get()


def test_newest_plan_comes_first_and_one_that_is_withdrawn_no_more(jaarplan, bezoeker):
    later = AnnualPlan.objects.create(year=2021, title="Jaarplan 2021", multi_year_plan="x")
    assert "/jaarplan/2021/" not in results(search(bezoeker, "jaarplan"))
    publish(later)
    for words in ("jaarplan", "jaarplan 2021"):
        assert results(search(bezoeker, words))[0] == "/jaarplan/2021/"
    assert results(search(bezoeker, "acties 2021"))[0] == "/jaarplan/2021/acties/"
    assert results(search(bezoeker, "jaarplan", jaar="2020"))[0] == "/jaarplan/2020/"
    withdraw(later)
    assert results(search(bezoeker, "jaarplan"))[0] == "/jaarplan/2020/"


@pytest.mark.parametrize("state", [State.CONCEPT, State.REVIEW, State.WITHDRAWN])
def test_what_is_not_public_is_not_found(state, jaarplan, bezoeker):
    Action.objects.filter(slug="straatintimidatie").update(state=state)
    current_index.forget()
    assert ACTION not in results(search(bezoeker, "straatintimidatie"))
    jaarplan.state = state
    jaarplan.save()
    current_index.forget()
    assert not [url for url in results(search(bezoeker, "floriade")) if "jaarplan" in url]


def test_a_subject_that_is_not_public_is_not_found_by_what_belongs_to_it(jaarplan, bezoeker):
    theme = Theme.objects.public().first()
    concept = Subtopic.objects.create(theme=theme, name="Zeppelinhinder", slug="z", position=99)
    Indicator.objects.public().filter(theme=theme).first().subtopics.add(concept)
    passage = Passage.objects.public().exclude(body="").filter(theme=theme).first()
    Passage.objects.filter(pk=passage.pk).update(heading="", subtopic=concept)
    current_index.forget()
    assert search(bezoeker, "zeppelinhinder").context["total"] == 0
    Subtopic.objects.filter(pk=concept.pk).update(state=State.PUBLISHED)
    current_index.forget()
    assert search(bezoeker, "zeppelinhinder").context["total"] >= 3


def test_editor_adds_a_synonym_and_it_works_at_once(beheerder, bezoeker):
    assert search(bezoeker, "luchtschip").context["total"] == 0
    form = {"words": " luchtschip \n\nFloriade\nluchtschip"}
    saved = beheerder.post("/beheer/themes/synonym/add/", form)
    assert saved.status_code == 302
    assert Synonym.objects.filter(words="luchtschip\nFloriade").exists()
    assert results(search(bezoeker, "luchtschip"))[0].endswith("/veiligheidsplan-floriade/")


def test_synonym_of_one_word_is_refused_in_dutch(beheerder):
    answer = beheerder.post("/beheer/themes/synonym/add/", {"words": "eenzaam\neenzaam"})
    assert answer.status_code == 200
    assert "Vul ten minste twee woorden in" in answer.content.decode()


def test_removed_synonym_works_no_more(beheerder, bezoeker):
    assert search(bezoeker, "hacken").context["total"]
    group = Synonym.objects.get(words__contains="hacken")
    beheerder.post(
        "/beheer/themes/synonym/",
        {"action": "delete_selected", "_selected_action": group.pk, "post": "yes"},
    )
    assert search(bezoeker, "hacken").context["total"] == 0


def test_search_is_in_the_header_of_every_page(bezoeker):
    text = bezoeker.get("/").content.decode()
    form = re.search(r'<form class="search-field[^>]*action="/zoeken/".*?</form>', text, re.DOTALL)
    assert 'name="zoek"' in form.group()


def test_search_page_is_not_kept_by_caches_nor_by_search_engines(bezoeker):
    answer = search(bezoeker, "overlast")
    assert "no-store" in answer.headers["Cache-Control"]
    assert '<meta name="robots" content="noindex">' in answer.content.decode()
    assert not answer.cookies


def test_browser_can_add_the_search(bezoeker, settings):
    assert 'type="application/opensearchdescription+xml" href="/opensearch.xml"' in (
        bezoeker.get("/").content.decode()
    )
    answer = bezoeker.get("/opensearch.xml")
    assert answer.headers["Content-Type"].startswith("application/opensearchdescription+xml")
    space = "{http://a9.com/-/spec/opensearch/1.1/}"
    root = ElementTree.fromstring(answer.content)  # noqa: S314 -- our own answer
    assert root.tag == f"{space}OpenSearchDescription"
    assert len(root.find(f"{space}ShortName").text) <= 16
    template = root.find(f"{space}Url").get("template")
    assert template == f"{settings.SITE_URL}/zoeken/?zoek={{searchTerms}}"
    page = template.removeprefix(settings.SITE_URL).replace("{searchTerms}", "caf%C3%A9")
    assert bezoeker.get(page).context["search_words"] == "café"


def test_queries_do_not_grow_once_the_index_is_made(
    jaarplan, bezoeker, django_assert_max_num_queries
):
    for number in range(30):
        publish_new(jaarplan, number)
    search(bezoeker, "zeppelin")
    with django_assert_max_num_queries(5):
        search(bezoeker, "zeppelin")


def test_queries_of_making_the_index_do_not_grow(jaarplan, bezoeker, django_assert_max_num_queries):
    for half in (1, 2):
        round_ = make_round(jaarplan, half)
        for number in range(15):
            action = publish_new(jaarplan, 15 * half + number)
            report_row(round_, action, Status.ON_TRACK)
        adopt(round_)
    current_index.forget()
    with django_assert_max_num_queries(31):
        search(bezoeker, "zeppelin")
