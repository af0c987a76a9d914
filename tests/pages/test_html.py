"""The HTML of every public page: valid, with a title of its own, headings without gaps, small."""

import gzip
import re
from collections import Counter
from html import escape
from itertools import pairwise

import html5lib
import pytest
from django.utils.formats import date_format
from django.utils.timezone import localdate

from plan.carrying_over import carry_over
from plan.models import Passage
from plan.progress.adoption import adopt
from tests.browser.states import STATES
from tests.progress.conftest import make_round
from tests.tooling.crawl import crawl, with_client
from veiligalmere.editorial.publish import publish

pytestmark = pytest.mark.django_db

MAX_HTML = 14 * 1024  # bytes, compressed: what fits in the first round trip of a connection
EMBEDDED = "/insluiten/"  # shown within other sites, in the name of the page that they are of

_read = {}
_shown = set()


@pytest.fixture
def pages(bezoeker, one_version):
    """Every address in the sitemap, and each state of each template, with its HTML.

    Read once for all tests of this file: the content is the same for each of them.
    """
    if not _read:
        sitemap = bezoeker.get("/sitemap.xml").content.decode()
        paths = re.findall(r"<loc>https?://[^/]+(.+)</loc>", sitemap)
        for path in (*paths, *STATES.values()):
            answer = bezoeker.get(path)
            _read[path] = answer.content.decode()
            if answer.status_code == 200:
                _shown.add(path)
    return _read


def test_html_is_valid(pages):
    for path, html in pages.items():
        parser = html5lib.HTMLParser(strict=False)
        parser.parse(html)
        assert not parser.errors, f"{path}: {parser.errors[:3]}"
        ids = Counter(re.findall(r'\sid="([^"]*)"', html))
        assert not [one for one, count in ids.items() if count > 1], path
        references = set(re.findall(r'\s(?:for|aria-labelledby|aria-describedby)="([^"]+)"', html))
        missing = {one for reference in references for one in reference.split()} - set(ids)
        assert not missing, f"{path}: {missing}"


def test_every_page_has_a_title_and_a_description_of_its_own(pages):
    pages = {path: html for path, html in pages.items() if not path.startswith(EMBEDDED)}
    titles = Counter(
        re.search(r"<title>(.*?)</title>", html, re.DOTALL)[1] for html in pages.values()
    )
    assert all("Veilig Almere" in title for title in titles)
    paths = {path.partition("?")[0] for path in pages}
    assert len(titles) >= len(paths)
    for path, html in pages.items():
        assert html.count("<title>") == 1
        described = re.search(r'<meta name="description"[^>]* content="[^"]{20,300}">', html)
        assert described or path not in _shown, path


def title_of(html):
    return re.search(r"<title>(.*?)</title>", html, re.DOTALL)[1]


def test_no_two_pages_have_the_same_title(content, jaarplan, bezoeker, one_version):
    plan = carry_over(
        jaarplan, year=2021, title="Jaarplan Veiligheid 2021", multi_year_plan="x", actions=content
    )
    publish(plan)
    for action in plan.actions.all():
        publish(action)
    paths = {}
    for path, text in crawl(with_client(bezoeker)).items():
        if text.startswith("<!doctype html>"):
            paths.setdefault(title_of(text), []).append(path)
    assert sum(len(found) for found in paths.values()) > 2 * 2 * 29
    assert not {title: found for title, found in paths.items() if len(found) > 1}


def test_what_is_chosen_from_a_page_is_named_in_its_title(content, jaarplan, bezoeker):
    for number in range(21):
        content[0].summary = f"Samenvatting {number}."
        content[0].save()
        publish(content[0])
    adopt(make_round(jaarplan, half=2))
    today = date_format(localdate(), "j F Y")
    for address, title in {
        "/wijzigingen/": "Wijzigingen",
        "/wijzigingen/?pagina=2": "Wijzigingen, pagina 2",
        f"/jaarplan/2020/op/{localdate()}/": f"Jaarplan Veiligheid 2020 op {today}",
        "/voortgang/vergelijk/": "Rapportages 2020-1 en 2020-2 vergeleken",
    }.items():
        assert title_of(bezoeker.get(address).text) == f"{title} – Veilig Almere"


