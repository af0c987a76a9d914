"""Every kind of content can be found, read and changed in the back-office, in Dutch."""

import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.urls import reverse
from django.utils.html import escape

from plan.models import Action
from tests.tooling.forms import posted
from themes.models import Subtopic, Theme

pytestmark = pytest.mark.django_db

OURS = [
    model
    for model in admin.site._registry
    if model._meta.app_label in {"editorial", "themes", "plan"}
]
CONTENT = [model for model in OURS if hasattr(model, "state")]


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def test_all_kinds_of_content_are_registered():
    assert {model.__name__ for model in OURS} >= {
        *("AnnualPlan", "Passage", "Action", "Theme", "Subtopic", "WorkingMethod", "Place"),
        *("ShortAddress", "OldAddress", "StandingPage"),
    }


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_list_can_be_searched_and_ordered(model, beheerder):
    model_admin = admin.site.get_model_admin(model)
    assert model_admin.search_fields
    assert model_admin.ordering
    answer = beheerder.get(address(model, "changelist"), {"q": "veilig"})
    assert answer.status_code == 200
    for number in range(len(model_admin.list_display)):
        answer = beheerder.get(address(model, "changelist"), {"o": number + 1})
        assert answer.status_code == 200


def test_every_form_shows_among_boxes_to_tick_what_is_made_beside_them(beheerder, jaarplan):
    pages = [
        beheerder.get(address(model, *page)).text
        for model in [*OURS, User]
        for page in [("add",), *(("change", one.pk) for one in model.objects.all()[:1])]
    ]
    found = [
        (name, "js/admin/tick-boxes" in page)
        for page in pages
        for name in re.findall(r'id="add_(id_[^"]+)"', page)
        if f'<div id="{name}"' in page
    ]
    assert {name for name, shown in found} >= {
        "id_places",
        "id_groups",
        "id_theme_limit-0-themes",
    }
    assert not [name for name, shown in found if not shown]


@pytest.mark.parametrize("model", CONTENT, ids=lambda model: model.__name__)
def test_form_has_described_fieldsets_and_leads_to_the_public_page(model, beheerder):
    one = model.objects.first()
    if one is None:
        pytest.skip(f"the Jaarplan as loaded has no {model.__name__}")
    answer = beheerder.get(address(model, "change", one.pk))
    assert answer.status_code == 200
    fieldsets = admin.site.get_model_admin(model).get_fieldsets(answer.wsgi_request, one)
    assert all(options.get("description") for name, options in fieldsets if name != "Publicatie")
    title = f"<title>{escape(str(one))} | {one._meta.verbose_name.capitalize()} wijzigen | "
    assert title.lower() in answer.content.decode().lower()
    page = answer.context["absolute_url"] or ""
    assert (
        beheerder.get(page, follow=True).request["PATH_INFO"]
        == (one.get_absolute_url().partition("#")[0])
    )


@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model.__name__)
def test_fields_point_to_help_that_is_there(model, beheerder):
    one = model.objects.last()
    pages = [address(model, "add")] + ([address(model, "change", one.pk)] if one else [])
    for page in pages:
        shown = beheerder.get(page).content.decode()
        pointed = re.findall(r' aria-describedby="([^"]+)"', shown)
        nowhere = {key for keys in pointed for key in keys.split() if f'id="{key}"' not in shown}
        assert not nowhere, page


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("plan/action", ["Onderwerpen", "Werkwijzen", "Plaatsen", "Cijfers"]),
        ("plan/passage", ["Gaat over de acties"]),
        ("plan/development", ["Thema’s", "Onderwerpen", "Acties"]),
        ("themes/indicator", ["Onderwerpen"]),
        ("auth/group", ["Rechten"]),
    ],
)
def test_boxes_to_tick_are_a_group_with_a_name(page, names, beheerder):
    shown = beheerder.get(f"/beheer/{page}/add/").content.decode()
    assert re.findall(r'role="group" aria-label="([^"]+)"', shown) == names


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_names_are_dutch(model):
    english = {"theme", "subtopic", "action", "place", "page", "address", "method"}
    names = [model._meta.verbose_name, model._meta.verbose_name_plural] + [
        field.verbose_name
        for field in model._meta.fields
        if field.editable and not field.primary_key
    ]
    assert not english & {str(name).lower() for name in names}
    assert not any("_" in str(name) for name in names)


def test_theme_with_actions_is_not_deleted_and_the_editor_reads_why(beheerder):
    theme = Theme.objects.get(slug="veilige-wijken")
    page = address(Theme, "delete", theme.pk)
    answer = beheerder.post(page, {"post": "yes"}, follow=True)
    assert Theme.objects.filter(pk=theme.pk).exists()
    assert Action.objects.filter(theme=theme).exists()
    text = answer.content.decode().lower()
    assert "acties" in text or "intrekken" in text


def test_visitor_and_account_without_staff_rights_see_the_login_page(bezoeker):
    answer = bezoeker.get("/beheer/plan/action/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/beheer/")


@pytest.mark.parametrize("form", ["plan/action", "plan/progressreport"])
def test_beside_a_choice_nothing_offers_to_change_or_delete_what_is_chosen(form, beheerder):
    page = beheerder.get(f"/beheer/{form}/add/").content.decode()
    assert "add_id_plan" in page
    assert "change_id_plan" not in page
    assert "delete_id_plan" not in page


def test_the_trail_above_a_list_leads_to_the_back_office_not_to_a_front_page(beheerder):
    page = beheerder.get("/beheer/themes/synonym/").content.decode()
    assert '<a href="/beheer/">Beheer</a>' in page
    assert "Voorpagina" not in page


def test_a_subtopic_does_not_leave_what_falls_under_it_in_another_theme(beheerder, bezoeker):
    parent = Subtopic.objects.filter(children__isnull=False).first()
    other = Theme.objects.exclude(pk=parent.theme_id).first()
    page = address(Subtopic, "change", parent.pk)
    data = posted(beheerder.get(page), button="_continue", theme=str(other.pk))
    answer = beheerder.post(page, data)
    assert "Hieronder vallen onderwerpen van een ander thema" in answer.content.decode()
    # Should it stand so all the same, the page of what falls under it still shows.
    child = parent.children.public().first()
    Subtopic.objects.filter(pk=parent.pk).update(theme=other)
    assert bezoeker.get(child.get_absolute_url()).status_code == 200
