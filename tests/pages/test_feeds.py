"""Atom feeds: what stands in them, that they are valid, and that they can be found."""

import re
from datetime import datetime
from xml.etree import ElementTree

import pytest

from plan.models import Action, Development, ProgressUpdate
from themes.models import Subtopic, Theme
from veiligalmere.editorial.publish import publish, withdraw
from veiligalmere.editorial.publishing import State

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
ACTION = "/feeds/acties/2020/straatintimidatie.atom"
SUBTOPIC = "/feeds/onderwerpen/straatintimidatie.atom"
THEME = "/feeds/themas/veilige-wijken.atom"
OTHERS = ["/feeds/themas/zorg-en-veiligheid.atom", "/feeds/onderwerpen/woonoverlast.atom"]
FEEDS = [
    "/feeds/alles.atom",
    "/feeds/wijzigingen.atom",
    "/feeds/ontwikkelingen.atom",
    "/feeds/voortgangsrapportages.atom",
    *(THEME, SUBTOPIC, ACTION),
]


@pytest.fixture
def action(db):
    return Action.objects.get(slug="straatintimidatie")


def read(client, address):
    """Return the feed as an element, after checking what RFC 4287 asks of every feed."""
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ElementTree.fromstring(answer.content)  # noqa: S314 -- our own answer
    assert root.tag == f"{ATOM}feed"
    for element in [root, *root.findall(f"{ATOM}entry")]:
        for name in ("id", "title", "updated"):
            assert len(element.findall(f"{ATOM}{name}")) == 1
            assert element.findtext(f"{ATOM}{name}").strip()
        for name in ("updated", "published"):
            for moment in element.findall(f"{ATOM}{name}"):
                assert datetime.fromisoformat(moment.text).tzinfo
        assert re.fullmatch(r"tag:[\w.-]+,2020:\S+", element.findtext(f"{ATOM}id"))
    assert root.find(f"{ATOM}author/{ATOM}name").text == "Gemeente Almere"
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links["self"].endswith(address)
    assert client.get("/" + links["alternate"].split("/", 3)[3]).status_code == 200
    identifiers = [entry.findtext(f"{ATOM}id") for entry in root.findall(f"{ATOM}entry")]
    assert len(identifiers) == len(set(identifiers))
    return root


def titles(client, address):
    return [entry.findtext(f"{ATOM}title") for entry in read(client, address).iter(f"{ATOM}entry")]


@pytest.mark.parametrize("address", FEEDS)
def test_every_feed_is_valid_and_of_moments_that_descend(address, action, bezoeker):
    publish(action, note="Datum verzet & <b>toegelicht</b>")
    moments = [
        entry.findtext(f"{ATOM}updated") for entry in read(bezoeker, address).iter(f"{ATOM}entry")
    ]
    assert moments == sorted(moments, key=datetime.fromisoformat, reverse=True)


def test_change_is_told_with_its_note_where_it_belongs(action, bezoeker):
    publish(action, note="Datum verzet & <b>toegelicht</b>")
    title = "Gewijzigd: Straatintimidatie"
    for address in ("/feeds/alles.atom", "/feeds/wijzigingen.atom", THEME, SUBTOPIC, ACTION):
        assert title in titles(bezoeker, address), address
    for address in [*OTHERS, "/feeds/ontwikkelingen.atom"]:
        assert title not in titles(bezoeker, address), address
    entry = next(read(bezoeker, ACTION).iter(f"{ATOM}entry"))
    assert entry.findtext(f"{ATOM}summary") == "Datum verzet & <b>toegelicht</b>"
    assert entry.find(f"{ATOM}link").get("href").endswith(action.get_absolute_url())


def test_small_change_and_first_publication_are_no_news(action, bezoeker):
    assert titles(bezoeker, "/feeds/wijzigingen.atom") == []
    publish(action, note="Spelfout", minor=True)
    assert titles(bezoeker, "/feeds/wijzigingen.atom") == []


