"""The page of terms, and the links to it at the first use of a term on a page."""

import re

import pytest

from plan.models import Action, Passage
from themes.models import Term
from veiligalmere.editorial.publish import publish, withdraw
from veiligalmere.pages.terms import TermLinks

pytestmark = pytest.mark.django_db

JIT = "/jaarplan/2020/acties/opvolging-evaluatieonderzoek-jit/"


def links(answer):
    return re.findall(r'<a href="(/begrippen/#[^"]+)">([^<]+)</a>', answer.content.decode())


def test_every_term_has_its_meaning_and_a_source(bezoeker):
    text = bezoeker.get("/begrippen/").content.decode()
    for term in Term.objects.public():
        assert f'id="{term.slug}"' in text
        assert f'href="{term.source_url}"' in text
    assert "Regionaal informatie en expertisecentrum" in text


def test_terms_stand_in_alphabetical_order_whatever_their_case(bezoeker):
    names = [term.name for term in bezoeker.get("/begrippen/").context["terms"]]
    assert names == sorted(names, key=str.lower)
    assert names.index("driehoek") < names.index("JIT") < names.index("top X")


def test_expansion_given_as_the_plans_own_stands_in_the_plan(jaarplan):
    words = [*Action.objects.values_list("body", "heading"), *Passage.objects.values_list("body")]
    plan = " ".join(" ".join(row) for row in words).lower()
    for term in Term.objects.filter(source="Jaarplan Veiligheid 2020").exclude(meaning=""):
        assert term.meaning.lower() in plan


def test_every_source_on_this_site_is_a_page(bezoeker):
    for term in Term.objects.filter(source_url__startswith="/"):
        assert bezoeker.get(term.source_url.partition("#")[0]).status_code == 200


def test_only_the_first_use_on_a_page_is_a_link(bezoeker):
    answer = bezoeker.get(JIT)
    assert answer.content.decode().count("JIT") > 3
    assert [url for url, _text in links(answer)].count("/begrippen/#jit") == 1


def test_whole_plan_links_each_term_once_and_keeps_its_words(bezoeker):
    answer = bezoeker.get("/jaarplan/2020/volledig/")
    targets = [url for url, _text in links(answer)]
    assert len(targets) == len(set(targets)) > 10
    assert 'de <a href="/begrippen/#driehoek">driehoek</a>' in (answer.content.decode())


def test_new_term_is_linked_at_once_and_withdrawn_no_more(bezoeker):
    term = Term(name="burenrechter", slug="burenrechter", meaning="x", source="y", source_url="/")
    term.save()
    page = "/jaarplan/2020/acties/verkennen-geschillencommissie-burenruzies/"
    assert ("/begrippen/#burenrechter", "burenrechter") not in links(bezoeker.get(page))
    publish(term)
    assert ("/begrippen/#burenrechter", "burenrechter") in links(bezoeker.get(page))
    withdraw(term)
    assert ("/begrippen/#burenrechter", "burenrechter") not in links(bezoeker.get(page))


def test_page_with_a_letter_that_only_looks_like_one_of_a_term_is_shown(jaarplan, bezoeker):
    action = jaarplan.actions.get(slug="straatintimidatie")
    action.body = "De dr\u0131ehoek komt bijeen. De driehoek besluit."
    action.save()
    answer = bezoeker.get(action.get_absolute_url())
    assert "De dr\u0131ehoek komt bijeen." in answer.content.decode()
    assert ("/begrippen/#driehoek", "driehoek") in links(answer)


def make(name, **fields):
    return Term(pk=1, name=name, slug="woord", **fields)


