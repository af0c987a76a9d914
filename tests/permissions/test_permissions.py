"""Who may what, beside what the matrix of addresses tells."""

import io

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from plan.models import Action, Passage
from tests.permissions.conftest import SECRET
from tests.tooling.forms import posted
from themes.models import Subtopic, ThemeLimit
from veiligalmere.editorial.admin import ContentAdmin
from veiligalmere.editorial.versions import draft_of

pytestmark = pytest.mark.django_db
OBJECT_PAGES = {
    "change": (),
    "history": (),
    "judge": (),
    "discard": (),
    "withdraw": (),
    "typed": (),
    "forget": (),
    "put_back": (1,),
    "delete": (),
}
# Of those pages, what a redacteur may not open of content of their own theme.
FOR_CHIEFS = {"judge", "withdraw"}
ROLES = ("bezoeker", "elsewhere", "own_theme", "eindredacteur", "beheerder")
CONTENT = [model for model, one in admin.site._registry.items() if isinstance(one, ContentAdmin)]


def address(obj, page):
    meta = obj._meta
    name = f"admin:{meta.app_label}_{meta.model_name}_{page}"
    return reverse(name, args=[obj.pk, *OBJECT_PAGES[page]])


@pytest.mark.parametrize("page", sorted(FOR_CHIEFS))
def test_a_redacteur_judges_nothing(own_theme, action, page):
    assert own_theme.get(address(action, page)).status_code == 403
    answer = own_theme.post(address(action, page), {"publiceren-minor": "on", "note": "x"})
    assert answer.status_code == 403
    assert draft_of(action) is not None


@pytest.mark.parametrize("model", [Action, Passage, Subtopic])
def test_lists_show_the_own_theme_alone(own_theme, action, model):
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
    shown = own_theme.get(reverse(name), {"all": ""}).context["cl"].queryset
    themes = set(shown.order_by().values_list("theme", flat=True).distinct())
    assert themes == {action.theme_id}


@pytest.mark.parametrize("model", CONTENT, ids=lambda model: model.__name__)
def test_no_list_shows_a_limited_editor_what_lies_outside(elsewhere, action, model):
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
    answer = elsewhere.get(reverse(name))
    assert answer.status_code == 200
    assert action.title not in answer.content.decode()
    assert SECRET not in answer.content.decode()


def test_a_limited_editor_is_offered_no_drafts_of_others(elsewhere, action):
    theme = ThemeLimit.objects.get().themes.get()
    hidden = Action.objects.create(
        plan=action.plan, theme=action.theme, title=SECRET, slug="geheim", body="T", position=1
    )
    mine = Action.objects.filter(theme=theme).first()
    passage = Passage.objects.filter(theme=theme).first()
    for one in (mine, passage):
        assert SECRET not in elsewhere.get(address(one, "change")).content.decode()
    data = posted(elsewhere.get(address(mine, "change")), button="_continue")
    data["predecessor"] = [str(hidden.pk)]
    answer = elsewhere.post(address(mine, "change"), data)
    assert SECRET not in answer.content.decode()
    assert draft_of(mine) is None


def test_a_limited_editor_is_offered_only_themes_and_actions_that_are_theirs(elsewhere, action):
    theme = ThemeLimit.objects.get().themes.get()
    mine = Action.objects.filter(theme=theme)
    for model in ("plan_passage", "plan_action", "themes_subtopic", "themes_indicator"):
        form = elsewhere.get(reverse(f"admin:{model}_add")).context["adminform"].form
        assert list(form.fields["theme"].queryset) == [theme]
        assert form["theme"].value() == theme.pk
    form = elsewhere.get(reverse("admin:plan_progressupdate_add")).context["adminform"].form
    assert list(form.fields["action"].queryset) == list(mine)


def test_a_limited_editor_who_forgets_the_action_reads_that_and_nothing_of_rights(elsewhere):
    page = reverse("admin:plan_progressupdate_add")
    answer = elsewhere.post(page, posted(elsewhere.get(page), form="action", button="_continue"))
    assert answer.context["adminform"].form.errors["action"] == ["Dit veld is verplicht."]


def test_a_limited_editor_makes_no_theme(elsewhere):
    page = reverse("admin:themes_theme_add")
    assert elsewhere.get(page).status_code == 403
    assert elsewhere.post(page, {"name": "Nieuw"}).status_code == 403
    assert page not in elsewhere.get(reverse("admin:plan_action_add")).text


def test_a_limited_editor_puts_nothing_in_another_theme_and_keeps_the_text(elsewhere, action):
    theme = ThemeLimit.objects.get().themes.get()
    mine = Action.objects.filter(theme=theme).first()
    page = address(mine, "change")
    changes = {"theme": str(action.theme_id), "body": "Een uur werk."}
    data = posted(elsewhere.get(page), button="_continue", **changes)
    answer = elsewhere.post(page, data)
    assert "U mag dit alleen opslaan bij een thema waarvoor u rechten hebt." in answer.text
    assert draft_of(mine) is None
    again = posted(answer, form="title", button="_continue", theme=str(theme.pk))
    assert again["body"] == ["Een uur werk."]
    assert elsewhere.post(page, again).status_code == 302
    assert draft_of(mine).content["fields"]["body"] == "Een uur werk."


