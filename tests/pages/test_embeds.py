"""Pages that other sites may frame, and only these; with the code to copy."""

import html
import re
from datetime import timedelta

import pytest
from django.utils import timezone

from plan.models import Action, ProgressUpdate
from themes.models import Indicator
from veiligalmere.editorial.publish import publish, withdraw

pytestmark = pytest.mark.django_db

ACTION = "/insluiten/actie/2020/straatintimidatie/"
FIGURE = "/insluiten/cijfer/geregistreerde-misdrijven/"
PAGES = {
    "/jaarplan/2020/acties/straatintimidatie/": ACTION,
    "/cijfers/geregistreerde-misdrijven/": FIGURE,
}


@pytest.mark.parametrize("address", PAGES.values())
def test_embed_may_be_framed_and_is_as_strict_for_the_rest(address, bezoeker):
    answer = bezoeker.get(address)
    policy = answer.headers["Content-Security-Policy"]
    assert policy.endswith("frame-ancestors *")
    assert policy.startswith("default-src 'none'; script-src 'self'")
    assert "X-Frame-Options" not in answer.headers
    assert not answer.cookies


@pytest.mark.parametrize(
    "address",
    [*PAGES, "/", "/zoeken/", "/beheer/login/", "/bestaat-niet/", "/insluiten/x/"],
)
def test_no_other_page_may_be_framed(address, bezoeker):
    answer = bezoeker.get(address)
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(("page", "embed"), PAGES.items())
def test_page_gives_the_code_to_copy(page, embed, bezoeker, settings):
    text = bezoeker.get(page).content.decode()
    code = html.unescape(re.search(r"<code>(.*?)</code>", text).group(1))
    assert code.startswith(f'<iframe src="{settings.SITE_URL}{embed}" title="')
    assert code.endswith('loading="lazy"></iframe>')


def test_code_to_copy_holds_a_title_with_quotes(bezoeker):
    action = Action.objects.get(slug="straatintimidatie")
    action.title = 'Project "Veilig thuis" <R&B>'
    action.save()
    text = bezoeker.get(action.get_absolute_url()).content.decode()
    code = html.unescape(re.search(r"<code>(.*?)</code>", text).group(1))
    title = re.search(r' title="([^"<>]*)" width="100%"', code).group(1)
    assert html.unescape(title) == f"{action.title} – Veilig Almere"


@pytest.mark.parametrize(("page", "embed"), PAGES.items())
def test_every_link_leaves_the_frame_for_the_real_page(page, embed, bezoeker, settings):
    text = bezoeker.get(embed).content.decode()
    links = re.findall(r"<a [^>]*>", text)
    assert f'href="{settings.SITE_URL}{page}"' in links[0]
    assert all('target="_blank" rel="noopener"' in link for link in links)
    assert f'<link rel="canonical" href="{settings.SITE_URL}{page}">' in text
    assert '<meta name="robots" content="noindex">' in text


def test_action_shows_how_it_stands(bezoeker):
    assert "Nog niet gemeld" in bezoeker.get(ACTION).content.decode()
    action = Action.objects.get(slug="straatintimidatie")
    update = ProgressUpdate.objects.create(
        action=action, status="op-schema", explanation="x", reported_on="2020-06-01"
    )
    publish(update)
    text = bezoeker.get(ACTION).content.decode()
    assert "Op schema" in text
    assert "1 juni 2020" in text


def test_figure_shows_its_message_drawing_and_source(bezoeker):
    text = bezoeker.get(FIGURE).content.decode()
    assert "In 2017 was dit 9.853." in text
    assert '<svg class="figure-chart__drawing"' in text
    source = Indicator.objects.get(slug="geregistreerde-misdrijven").source_url
    assert f'Bron: <a href="{source}" target="_blank" rel="noopener">Almere Deze Week' in text


def test_figure_has_the_table_that_its_drawing_speaks_of_and_says_when_it_is_late(bezoeker):
    text = bezoeker.get(FIGURE).content.decode()
    assert "Alle waarden staan in de tabel." in text
    assert re.search(r'<th scope="row">2016</th>\s*<td>11.218</td>', text)
    assert "Te laat" not in text
    indicator = Indicator.objects.get(slug="geregistreerde-misdrijven")
    indicator.next_update = timezone.localdate() - timedelta(days=1)
    indicator.save()
    publish(indicator)
    assert "Te laat" in bezoeker.get(FIGURE).content.decode()


@pytest.mark.parametrize(
    ("address", "model"), [(ACTION, Action), (FIGURE, Indicator)], ids=["action", "figure"]
)
def test_embed_goes_along_to_a_new_address(address, model, bezoeker):
    slug = address.rstrip("/").rpartition("/")[2]
    shown = model.objects.get(slug=slug)
    for new in ("tussenstap", "nieuw"):
        shown.slug = new
        shown.save()
    for old in (slug, "tussenstap"):
        answer = bezoeker.get(address.replace(slug, old))
        assert answer.status_code == 301
        assert answer["Location"] == address.replace(slug, "nieuw")
    assert bezoeker.get(address.replace(slug, "nieuw")).status_code == 200
    withdraw(shown)
    assert bezoeker.get(address).status_code == 404


@pytest.mark.parametrize(
    "address",
    [
        *("/insluiten/actie/2020/bestaat-niet/", "/insluiten/actie/1999/bestaat-niet/"),
        "/insluiten/cijfer/bestaat-niet/",
    ],
)
def test_frame_says_what_is_not_there(address, bezoeker):
    answer = bezoeker.get(address)
    assert answer.status_code == 404
    assert_framable(answer)
    assert "Dit staat hier niet" in answer.text


def assert_framable(answer):
    assert answer.headers["Content-Security-Policy"].endswith("frame-ancestors *")
    assert "X-Frame-Options" not in answer.headers
    assert '<main class="embed">' in answer.text


def test_embed_of_what_is_withdrawn_is_gone(bezoeker):
    withdraw(Action.objects.get(slug="straatintimidatie"))
    withdraw(Indicator.objects.get(slug="geregistreerde-misdrijven"))
    for address in (ACTION, FIGURE):
        answer = bezoeker.get(address)
        assert answer.status_code == 410
        assert_framable(answer)
        assert "Dit is ingetrokken" in answer.text