@pytest.mark.parametrize(
    ("html", "name", "linked"),
    [
        ('<div class="prose"><p>Het JIT.</p></div>', "JIT", "JIT"),
        ('<div class="prose prose--lead"><p>JIT</p></div>', "JIT", "JIT"),
        ('<div class="prose"><div><p>x</p></div><p>JIT</p></div>', "JIT", "JIT"),
        ('<div class="prose"><p>Driehoek en driehoek</p></div>', "driehoek", "Driehoek"),
        ('<div class="prose"><p>a &amp; R&amp;B-cel</p></div>', "R&B-cel", "R&amp;B-cel"),
        ('<div class="prose"><p>jit</p></div>', "JIT", None),
        # What Unicode takes for the same letter in another case.
        ('<div class="prose"><p>dr\u0131ehoek</p></div>', "driehoek", None),
        ('<div class="prose"><p>DR\u0130EHOEK</p></div>', "driehoek", None),
        ('<div class="prose"><p>driehoek</p></div>', "dr\u0131ehoek", None),
        ('<div class="prose"><p>\u017ftip</p></div>', "stip", "\u017ftip"),
        ('<div class="prose"><p>\u212aern</p></div>', "kern", "\u212aern"),
        ('<div class="prose"><p>JITTER en A-JIT-B</p></div>', "JIT", None),
        ('<div class="prose"><h3>JIT</h3></div>', "JIT", None),
        ('<div class="prose"><p><a href="/"><em>JIT</em></a></p></div>', "JIT", None),
        ('<div class="prose"><p><code>JIT</code></p></div>', "JIT", None),
        ('<div class="prose"><img alt="JIT"></div>', "JIT", None),
        ('<div class="prose"></div><p>JIT</p>', "JIT", None),
        ('<p>JIT</p><div class="prose">x</div>', "JIT", None),
        ('<div class="prose"><p>&amp;</p></div>', "amp", None),
        # The signs of a search pattern are letters like others.
        ('<div class="prose"><p>JIT en J.T</p></div>', "J.T", "J.T"),
        ('<div class="prose"><p>Alles is tekst</p></div>', ".*", None),
        ('<div class="prose"><p>Een (on)bekende</p></div>', "(on)bekende", "(on)bekende"),
        ('<div class="prose"><p>Een (on</p></div>', "(on", "(on"),
    ],
)
def test_link_stands_only_in_running_text_on_the_whole_word(html, name, linked):
    result = TermLinks([make(name)]).put_in(html)
    found = re.findall(r'<a href="/begrippen/#woord">([^<]+)</a>', result)
    assert found == ([linked] if linked else [])
    assert re.sub(r'<a href="/begrippen/#woord">([^<]*)</a>', r"\1", result) == html


def test_longest_spelling_wins():
    html = '<div class="prose"><p>de top X-aanpak</p></div>'
    terms = [make("top X", other_names="top X-aanpak")]
    assert ">top X-aanpak</a>" in TermLinks(terms).put_in(html)


@pytest.mark.parametrize("order", [1, -1])
def test_of_terms_that_differ_in_case_the_one_that_is_written_so_wins(order):
    terms = [Term(pk=1, name="BIT", slug="groot"), Term(pk=2, name="bit", slug="klein")][::order]
    for written, slug in (("BIT", "groot"), ("bit", "klein"), ("Bit", "klein")):
        result = TermLinks(terms).put_in(f'<div class="prose"><p>Een {written}.</p></div>')
        assert f'<a href="/begrippen/#{slug}">{written}</a>' in result


def test_term_is_found_by_its_meaning(bezoeker):
    answer = bezoeker.get("/zoeken/", {"zoek": "jeugdinterventieteam"})
    groups = {group["key"]: group for group in answer.context["groups"]}
    assert groups["begrippen"]["results"][0]["url"] == "/begrippen/#jit"


def test_term_without_meaning_or_with_a_strange_source_is_refused_in_dutch(beheerder):
    form = {"name": "x", "slug": "x", "source": "y", "source_url": "javascript:alert(1)"}
    answer = beheerder.post("/beheer/themes/term/add/", form)
    text = answer.content.decode()
    assert "Vul in waar de letters voor staan" in text
    assert "Begin met https://" in text
    assert not Term.objects.filter(name="x").exists()
