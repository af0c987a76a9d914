"""What the pages of the plan say."""

import re

import pytest

from plan.models import Action, AnnualPlan, Passage
from tests.tooling.forms import posted
from themes.models import Subtopic, Theme
from veiligalmere.editorial.content_version import raise_content_version
from veiligalmere.editorial.publish import publish, withdraw
from veiligalmere.editorial.publishing import State

pytestmark = pytest.mark.django_db


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_home_shows_the_four_themes_with_their_counts(bezoeker):
    answer = bezoeker.get("/")
    counts = {theme.slug: theme.action_count for theme in answer.context["themes"]}
    assert counts == {
        "veilige-wijken": 8,
        "ondermijning": 7,
        "zorg-en-veiligheid": 9,
        "rampenbestrijding": 5,
    }
    assert {theme.slug: theme.subtopic_count for theme in answer.context["themes"]} == {
        "veilige-wijken": 12,
        "ondermijning": 13,
        "zorg-en-veiligheid": 7,
        "rampenbestrijding": 4,
    }
    for number in ("tel:112", "tel:09008844", "tel:08007000", "tel:14036"):
        assert f'href="{number}"' in answer.content.decode()


def test_action_shows_the_passages_that_govern_it(bezoeker):
    page = text(bezoeker.get("/jaarplan/2020/acties/veiligheidsplan-floriade/"))
    assert "De gemeente heeft veelal een adviserende rol bij betreffende activiteiten." in page
    assert "De risicoscan voor de Floriade 2022" in page


def test_action_leads_to_its_neighbours_and_its_place_in_the_plan(bezoeker):
    actions = list(Action.objects.public().of_plan(AnnualPlan.objects.current()))
    for number, action in enumerate(actions):
        answer = bezoeker.get(action.get_absolute_url())
        assert answer.context["previous"] == (actions[number - 1] if number else None)
        assert answer.context["next"] == (actions[number + 1] if number + 1 < 29 else None)
        assert f"/jaarplan/2020/volledig/#{action.slug}" in answer.content.decode()
    full = bezoeker.get("/jaarplan/2020/volledig/").content.decode()
    assert all(f'id="{action.slug}"' in full for action in actions)


def test_every_entry_of_the_table_of_contents_leads_somewhere(bezoeker):
    page = bezoeker.get("/jaarplan/2020/volledig/").content.decode()
    anchors = re.findall(r'href="#([^"]+)"', page)
    ids = re.findall(r'id="([^"]+)"', page)
    assert len(anchors) > 30
    assert set(anchors) <= set(ids)
    assert len(ids) == len(set(ids))


def test_no_passage_or_action_takes_a_place_that_the_page_has_itself(bezoeker, redacteur, jaarplan):
    pages = "".join(bezoeker.get(url).text for url in (jaarplan.full_url, "/jaarplan/2020/"))
    pieces = [Passage.objects.of_plan(jaarplan), Action.objects.of_plan(jaarplan)]
    ours = {slug for one in pieces for slug in one.values_list("slug", flat=True)}
    taken = set(re.findall(r'\bid="([^"]+)"', pages)) - ours
    assert {"inhoud", "thema-1"} < taken
    for piece in (one.first() for one in pieces):
        form = f"/beheer/plan/{piece._meta.model_name}/{piece.pk}/change/"
        page = redacteur.get(form)
        for slug in [*taken, "thema-1-2"]:
            answer = redacteur.post(form, posted(page, slug=slug))
            assert "gebruikt de site zelf" in answer.text, slug
        assert redacteur.post(form, posted(page, slug="thema-een")).status_code == 302


def test_a_place_in_the_plan_is_on_the_pages_of_the_plan_alone(bezoeker):
    """On others it could be one that those have themselves, such as “cijfers”."""
    for page in ("/themas/ondermijning/", "/themas/veilige-wijken/woninginbraken/"):
        assert not re.search(r'class="kader[^>]* id="', bezoeker.get(page).text)


