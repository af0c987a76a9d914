"""Atom feeds: what stands in them, that they are valid, and that they can be found."""

import re
from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest
from django.utils import timezone

from plan.carrying_over import carry_over
from plan.models import Action, AnnualPlan, Development, Passage, ProgressUpdate
from plan.progress.adoption import add_erratum, adopt
from tests.progress.conftest import make_round, publish_update, report_row
from tests.tooling.drafts import writing
from themes.models import Indicator, Subtopic, Term, Theme
from veiligalmere.editorial.blackout import black_out
from veiligalmere.editorial.publish import publish, save_draft, withdraw
from veiligalmere.editorial.publishing import State
from veiligalmere.editorial.versions import Version

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


@pytest.mark.parametrize("address", FEEDS)
def test_what_the_site_was_filled_with_is_not_told(address, bezoeker):
    assert [one for one in titles(bezoeker, address) if one.startswith(("Nieuw:", "Gewij"))] == []


def test_small_change_and_first_publication_are_no_change(action, bezoeker):
    publish(action, note="Spelfout", minor=True)
    added(Term, name="Nieuw begrip", slug="nieuw-begrip", meaning="x", source="x", source_url="/")
    assert titles(bezoeker, "/feeds/wijzigingen.atom") == []


def added(model, **fields):
    """Publish a new object as an editor does: first a draft, then public."""
    one = model.objects.create(**fields)
    save_draft(one, lambda row: row.save())
    publish(one)
    return one


def new_action(plan, slug="nieuwe-actie", **fields):
    """Publish a new action on street intimidation."""
    fields = {"title": "Nieuwe actie", "body": "Tekst.", "position": 9000, **fields}
    theme = Theme.objects.get(slug="veilige-wijken")
    one = added(Action, plan=plan, theme=theme, slug=slug, **fields)
    one.subtopics.add(Subtopic.objects.get(slug="straatintimidatie"))
    return one


def test_new_action_is_told_where_it_belongs(jaarplan, bezoeker):
    one = new_action(jaarplan)
    own = "/feeds/acties/2020/nieuwe-actie.atom"
    for address in ("/feeds/alles.atom", THEME, SUBTOPIC, own):
        assert titles(bezoeker, address).count("Nieuw: Nieuwe actie") == 1, address
    for address in [*OTHERS, "/feeds/wijzigingen.atom", ACTION]:
        assert "Nieuw: Nieuwe actie" not in titles(bezoeker, address), address
    entry = next(read(bezoeker, own).iter(f"{ATOM}entry"))
    assert entry.find(f"{ATOM}link").get("href").endswith(one.get_absolute_url())
    withdraw(one)
    assert "Nieuw: Nieuwe actie" not in titles(bezoeker, "/feeds/alles.atom")


def test_what_comes_back_is_told_as_a_change(jaarplan, bezoeker):
    one = new_action(jaarplan)
    withdraw(one)
    publish(one, note="Terug")
    assert titles(bezoeker, THEME)[:2] == ["Gewijzigd: Nieuwe actie", "Nieuw: Nieuwe actie"]


def test_new_figure_subtopic_and_term_are_told(bezoeker, eindredacteur):
    theme = Theme.objects.get(slug="veilige-wijken")
    subtopic = added(Subtopic, theme=theme, name="Nieuw onderwerp", slug="nieuw", position=99)
    figure = Indicator.objects.create(
        theme=theme, name="Nieuw cijfer", slug="nieuw", unit="aantal", source="x", source_url="x"
    )
    figure.subtopics.add(subtopic)
    publish(figure, by=eindredacteur.user)  # made and published by an editor at once
    added(Term, name="Nieuw begrip", slug="nieuw-begrip", meaning="x", source="x", source_url="/")
    everything = {"Nieuw: Nieuw cijfer", "Nieuw: Nieuw onderwerp", "Nieuw: Nieuw begrip"}
    assert everything <= set(titles(bezoeker, "/feeds/alles.atom"))
    on_theme = everything - {"Nieuw: Nieuw begrip"}
    assert everything & set(titles(bezoeker, THEME)) == on_theme
    assert everything & set(titles(bezoeker, "/feeds/onderwerpen/nieuw.atom")) == on_theme
    assert not everything & set(titles(bezoeker, OTHERS[0]))