def test_a_limited_editor_makes_nothing_outside_the_own_theme_and_keeps_the_text(elsewhere, action):
    theme = ThemeLimit.objects.get().themes.get()
    page = reverse("admin:plan_passage_add")
    values = {"heading": "Nieuw", "slug": "nieuw", "body": "Een uur werk.", "position": "900"}
    for outside in ("", str(action.theme_id)):
        data = posted(elsewhere.get(page), form="heading", button="_continue", **values)
        answer = elsewhere.post(page, {**data, "plan": action.plan_id, "theme": outside})
        assert "U mag dit alleen opslaan bij een thema waarvoor u rechten hebt." in answer.text
        assert not Passage.objects.filter(slug="nieuw").exists()
    again = posted(answer, form="heading", button="_continue", theme=str(theme.pk))
    assert again["body"] == ["Een uur werk."]
    assert elsewhere.post(page, again).status_code == 302
    assert Passage.objects.get(slug="nieuw").body == "Een uur werk."


@pytest.mark.parametrize("model", ["shortaddress", "place", "synonym"])
def test_what_is_public_at_once_is_not_for_editors(redacteur, eindredacteur, jaarplan, model):
    app = "editorial" if model == "shortaddress" else "themes"
    page = reverse(f"admin:{app}_{model}_add")
    assert redacteur.get(page).status_code == 403
    assert eindredacteur.get(page).status_code == 200


def test_accounts_are_for_administrators(redacteur, eindredacteur, beheerder):
    page = reverse("admin:auth_user_changelist")
    assert redacteur.get(page).status_code == 403
    assert eindredacteur.get(page).status_code == 403
    assert beheerder.get(page).status_code == 200


def test_an_administrator_makes_no_superuser(beheerder, django_user_model, redacteur):
    page = reverse("admin:auth_user_change", args=[redacteur.user.pk])
    data = posted(beheerder.get(page), form="username")
    right = Permission.objects.get(codename="delete_user")
    more = {"is_superuser": "on", "user_permissions": right.pk, "first_name": "Rik"}
    beheerder.post(page, data | more)
    redacteur.user.refresh_from_db()
    assert redacteur.user.first_name == "Rik"
    assert not redacteur.user.is_superuser
    assert not redacteur.user.user_permissions.exists(), "rights come from roles alone"
    boss = django_user_model.objects.create_superuser("baas")
    answer = beheerder.post(reverse("admin:auth_user_change", args=[boss.pk]), data)
    assert answer.status_code == 403


def test_an_account_that_is_no_staff_sees_the_login_page(django_user_model, action):
    client = Client()
    client.force_login(django_user_model.objects.create_user("buitenstaander"))
    for page in OBJECT_PAGES:
        answer = client.get(address(action, page))
        assert answer.status_code in {302, 403}
        assert SECRET not in answer.content.decode()


@pytest.mark.parametrize(
    ("role", "sees"),
    [("elsewhere", False), ("own_theme", True), ("eindredacteur", True), ("beheerder", True)],
)
def test_an_export_has_the_drafts_that_its_reader_may_see(request, role, sees, action):
    client = request.getfixturevalue(role)
    answer = client.get(reverse("admin:plan_action_export_csv"))
    assert (SECRET in answer.content.decode()) == sees
    answer = client.get(reverse("admin:plan_action_export_xlsx"))
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert (SECRET in {cell for row in sheet.values for cell in row}) == sees


@pytest.mark.parametrize(
    ("role", "offered"),
    [("bezoeker", False), ("elsewhere", False), ("own_theme", False), ("eindredacteur", True)],
)
def test_publishing_many_is_for_chief_editors(request, role, offered, action):
    client = request.getfixturevalue(role)
    address = f"{reverse('admin:plan_action_bulk')}?gekozen={action.pk}"
    assert ('value="publiceren"' in client.get(address).content.decode()) == offered
    answer = client.post(address, {"step": "publiceren", "minor": "on"})
    assert bool(answer.context and answer.context.get("carry_out_url")) == offered
    assert draft_of(action) is not None


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("source", ["predecessor", "owner", "theme"])
def test_completing_a_name_tells_no_draft_to_who_may_not_see_it(request, role, source, action):
    client = request.getfixturevalue(role)
    Action.objects.filter(pk=action.pk).update(title=SECRET)
    query = {"app_label": "plan", "model_name": "action", "field_name": source, "term": "eheim"}
    answer = client.get(reverse("admin:autocomplete"), query)
    assert answer.status_code in {200, 302, 403}
    if role in {"bezoeker", "elsewhere"}:
        assert SECRET not in answer.content.decode()
