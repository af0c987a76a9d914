"""What programs look for."""

import re
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from plan.models import Action, Development, Erratum, Passage, ProgressUpdate, Status
from plan.progress.adoption import adopt
from tests.progress.conftest import make_round, publish_update
from veiligalmere.editorial.publish import publish, withdraw

pytestmark = pytest.mark.django_db

NAMESPACE = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}


def sitemap(bezoeker):
    answer = bezoeker.get("/sitemap.xml")
    assert answer["Content-Type"].startswith("application/xml")
    root = ET.fromstring(answer.content)  # noqa: S314 -- our own answer
    pages = {
        one.findtext("s:loc", namespaces=NAMESPACE).removeprefix(settings.SITE_URL): one.findtext(
            "s:lastmod", namespaces=NAMESPACE
        )
        for one in root
    }
    assert len(pages) == len(root), "an address stands in it twice"
    return pages


def test_every_address_in_the_sitemap_is_a_page(bezoeker):
    pages = sitemap(bezoeker)
    assert len(pages) > 4 + 36 + 6 + 29 + 3 + 4
    for page in pages:
        answer = bezoeker.get(page)
        assert answer.status_code == 200, page


def test_sitemap_names_progress_what_changed_and_following(jaarplan, bezoeker):
    report = adopt(make_round(jaarplan))
    second = make_round(jaarplan, half=2)
    pages = sitemap(bezoeker)
    assert {"/voortgang/", "/wijzigingen/", "/volgen/"} < pages.keys()
    adopted_at = report.adopted_at.replace(microsecond=0)
    for page in ("/voortgang/", report.get_absolute_url()):
        assert datetime.fromisoformat(pages[page]) == adopted_at
    assert second.get_absolute_url() not in pages


def test_sitemap_tells_when_a_report_was_last_corrected(jaarplan, bezoeker):
    report = adopt(make_round(jaarplan))
    erratum = Erratum.objects.create(report=report, text="Er had **juni** moeten staan.")
    made_at = timezone.now() + timedelta(minutes=5)
    Erratum.objects.filter(pk=erratum.pk).update(made_at=made_at)
    lastmod = sitemap(bezoeker)[report.get_absolute_url()]
    assert datetime.fromisoformat(lastmod) == made_at.replace(microsecond=0)


def test_sitemap_tells_when_an_action_really_changed(jaarplan, bezoeker):
    before = sitemap(bezoeker)
    action = jaarplan.actions.get(slug="straatintimidatie")
    moment = timezone.now() + timedelta(minutes=5)
    Action.objects.filter(pk=action.pk).update(changed_at=moment)
    after = sitemap(bezoeker)
    changed = {page for page in after if after[page] != before[page]}
    assert changed == {
        *("/", "/themas/", "/werkwijzen/", "/open-data/", "/themas/veilige-wijken/"),
        *("/voortgang/", "/wijzigingen/"),
        "/themas/veilige-wijken/straatintimidatie/",
        "/werkwijzen/interactieve-communicatie/",
        *("/jaarplan/2020/", "/jaarplan/2020/volledig/", "/jaarplan/2020/acties/"),
        "/jaarplan/2020/acties/straatintimidatie/",
    }
    assert datetime.fromisoformat(after["/"]) == moment.replace(microsecond=0)


@pytest.fixture
def action(jaarplan):
    return jaarplan.actions.get(slug="straatintimidatie")


def test_sitemap_tells_when_something_was_reported_on_an_action(action, bezoeker):
    before = sitemap(bezoeker)
    update = publish_update(action, Status.ON_TRACK)
    moment = in_five_minutes(update)
    after = sitemap(bezoeker)
    changed = {page for page in after if after[page] != before[page]}
    assert changed == {
        *("/", "/themas/", "/werkwijzen/", "/open-data/", "/themas/veilige-wijken/"),
        *("/voortgang/", "/wijzigingen/"),
        "/themas/veilige-wijken/straatintimidatie/",
        "/werkwijzen/interactieve-communicatie/",
        *("/jaarplan/2020/acties/", "/jaarplan/2020/acties/straatintimidatie/"),
    }
    assert {datetime.fromisoformat(after[page]) for page in changed} == {moment}


def test_sitemap_and_page_tell_that_what_was_reported_was_withdrawn(action, bezoeker):
    # The page changed by that: it no longer has what was reported, and is not older than it was.
    update = publish_update(action, Status.ON_TRACK)
    withdraw(update)
    moment = in_five_minutes(update)
    page = action.get_absolute_url()
    assert datetime.fromisoformat(sitemap(bezoeker)[page]) == moment
    ProgressUpdate.objects.filter(pk=update.pk).update(
        changed_at=datetime(2031, 3, 1, 12, tzinfo=UTC)
    )
    assert modified(bezoeker, page) == "2031-03-01"


def test_sitemap_tells_nothing_of_what_is_written_to_be_reported(action, bezoeker):
    before = sitemap(bezoeker)[action.get_absolute_url()]
    draft = ProgressUpdate.objects.create(action=action, status=Status.ON_TRACK)
    in_five_minutes(draft)
    assert sitemap(bezoeker)[action.get_absolute_url()] == before