def test_a_theme_that_returns_has_a_place_of_its_own_in_the_whole_plan(bezoeker, jaarplan):
    theme = Theme.objects.public().first()
    action = Action(plan=jaarplan, theme=theme, title="Laat", slug="laat", body="L", position=10**6)
    action.save()
    publish(action)
    page = bezoeker.get(jaarplan.full_url).content.decode()
    name = f"thema-{theme.number}"
    title = f"Thema {theme.number}: {theme.name}"
    assert re.findall(rf'<h2 class="plan-text__theme" id="({name}[^"]*)"', page) == [
        *(name, f"{name}-2"),
    ]
    assert re.findall(rf'href="#([^"]+)">{title}</a>', page) == [name, f"{name}-2"]
    assert page.index(f'id="{name}-2"') < page.index('id="laat"')
    ids = re.findall(r'id="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_subtopic_without_an_action_says_where_its_approach_stands(bezoeker):
    subtopic = Subtopic.objects.get(slug="jaarwisseling")
    answer = bezoeker.get(subtopic.get_absolute_url())
    assert not answer.context["actions"]
    assert "Actieplan Veiligheid 2019-2022" in text(answer)


def test_the_plan_of_2020_is_of_2020_whatever_year_it_is(bezoeker, jaarplan):
    without_an_action = Subtopic.objects.get(slug="jaarwisseling").get_absolute_url()
    assert "alleen de specifieke acties van 2020." in text(bezoeker.get(without_an_action))
    assert "dit jaar " not in text(bezoeker.get("/"))
    Action.objects.of_plan(jaarplan).update(state=State.CONCEPT)
    raise_content_version()
    assert "De acties van 2020 staan nog niet op deze site." in text(bezoeker.get("/"))


def test_remark_about_the_sociaal_domein_stands_with_its_two_subtopics(bezoeker):
    found = Subtopic.objects.exclude(remark="")
    assert {one.name for one in found} == {"Huiselijk geweld", "Personen met verward gedrag"}
    for subtopic in found:
        assert "Sociaal Domein" in text(bezoeker.get(subtopic.get_absolute_url()))


def test_matrix_cells_lead_to_lists_of_that_length(bezoeker):
    rows = bezoeker.get("/werkwijzen/").context["matrix"]
    assert [len(row["cells"]) for row in rows] == [6, 6, 6, 6]
    assert sum(cell["count"] for row in rows for cell in row["cells"]) > 0
    for row in rows:
        for cell in row["cells"]:
            assert bezoeker.get(cell["url"]).context["total"] == cell["count"]


def test_matrix_carries_the_plans_own_caveat(bezoeker):
    assert "doorlopend in het gehele veiligheidsbeleid" in text(bezoeker.get("/werkwijzen/"))


def test_theme_page_has_its_passages_frames_and_all_its_actions(bezoeker):
    for theme in Theme.objects.public():
        answer = bezoeker.get(theme.get_absolute_url())
        listed = [action for group in answer.context["groups"] for action in group["actions"]]
        assert len(listed) == len(set(listed)) == Action.objects.filter(theme=theme).count()
        page = text(answer)
        assert all(
            action.title in answer.content.decode().replace("&amp;", "&").replace("&#x27;", "'")
            for action in listed
        )
        for frame in Passage.objects.filter(kind=Passage.Kind.FRAME, theme=theme):
            assert " ".join(frame.body.split()[:8]) in page


@pytest.fixture
def babbeltrucs(jaarplan):
    """A subtopic that falls under one that has others after it, and was added last of all."""
    parent = Subtopic.objects.get(slug="high-impact-crimes")
    last = Subtopic.objects.filter(theme=parent.theme).order_by("position").last()
    assert last.parent != parent
    return Subtopic.objects.create(
        theme=parent.theme,
        parent=parent,
        name="Babbeltrucs",
        slug="babbeltrucs",
        position=last.position + 10,
        state=State.PUBLISHED,
    )


def on_home(bezoeker):
    """Return [(name, whether it is indented)] of the subtopics on the home page."""
    page = bezoeker.get("/").content.decode()
    found = re.findall(r'<li([^>]*)><a class="subject-index__link"[^>]*>(.*?)</a>', page)
    return [(re.sub("<[^>]+>", "", name), "nested" in li) for li, name in found]


def in_filter(bezoeker):
    """Return the same of the subtopics among the filters of the list of actions."""
    page = bezoeker.get("/jaarplan/2020/acties/").content.decode()
    found = re.findall(
        r'<li class="([^"]*)">\s*<input[^>]* name="onderwerp"[^>]*>\s*'
        r'<label[^>]*><span class="filter-panel__name">(.*?)</span>',
        page,
    )
    return [(re.sub("<[^>]+>", "", name), "nested" in li) for li, name in found]


@pytest.mark.parametrize("listed", [on_home, in_filter])
def test_subtopic_is_indented_below_its_own_parent(listed, babbeltrucs, bezoeker):
    found = listed(bezoeker)
    assert len(found) == 37
    place = found.index(("Babbeltrucs", True))
    assert [name for name, nested in found[:place] if not nested][-1] == "High impact crimes"


@pytest.mark.parametrize("listed", [on_home, in_filter])
def test_subtopic_of_which_the_parent_is_not_public_is_not_indented(listed, babbeltrucs, bezoeker):
    withdraw(babbeltrucs.parent)
    assert ("Babbeltrucs", False) in listed(bezoeker)


def test_action_that_is_about_another_theme_too_stays_below_its_own_subtopic(bezoeker):
    own = Subtopic.objects.get(slug="woonoverlast")
    action = Action.objects.create(
        plan=AnnualPlan.objects.current(),
        theme=own.theme,
        title="Buren in gesprek",
        slug="buren-in-gesprek",
        body="Tekst.",
        position=9999,
        state=State.PUBLISHED,
    )
    other = Subtopic.objects.get(slug="overlast-op-straat")
    assert other.theme.number < own.theme.number
    action.subtopics.add(own, other)
    groups = bezoeker.get(own.theme.get_absolute_url()).context["groups"]
    assert [one["subtopic"] for one in groups if action in one["actions"]] == [own]


def test_earlier_plan_stays_at_its_address_and_is_marked(jaarplan, bezoeker):
    AnnualPlan.objects.create(
        year=2021,
        title="Jaarplan Veiligheid 2021",
        multi_year_plan="Actieplan Veiligheid 2019-2022",
        state=State.PUBLISHED,
    )
    assert bezoeker.get("/jaarplan/")["Location"] == "/jaarplan/2021/"
    for page in (
        "/jaarplan/2020/",
        "/jaarplan/2020/acties/",
        "/jaarplan/2020/volledig/",
        "/jaarplan/2020/acties/straatintimidatie/",
    ):
        answer = bezoeker.get(page)
        assert answer.status_code == 200
        assert "eerder jaarplan" in text(answer)
    assert "eerder jaarplan" not in text(bezoeker.get("/jaarplan/2021/"))


def test_site_without_any_plan_still_answers(bezoeker):
    AnnualPlan.objects.update(state=State.WITHDRAWN)
    for page in ("/", "/themas/", "/themas/veilige-wijken/", "/werkwijzen/", "/contact/"):
        assert bezoeker.get(page).status_code == 200, page
    assert bezoeker.get("/jaarplan/").status_code == 404
    assert bezoeker.get("/jaarplan/2020/").status_code == 410


def test_public_pages_set_no_cookie_and_touch_no_session(bezoeker):
    for page in ("/", "/jaarplan/2020/acties/", "/contact/", "/bestaat-niet/"):
        answer = bezoeker.get(page)
        assert not answer.cookies
        assert "Cookie" not in answer.headers.get("Vary", "")


def test_a_theme_leads_to_its_chapter_only_if_the_plan_has_one(bezoeker, jaarplan):
    theme = Theme.objects.public().first()
    chapter = f"{jaarplan.full_url}#thema-{theme.number}"
    assert f'href="{chapter}"' in bezoeker.get(theme.get_absolute_url()).content.decode()
    for model in (Action, Passage):
        model.objects.filter(theme=theme).update(state=State.WITHDRAWN)
    assert f'id="thema-{theme.number}"' not in bezoeker.get(jaarplan.full_url).content.decode()
    assert chapter not in bezoeker.get(theme.get_absolute_url()).content.decode()


def test_a_withdrawn_theme_takes_its_passages_with_it(bezoeker, jaarplan):
    theme = Theme.objects.public().first()
    passages = list(Passage.objects.filter(theme=theme, plan=jaarplan))
    shown = bezoeker.get(jaarplan.full_url).content.decode()
    assert all(f'id="{passage.slug}"' in shown for passage in passages)
    withdraw(theme)
    shown = bezoeker.get(jaarplan.full_url).content.decode()
    assert not [passage for passage in passages if f'id="{passage.slug}"' in shown]
    assert f"Thema {theme.number}: {theme.name}</h2>" not in shown
    assert Passage.objects.public().exists()


@pytest.mark.parametrize(
    "address",
    [
        *("/themas/veilige-wijken/", "/themas/veilige-wijken/woninginbraken/"),
        *("/jaarplan/2020/acties/cyber-24/", "/jaarplan/2020/acties/cyber-24/wijzigingen/"),
        *("/cijfers/geregistreerde-misdrijven/", "/insluiten/actie/2020/cyber-24/"),
        *("/feeds/acties/2020/cyber-24.atom", "/feeds/onderwerpen/woninginbraken.atom"),
    ],
)
def test_what_went_with_a_withdrawn_theme_is_gone(address, bezoeker):
    theme = Theme.objects.get(slug="veilige-wijken")
    withdraw(theme, note="Dit thema gaat op in een ander.")
    answer = bezoeker.get(address)
    assert answer.status_code == 410
    if not address.startswith("/insluiten/"):
        assert "Dit thema gaat op in een ander." in text(answer)


def test_what_was_not_published_is_not_gone_with_its_theme(bezoeker):
    action = Action.objects.get(slug="cyber-24")
    withdraw(action.theme)
    Action.objects.filter(pk=action.pk).update(state=State.CONCEPT)
    assert bezoeker.get(action.get_absolute_url()).status_code == 404