def test_new_development_and_progress_are_told_once(action, bezoeker):
    development = added(Development, title="Nieuws", slug="x", year=2020, lead="Kort.")
    development.actions.add(action)
    save = {"status": "op-schema", "explanation": "x", "reported_on": "2020-06-01"}
    added(ProgressUpdate, action=action, **save)
    for address in ("/feeds/alles.atom", THEME, SUBTOPIC, ACTION):
        found = [one for one in titles(bezoeker, address) if not one.startswith("Onderzoek naar")]
        assert sorted(found) == ["Nieuws", "Straatintimidatie: op schema"], address


@pytest.mark.parametrize("first", ["plan", "actions"])
def test_new_plan_is_one_entry_with_all_that_it_holds(first, jaarplan, bezoeker):
    plan = carry_over(
        jaarplan,
        year=2021,
        title="Jaarplan 2021",
        multi_year_plan="x",
        actions=list(jaarplan.actions.filter(theme__slug="veilige-wijken")),
    )
    drafts = list(plan.actions.all())
    for one in [plan, *drafts] if first == "plan" else [*drafts, plan]:
        publish(one)
    for address in ("/feeds/alles.atom", THEME, SUBTOPIC):
        news = [one for one in titles(bezoeker, address) if one.startswith("Nieuw:")]
        assert news == ["Nieuw: Jaarplan 2021"], address
    slug = drafts[0].slug
    assert titles(bezoeker, f"/feeds/acties/2021/{slug}.atom") == []


def test_the_last_report_on_a_year_is_told_when_the_next_plan_has_begun(action, jaarplan, bezoeker):
    plan = carry_over(
        jaarplan, year=2021, title="Jaarplan 2021", multi_year_plan="x", actions=[action]
    )
    for draft in [*plan.actions.all(), plan]:
        publish(draft)
    report = make_round(jaarplan, half=2)
    report_row(report, action, "gereed")
    adopt(report)
    for address in (THEME, SUBTOPIC):
        assert titles(bezoeker, address)[:2] == [
            "Straatintimidatie: gereed",
            "Nieuw: Jaarplan 2021",
        ], address


def test_action_that_joins_a_plan_later_is_told(jaarplan, bezoeker):
    plan = added(AnnualPlan, year=2021, title="Jaarplan 2021", multi_year_plan="x")
    versions = Version.objects.of(plan)
    versions.update(created_at=timezone.now() - timedelta(days=30))
    new_action(plan)
    news = [one for one in titles(bezoeker, "/feeds/alles.atom") if one.startswith("Nieuw:")]
    assert news == ["Nieuw: Nieuwe actie", "Nieuw: Jaarplan 2021"]


def test_passage_is_told_only_while_its_plan_is_public(jaarplan, bezoeker):
    plan = AnnualPlan.objects.create(year=2021, title="Jaarplan 2021", multi_year_plan="x")
    publish(added(Passage, plan=plan, heading="Vooruitblik", slug="x", position=1), note="Weer")
    feeds = ("/feeds/alles.atom", "/feeds/wijzigingen.atom")
    told = "Gewijzigd: Vooruitblik"
    for address in feeds:
        assert not [one for one in titles(bezoeker, address) if "Vooruitblik" in one], address
    publish(plan)
    for address in feeds:
        assert told in titles(bezoeker, address), address
    withdraw(plan)
    for address in feeds:
        assert told not in titles(bezoeker, address), address


def test_changed_development_is_told_on_what_it_is_about(action, bezoeker):
    one = Development.objects.create(title="Nieuws", slug="x", year=2020, lead="Kort.")
    one.actions.add(action)
    publish(one)
    publish(one, note="Het rapport is erbij gezet")
    for address in ("/feeds/alles.atom", "/feeds/wijzigingen.atom", THEME, SUBTOPIC, ACTION):
        assert "Gewijzigd: Nieuws" in titles(bezoeker, address), address
    for address in OTHERS:
        assert "Gewijzigd: Nieuws" not in titles(bezoeker, address), address


def test_corrected_progress_is_told_with_its_note(action, bezoeker):
    publish(publish_update(action, "op-schema"), note="De dag klopte niet")
    for address in ("/feeds/alles.atom", "/feeds/wijzigingen.atom", THEME, SUBTOPIC, ACTION):
        entries = read(bezoeker, address).iter(f"{ATOM}entry")
        assert "De dag klopte niet" in [one.findtext(f"{ATOM}summary") for one in entries], address


def test_corrected_progress_of_an_action_that_was_withdrawn_is_told_no_more(action, bezoeker):
    publish(publish_update(action, "op-schema"), note="De dag klopte niet")
    withdraw(action)
    for address in ("/feeds/alles.atom", "/feeds/wijzigingen.atom", THEME, SUBTOPIC):
        assert not [one for one in titles(bezoeker, address) if "Straat" in one], address