def test_sitemap_tells_that_a_report_changed_the_page_of_each_action_in_it(
    jaarplan, action, bezoeker
):
    report = adopt(make_round(jaarplan))
    lastmod = sitemap(bezoeker)[action.get_absolute_url()]
    assert datetime.fromisoformat(lastmod) == report.adopted_at.replace(microsecond=0)


def in_five_minutes(obj):
    """Let `obj` be changed in five minutes; return that moment, as the sitemap writes it."""
    moment = timezone.now() + timedelta(minutes=5)
    type(obj).objects.filter(pk=obj.pk).update(changed_at=moment)
    return moment.replace(microsecond=0)


def modified(bezoeker, page):
    """Return the day on which `page` says that it was last changed."""
    return re.search(r'"DCTERMS.modified" content="([^"]*)"', bezoeker.get(page).text)[1]


def test_page_tells_of_itself_what_the_sitemap_does(jaarplan, action, bezoeker):
    report = adopt(make_round(jaarplan))
    update = publish_update(action, Status.ON_TRACK)
    erratum = Erratum.objects.create(report=report, text="Er had **juni** moeten staan.")
    days = [datetime(2031, 3, day, 12, tzinfo=UTC) for day in (1, 2, 3)]
    Passage.objects.filter(pk=jaarplan.passages.first().pk).update(changed_at=days[0])
    ProgressUpdate.objects.filter(pk=update.pk).update(changed_at=days[1])
    Erratum.objects.filter(pk=erratum.pk).update(made_at=days[2])
    pages = {
        jaarplan.get_absolute_url(): "2031-03-01",
        jaarplan.full_url: "2031-03-01",
        action.get_absolute_url(): "2031-03-02",
        report.get_absolute_url(): "2031-03-03",
    }
    told = sitemap(bezoeker)
    for page, day in pages.items():
        assert modified(bezoeker, page) == told[page][:10] == day


def test_withdrawing_makes_no_page_older_that_told_of_it(jaarplan, action, bezoeker):
    passage = jaarplan.passages.exclude(slug="").first()
    development = Development.objects.create(title="Nieuws", slug="nieuws", year=2020, lead="x")
    publish(development)
    for one in (action, passage, development):
        withdraw(one)
    days = [datetime(2031, 3, day, 12, tzinfo=UTC) for day in (1, 2, 3)]
    for one, day in zip((action, passage, development), days, strict=True):
        type(one).objects.filter(pk=one.pk).update(changed_at=day)
    never_public = Action.objects.create(
        plan=jaarplan, theme=action.theme, title="Concept", slug="concept", position=1
    )
    Action.objects.filter(pk=never_public.pk).update(changed_at=datetime(2032, 1, 1, tzinfo=UTC))
    told = sitemap(bezoeker)
    pages = {
        jaarplan.get_absolute_url(): days[1],
        jaarplan.full_url: days[1],
        jaarplan.actions_url: days[1],
        action.theme.get_absolute_url(): days[0],
        "/voortgang/": days[0],
        "/ontwikkelingen/": days[2],
    }
    assert {page: datetime.fromisoformat(told[page]) for page in pages} == pages
    for page in (jaarplan.get_absolute_url(), jaarplan.full_url):
        assert modified(bezoeker, page) == "2031-03-02"


def test_robots_may_read_everything_but_the_back_office(bezoeker):
    lines = bezoeker.get("/robots.txt").content.decode().splitlines()
    assert lines == [
        "User-agent: *",
        "Disallow: /beheer/",
        f"Sitemap: {settings.SITE_URL}/sitemap.xml",
    ]


def test_security_txt_is_valid_for_less_than_a_year(bezoeker):
    answer = bezoeker.get("/.well-known/security.txt")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"
    fields = dict(line.split(": ", 1) for line in answer.content.decode().splitlines())
    expires = datetime.fromisoformat(fields["Expires"])
    assert timedelta(days=30) < expires - timezone.now() < timedelta(days=365)
    assert fields["Canonical"] == f"{settings.SITE_URL}/.well-known/security.txt"
    assert bezoeker.get(fields["Contact"].removeprefix(settings.SITE_URL)).status_code == 200


def test_security_txt_names_the_contact_that_is_set(bezoeker, settings):
    settings.SECURITY_CONTACT = "mailto:beveiliging@example.org"
    text = bezoeker.get("/.well-known/security.txt").content.decode()
    assert "Contact: mailto:beveiliging@example.org\n" in text


@pytest.mark.parametrize(
    "page",
    [
        *("/", "/bestaat-niet/", "/woninginbraken", "/jaarplan/2020/acties/?thema=x"),
        *("/robots.txt", "/beheer/", "/beheer/login/", "/static/img/favicon.svg", "/media/x"),
    ],
)
def test_every_answer_has_the_security_headers(page, bezoeker):
    answer = bezoeker.get(page)
    answer.close()
    headers = answer.headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"
