"""The way through the plan: its outline in the back-office, the trail above a form, the next."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from plan.models import Action, AnnualPlan, Passage
from themes.models import Subtopic, Theme, ThemeLimit
from veiligalmere.editorial.publish import publish, save_draft, schedule, submit, withdraw

pytestmark = pytest.mark.django_db

OUTLINE = "/beheer/jaarplan/2020/"


@pytest.fixture
def actions(jaarplan):
    """The published actions, in the plan's order."""
    return list(Action.objects.public().of_plan(jaarplan).select_related("theme"))


@pytest.fixture
def own_theme(redacteur, actions):
    """A redacteur who is limited to the theme of the first action."""
    ThemeLimit.objects.create(user=redacteur.user).themes.add(actions[0].theme)
    return redacteur


def pieces(client):
    return [one for chapter in client.get(OUTLINE).context["chapters"] for one in chapter.pieces]


def marks(client):
    return {piece.url: piece.marks for piece in pieces(client) if piece.marks}


def form_of(obj):
    return f"/beheer/plan/{obj._meta.model_name}/{obj.pk}/change/"


def draft(obj):
    def write(row):
        row.body += " Meer."
        row.save()

    return save_draft(obj, write)


def breadcrumb(client, address):
    """Return what the breadcrumb of a page says, as (text, address) of its links."""
    html = client.get(address).content.decode()
    start = html.index('class="breadcrumbs"')
    links = html[start : html.index("</div>", start)].split("<a href=")[1:]
    return [(link.split(">")[1].split("<")[0], link.split('"')[1]) for link in links]


def test_visitor_has_to_log_in(bezoeker, jaarplan):
    assert bezoeker.get(OUTLINE)["Location"].startswith("/beheer/login/")


@pytest.mark.parametrize("role", ["redacteur", "eindredacteur", "beheerder"])
def test_every_role_sees_the_whole_plan_in_its_order(role, request, jaarplan, actions):
    client = request.getfixturevalue(role)
    shown = pieces(client)
    assert len(shown) == len(actions) + Passage.objects.of_plan(jaarplan).count()
    assert [piece.url for piece in shown if piece.is_action] == [form_of(one) for one in actions]
    titles = [chapter.title for chapter in client.get(OUTLINE).context["chapters"]]
    assert titles[0] == "Voor de thema’s"
    assert titles[1:5] == [f"Thema {one.number}: {one.name}" for one in Theme.objects.all()]
    assert titles[5:] == ["Na de thema’s"]
    assert client.get(shown[0].url).status_code == 200


def test_account_without_rights_is_refused(client, django_user_model, jaarplan):
    client.force_login(django_user_model.objects.create_user("nieuw", is_staff=True))
    assert client.get(OUTLINE).status_code == 403


def test_every_page_of_the_back_office_leads_to_it(redacteur, actions):
    for address in ("/beheer/", "/beheer/plan/action/", form_of(actions[0]), "/beheer/plan/"):
        assert 'href="/beheer/jaarplan/"' in redacteur.get(address).content.decode()
    assert redacteur.get("/beheer/jaarplan/")["Location"] == OUTLINE


def test_marks_tell_what_is_otherwise_than_on_the_site(redacteur, actions, jaarplan):
    assert marks(redacteur) == {}
    draft(actions[0])
    draft(actions[1])
    submit(actions[1])
    draft(actions[2])
    schedule(actions[2], timezone.now() + timedelta(days=1), note="x")
    withdraw(actions[3], note="x")
    new = Action.objects.create(
        plan=jaarplan, theme=actions[0].theme, title="Nieuw", slug="nieuw", body="x", position=1
    )
    passage = Passage.objects.of_plan(jaarplan).with_body().first()
    draft(passage)
    assert marks(redacteur) == {
        form_of(actions[0]): ("concept",),
        form_of(actions[1]): ("ter beoordeling",),
        form_of(actions[2]): ("concept", "gepland"),
        form_of(actions[3]): ("ingetrokken",),
        form_of(new): ("nog niet op de site",),
        form_of(passage): ("concept",),
    }


def test_owners_are_named(redacteur, actions):
    Action.objects.filter(pk=actions[0].pk).update(
        owner=User.objects.create(username="anna", first_name="Anna", last_name="Jansen")
    )
    found = [piece.owner for piece in pieces(redacteur) if piece.is_action]
    assert found[:2] == ["Anna Jansen", "zonder eigenaar"]


def test_a_limited_editor_sees_the_own_theme_alone(own_theme, actions):
    answer = own_theme.get(OUTLINE)
    mine = [one for one in actions if one.theme_id == actions[0].theme_id]
    assert [piece.url for piece in pieces(own_theme) if piece.is_action] == [
        form_of(one) for one in mine
    ]
    assert [chapter.theme for chapter in answer.context["chapters"]] == [actions[0].theme]
    assert all(one.title not in answer.content.decode() for one in actions if one not in mine)
    assert "voor zover het bij uw thema’s hoort" in answer.content.decode()


def test_a_limited_editor_reads_nothing_of_a_plan_that_is_still_a_concept(own_theme, actions):
    plan = AnnualPlan.objects.create(year=2021, title="Nog geheim", multi_year_plan="x")
    address = "/beheer/jaarplan/2021/"
    assert own_theme.get(address).status_code == 404
    assert "Nog geheim" not in own_theme.get(OUTLINE).content.decode()
    other = Theme.objects.exclude(pk=actions[0].theme_id).first()
    piece = Passage.objects.create(plan=plan, theme=other, heading="Kop", body="x", position=1)
    assert own_theme.get(address).status_code == 404
    Passage.objects.filter(pk=piece.pk).update(theme=actions[0].theme)
    assert own_theme.get(address).status_code == 200
    assert "Nog geheim" in own_theme.get(OUTLINE).content.decode()