def moments(client, address, title):
    """Return when the entry with this title was published and updated, as its feed says."""
    entries = read(client, address).iter(f"{ATOM}entry")
    entry = next(one for one in entries if one.findtext(f"{ATOM}title") == title)
    return entry.findtext(f"{ATOM}published"), entry.findtext(f"{ATOM}updated")


def test_only_a_change_worth_telling_makes_old_news_new_again(bezoeker):
    """What moves `updated`, a feed reader shows as unread (RFC 4287, 4.2.15)."""
    old = added(Development, title="Oud", slug="oud", year=2020, lead="Kort.")
    added(Development, title="Later", slug="later", year=2020, lead="Kort.")
    address = "/feeds/ontwikkelingen.atom"
    publish(old, note="Spelfout", minor=True)
    published, updated = moments(bezoeker, address, "Oud")
    assert published == updated
    assert titles(bezoeker, address)[:2] == ["Later", "Oud"]
    publish(old, note="Het rapport is erbij gezet")
    assert moments(bezoeker, address, "Oud")[0] == published
    assert moments(bezoeker, address, "Oud")[1] > published
    assert titles(bezoeker, address)[:2] == ["Oud", "Later"]


def test_what_was_blacked_out_is_fetched_again_by_who_had_it(bezoeker):
    added(Development, title="Inval", slug="inval", year=2020, lead="In de Kwikstaartlaan.")
    black_out(["Kwikstaartlaan"], rule="artikel 10 van de AVG", by=None)
    published, updated = moments(bezoeker, "/feeds/ontwikkelingen.atom", "Inval")
    assert updated > published


def test_a_note_that_was_blacked_out_is_fetched_again_by_who_had_it(action, bezoeker):
    publish(action, note="Op verzoek van de Kwikstaartlaan")
    added(Term, name="Later", slug="later", meaning="x", source="x", source_url="/")
    for address in ("/feeds/alles.atom", ACTION):
        published, updated = moments(bezoeker, address, "Gewijzigd: Straatintimidatie")
        assert published == updated
    black_out(["Kwikstaartlaan"], rule="artikel 10 van de AVG", by=None)
    for address in ("/feeds/alles.atom", "/feeds/wijzigingen.atom", THEME, SUBTOPIC, ACTION):
        assert titles(bezoeker, address)[0] == "Gewijzigd: Straatintimidatie", address
        again = moments(bezoeker, address, "Gewijzigd: Straatintimidatie")
        assert again[0] == published
        assert again[1] > published


def test_an_erratum_that_was_blacked_out_is_fetched_again_by_who_had_it(jaarplan, bezoeker):
    add_erratum(adopt(make_round(jaarplan)), "Niet in de Kwikstaartlaan.")
    black_out(["Kwikstaartlaan"], rule="artikel 10 van de AVG", by=None)
    address = "/feeds/voortgangsrapportages.atom"
    title = "Erratum: Voortgangsrapportage eerste halfjaar 2020"
    published, updated = moments(bezoeker, address, title)
    assert updated > published


def test_a_change_of_which_the_entry_had_none_of_the_words_stays_as_it_was(action, bezoeker):
    save_draft(action, writing(summary="Aan de Kwikstaartlaan."))
    publish(action, note="Met de straat erbij")
    black_out(["Kwikstaartlaan"], rule="artikel 10 van de AVG", by=None)
    published, updated = moments(bezoeker, ACTION, "Gewijzigd: Straatintimidatie")
    assert published == updated


def test_words_that_did_not_stand_in_a_public_text_make_no_old_news_new_again(bezoeker):
    one = added(Development, title="Inval", slug="inval", year=2020, lead="In een straat.")
    publish(one, note="Om de Kwikstaartlaan", minor=True)
    save_draft(one, writing(lead="In de Kwikstaartlaan."))
    black_out(["Kwikstaartlaan"], rule="artikel 10 van de AVG", by=None)
    published, updated = moments(bezoeker, "/feeds/ontwikkelingen.atom", "Inval")
    assert published == updated


def test_words_that_stood_in_an_earlier_text_alone_are_let_go_by_who_had_it(bezoeker):
    one = added(Development, title="Inval", slug="inval", year=2020, lead="In de Kwikstaartlaan.")
    save_draft(one, writing(lead="In een straat."))
    publish(one, note="Spelfout", minor=True)
    black_out(["Kwikstaartlaan"], rule="artikel 10 van de AVG", by=None)
    published, updated = moments(bezoeker, "/feeds/ontwikkelingen.atom", "Inval")
    assert updated > published