def test_development_is_told_on_what_it_is_about(action, bezoeker):
    development = Development.objects.create(title="Nieuws", slug="x", year=2020, lead="Kort.")
    development.actions.add(action)
    assert "Nieuws" not in titles(bezoeker, ACTION)
    publish(development)
    for address in ("/feeds/alles.atom", "/feeds/ontwikkelingen.atom", THEME, SUBTOPIC, ACTION):
        assert "Nieuws" in titles(bezoeker, address), address
    for address in OTHERS:
        assert "Nieuws" not in titles(bezoeker, address), address
    withdraw(development)
    assert "Nieuws" not in titles(bezoeker, "/feeds/alles.atom")


def test_progress_is_told_on_its_action(action, bezoeker):
    update = ProgressUpdate.objects.create(
        action=action, status="op-schema", explanation="De app blijft.", reported_on="2020-06-01"
    )
    publish(update)
    title = "Straatintimidatie: op schema"
    for address in ("/feeds/alles.atom", THEME, SUBTOPIC, ACTION):
        found = [one.casefold() for one in titles(bezoeker, address)]
        assert title.casefold() in found, address
    assert titles(bezoeker, "/feeds/voortgangsrapportages.atom") == []


def test_what_a_subtopic_holds_is_told_on_its_parent(bezoeker):
    child = Subtopic.objects.get(slug="woninginbraken")
    publish(child, note="Nieuw")
    assert "Gewijzigd: Woninginbraken" in titles(
        bezoeker, "/feeds/onderwerpen/high-impact-crimes.atom"
    )
    assert "Gewijzigd: Woninginbraken" not in titles(
        bezoeker, "/feeds/onderwerpen/straatroven.atom"
    )


def test_text_that_xml_can_not_hold_breaks_no_feed(bezoeker):
    development = Development.objects.create(
        title="Nieuws \x0b\ufffe]]> & <b>", slug="x", year=2020, lead="\x01\x1f"
    )
    publish(development)
    assert "Nieuws ]]> & <b>" in titles(bezoeker, "/feeds/ontwikkelingen.atom")


def test_unchanged_feed_is_answered_with_304(action, bezoeker):
    first = bezoeker.get(ACTION)
    again = bezoeker.get(ACTION, headers={"if-none-match": first.headers["ETag"]})
    assert again.status_code == 304
    assert again.content == b""
    publish(action, note="Nieuw")
    changed = bezoeker.get(ACTION, headers={"if-none-match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]


@pytest.mark.parametrize(
    ("page", "feed"),
    [
        ("/", "/feeds/alles.atom"),
        ("/themas/veilige-wijken/", THEME),
        ("/themas/veilige-wijken/straatintimidatie/", SUBTOPIC),
        ("/jaarplan/2020/acties/straatintimidatie/", ACTION),
        ("/ontwikkelingen/", "/feeds/ontwikkelingen.atom"),
        ("/wijzigingen/", "/feeds/wijzigingen.atom"),
    ],
)
def test_feed_can_be_discovered_from_its_page(page, feed, bezoeker):
    text = bezoeker.get(page).content.decode()
    head, body = text.split("</head>")
    assert f'<link rel="alternate" type="application/atom+xml" href="{feed}"' in head
    # In words, with what a feed is, one link further.
    main = body[body.index("<main") :]
    way = re.search(r'href="(/volgen/[^"]*)"', main if page != "/" else body)[1]
    assert f'href="{feed}"' in bezoeker.get(way).content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "/feeds/bestaat-niet.atom",
        "/feeds/themas/x.atom",
        "/feeds/onderwerpen/x.atom",
        "/feeds/acties/2020/x.atom",
        "/feeds/acties/1999/straatintimidatie.atom",
    ],
)
def test_feed_of_what_does_not_exist_is_not_found(address, bezoeker):
    assert bezoeker.get(address).status_code == 404


def test_feed_of_what_is_withdrawn_is_gone(bezoeker):
    Theme.objects.filter(slug="veilige-wijken").update(state=State.WITHDRAWN)
    assert bezoeker.get(THEME).status_code == 410


@pytest.mark.parametrize("address", FEEDS)
def test_queries_of_a_feed_do_not_grow(
    address, action, one_version, bezoeker, django_assert_max_num_queries
):
    for number in range(5):
        publish(action, note=f"{number}")
        publish(
            Development.objects.create(title=f"{number}", slug=f"x-{number}", year=2020, lead="x")
        )
    with django_assert_max_num_queries(19):
        bezoeker.get(address)