def test_headings_descend_without_a_gap(pages):
    for path, html in pages.items():
        levels = [int(level) for level in re.findall(r"<h([1-6])[\s>]", html)]
        assert levels.count(1) == 1, path
        assert levels[0] == 1, path
        for before, after in pairwise(levels):
            assert after <= before + 1, f"{path}: h{before} then h{after}"


def test_headings_within_the_texts_of_a_plan_skip_no_level(content, jaarplan, bezoeker):
    text = "Vooraf.\n\n# Kop?\n\n## h2\n\nMeer."
    passages = list(Passage.objects.public().of_plan(jaarplan))
    for piece in (*content, *passages):
        piece.body = text
        piece.save()
        publish(piece)
    addresses = {
        "/jaarplan/2020/volledig/": len(content) + len(passages),
        f"/jaarplan/2020/op/{localdate()}/": len(content) + len(passages),
        "/jaarplan/2020/": 1,
        "/themas/veilige-wijken/": 1,
        "/themas/ondermijning/": 1,  # with a kader
        "/themas/rampenbestrijding/": 1,
        "/themas/veilige-wijken/woninginbraken/": 1,
        "/jaarplan/2020/acties/cyber-24/": 2,  # with a passage that governs it
    }
    for address, texts in addresses.items():
        html = bezoeker.get(address).text
        headings = re.findall(r"<h([1-6])[^>]*>(.*?)</h", html)
        assert [words for _level, words in headings].count("h2") >= texts, address
        for (before, _), (after, words) in pairwise(headings):
            assert int(after) <= int(before) + 1, f"{address}: h{before} then h{after} {words}"
            if words == "h2":
                assert int(after) == min(int(before) + 1, 6), address


def test_language_is_declared(pages):
    assert all('<html lang="nl">' in html for html in pages.values())


def test_each_page_names_its_canonical_address(pages, settings):
    for path in _shown:
        if path.startswith(EMBEDDED):
            continue
        address = f"{settings.SITE_URL}{path.partition('?')[0]}"
        assert f'<link rel="canonical" href="{address}">' in pages[path], path


@pytest.mark.parametrize(
    "address",
    [
        "/jaarplan/2020/acties/?thema=ondermijning&werkwijze=bestuurlijke-aanpak",
        "/jaarplan/2020/acties/?woorden=%22%3E%3Cb%3E&thema=ondermijning",
        "/ontwikkelingen/?soort=publicatie",
        "/zoeken/?zoek=overlast&soort=acties",
        "/zoeken/?zoek=overlast+%26+drugs",
    ],
)
def test_what_is_printed_ends_with_the_address_of_just_this(address, bezoeker, settings):
    text = bezoeker.get(f"{address}&utm_source=elders").content.decode()
    assert f'only-print">{settings.SITE_URL}{escape(address)}</p>' in text
    canonical = settings.SITE_URL + address.partition("?")[0]
    assert f'<link rel="canonical" href="{canonical}">' in text


def test_html_fits_in_one_round_trip(pages):
    sizes = {path: len(gzip.compress(html.encode(), 9)) for path, html in pages.items()}
    del sizes["/jaarplan/2020/volledig/"]
    heavy = {path: size for path, size in sizes.items() if size > MAX_HTML}
    assert not heavy


def test_no_page_has_a_style_or_script_of_its_own(pages):
    for path, html in pages.items():
        assert "<script" not in html, path
        assert "<style" not in html, path
        assert not re.search(r"\s(style|on[a-z]+)=\"", html), path


@pytest.mark.parametrize("path", ["/zoeken/?zoek=overlast", "/jaarplan/2020/acties/?woorden=de"])
def test_answers_that_the_page_cache_does_not_keep_are_compressed_too(path, bezoeker):
    answer = bezoeker.get(path, headers={"Accept-Encoding": "gzip"})
    assert answer["Content-Encoding"] == "gzip"
    assert len(answer.content) <= MAX_HTML
    assert "Accept-Encoding" in answer["Vary"]