def test_a_limited_editor_is_led_to_no_plan_that_is_still_a_concept(own_theme, jaarplan):
    AnnualPlan.objects.create(year=2021, title="Nog geheim", multi_year_plan="x")
    AnnualPlan.objects.update(state="concept")
    assert own_theme.get("/beheer/jaarplan/")["Location"] == OUTLINE


def test_a_theme_that_returns_has_a_place_of_its_own(redacteur, actions):
    theme = actions[0].theme
    mine = [one for one in actions if one.theme_id == theme.pk]
    Action.objects.filter(pk=mine[1].pk).update(theme=actions[-1].theme)
    anchors = [chapter.anchor for chapter in redacteur.get(OUTLINE).context["chapters"]]
    assert len(set(anchors)) == len(anchors)
    name = f"thema-{theme.number}"
    assert [one for one in anchors if one.startswith(name)] == [name, f"{name}-2"]
    html = redacteur.get(OUTLINE).content.decode()
    for anchor in anchors:
        assert html.count(f' id="{anchor}"') == 1
        assert html.count(f'aria-labelledby="{anchor}"') == 1


def test_nothing_to_work_on_is_said(redacteur, jaarplan):
    ThemeLimit.objects.create(user=redacteur.user)
    assert (
        "nog niets in dit jaarplan waaraan u mag werken" in redacteur.get(OUTLINE).content.decode()
    )


def test_other_plans_are_reached_and_unknown_ones_are_a_404(redacteur, jaarplan):
    assert redacteur.get("/beheer/jaarplan/2031/").status_code == 404
    next_plan = AnnualPlan.objects.create(year=2021, title="Plan 2021", multi_year_plan="x")
    assert redacteur.get("/beheer/jaarplan/")["Location"] == OUTLINE
    assert "/beheer/jaarplan/2021/" in redacteur.get(OUTLINE).content.decode()
    publish(next_plan, note="x")
    assert redacteur.get("/beheer/jaarplan/")["Location"] == "/beheer/jaarplan/2021/"


def test_with_no_published_plan_it_leads_to_the_latest(redacteur, jaarplan):
    AnnualPlan.objects.update(state="concept")
    assert redacteur.get("/beheer/jaarplan/")["Location"] == OUTLINE


def test_queries_do_not_grow_with_the_plan(
    beheerder, actions, jaarplan, django_assert_max_num_queries
):
    def count():
        with django_assert_max_num_queries(20) as asked:
            beheerder.get(OUTLINE)
        return len(asked)

    count()  # the first time fills Django's caches
    before = count()
    for number in range(20):
        new = Action.objects.create(
            plan=jaarplan,
            theme=actions[number].theme,
            title=f"Nieuw {number}",
            slug=f"nieuw-{number}",
            body="x",
            position=number,
            owner=beheerder.user,
        )
        draft(new)
        draft(actions[number])
    assert count() == before


def test_the_trail_above_a_form_is_plan_and_theme(redacteur, jaarplan, actions):
    theme = actions[0].theme
    down = [
        ("Beheer", "/beheer/"),
        (jaarplan.title, OUTLINE),
        (theme.name, f"{OUTLINE}#thema-{theme.number}"),
    ]
    assert breadcrumb(redacteur, form_of(actions[0])) == down
    html = redacteur.get(OUTLINE).content.decode()
    assert f'id="thema-{theme.number}"' in html
    history = f"/beheer/plan/action/{actions[0].pk}/history/"
    assert breadcrumb(redacteur, history) == [*down, (actions[0].title, form_of(actions[0]))]
    before = Passage.objects.of_plan(jaarplan).first()
    assert breadcrumb(redacteur, form_of(before)) == down[:2]


def test_the_trail_above_other_forms_is_their_list(redacteur, jaarplan):
    subtopic = Subtopic.objects.first()
    for address in ("add/", f"{subtopic.pk}/change/"):
        assert breadcrumb(redacteur, f"/beheer/themes/subtopic/{address}") == [
            ("Beheer", "/beheer/"),
            ("Onderwerpen", "/beheer/themes/subtopic/"),
        ]
    assert breadcrumb(redacteur, "/beheer/plan/action/add/")[1:] == [
        ("Acties", "/beheer/plan/action/")
    ]
    assert breadcrumb(redacteur, "/beheer/editorial/image/add/")[1:] == [
        ("Afbeeldingen", "/beheer/editorial/image/")
    ]


def test_a_form_leads_to_the_actions_before_and_after(redacteur, actions):
    page = redacteur.get(form_of(actions[1])).content.decode()
    assert f"Vorige actie: {actions[0].title}" in page
    assert f"Volgende actie: {actions[2].title}" in page
    assert "Vorige actie" not in redacteur.get(form_of(actions[0])).content.decode()
    assert "Volgende actie" not in redacteur.get(form_of(actions[-1])).content.decode()


def test_a_limited_editor_is_led_past_the_actions_of_others(own_theme, actions):
    mine = [one for one in actions if one.theme_id == actions[0].theme_id]
    assert "Volgende actie" not in own_theme.get(form_of(mine[-1])).content.decode()


def test_a_new_action_begins_in_its_plan_and_theme(redacteur, jaarplan, actions):
    theme = actions[0].theme
    address = f"/beheer/plan/action/add/?plan={jaarplan.pk}&amp;theme={theme.pk}"
    assert f'href="{address}"' in redacteur.get(OUTLINE).content.decode()
    form = redacteur.get(address.replace("&amp;", "&")).context["adminform"].form
    assert (form["plan"].value(), form["theme"].value()) == (str(jaarplan.pk), str(theme.pk))