def test_adopting_a_report_makes_no_old_news_of_its_round_new_again(action, bezoeker, jaarplan):
    report = make_round(jaarplan)
    report_row(report, action, "op-schema")
    publish(ProgressUpdate.objects.of_round(report).get())
    before = moments(bezoeker, ACTION, "Straatintimidatie: op schema")
    adopt(report)
    assert moments(bezoeker, ACTION, "Straatintimidatie: op schema") == before
    assert titles(bezoeker, "/feeds/alles.atom")[:2] == [
        "Voortgangsrapportage eerste halfjaar 2020",
        "Straatintimidatie: op schema",
    ]


def test_erratum_is_told_with_the_reports(jaarplan, bezoeker):
    report = adopt(make_round(jaarplan))
    add_erratum(report, "Er had **juni** moeten staan, zie [het stuk](https://example.org/).")
    title = "Erratum: Voortgangsrapportage eerste halfjaar 2020"
    for address in ("/feeds/alles.atom", "/feeds/voortgangsrapportages.atom"):
        assert titles(bezoeker, address)[0] == title
        entry = next(read(bezoeker, address).iter(f"{ATOM}entry"))
        assert entry.findtext(f"{ATOM}summary") == "Er had juni moeten staan, zie het stuk."
        assert entry.find(f"{ATOM}link").get("href").endswith("/voortgang/2020-1/")


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


def test_progress_is_told_in_words_without_the_signs_of_its_markdown(action, bezoeker):
    text = "Zie **[het rapport](https://x.example/a)**.\n\n- Eerst dit\n- En dan dat"
    publish_update(action, "op-schema", text)
    summary = next(read(bezoeker, ACTION).iter(f"{ATOM}entry")).findtext(f"{ATOM}summary")
    assert summary == "Zie het rapport.\n\nEerst dit\nEn dan dat"


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


def test_what_a_report_was_the_first_to_tell_is_told_by_the_report_alone(jaarplan, bezoeker):
    """An entry for each action would push the report itself out of the feed."""
    actions = list(Action.objects.public().of_plan(jaarplan))
    added(Development, title="Van vanochtend", slug="x", year=2020, lead="Kort.")
    report = make_round(jaarplan)
    for action in actions:
        report_row(report, action, "op-schema")
    adopt(report)
    assert titles(bezoeker, "/feeds/alles.atom")[:2] == [
        "Voortgangsrapportage eerste halfjaar 2020",
        "Van vanochtend",
    ]
    by_theme = {action.theme.slug: f"{action.title}: op schema" for action in actions}
    for slug, title in by_theme.items():
        assert title in titles(bezoeker, f"/feeds/themas/{slug}.atom")


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
        title="Nieuws\x0b\ufffe]]> & <b>", slug="x", year=2020, lead="\x01\x1f"
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
        ("/voortgang/", "/feeds/voortgangsrapportages.atom"),
        ("/voortgang/2020-1/", "/feeds/voortgangsrapportages.atom"),
    ],
)
def test_feed_can_be_discovered_from_its_page(page, feed, jaarplan, bezoeker):
    if page == "/voortgang/2020-1/":
        adopt(make_round(jaarplan))
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


def test_every_feed_has_an_identifier_of_its_own(bezoeker, jaarplan):
    identifiers = [read(bezoeker, one).findtext(f"{ATOM}id") for one in [*FEEDS, *OTHERS]]
    assert len(set(identifiers)) == len(identifiers)


@pytest.mark.parametrize(
    ("address", "model"),
    [(ACTION, Action), (THEME, Theme), (SUBTOPIC, Subtopic)],
    ids=["action", "theme", "subtopic"],
)
def test_feed_goes_along_to_a_new_address(address, model, bezoeker):
    slug = address.rpartition("/")[2].removesuffix(".atom")
    identifier = read(bezoeker, address).findtext(f"{ATOM}id")
    followed = model.objects.get(slug=slug)
    for new in ("tussenstap", "nieuw"):
        followed.slug = new
        followed.save()
    for old in (slug, "tussenstap"):
        answer = bezoeker.get(address.replace(f"{slug}.", f"{old}."))
        assert answer.status_code == 301
        assert answer["Location"] == address.replace(f"{slug}.", "nieuw.")
    renamed = read(bezoeker, answer["Location"])
    assert renamed.findtext(f"{ATOM}id") == identifier, "as RFC 4287, 4.2.6 asks"
    assert bezoeker.get(address.replace(slug, "bestaat-niet")).status_code == 404
