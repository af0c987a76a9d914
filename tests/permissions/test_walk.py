"""Every address of the back-office there is, also a new one, as everybody: what is theirs alone."""

import io

import pytest
from django.contrib import admin
from django.urls import URLPattern, reverse
from openpyxl import load_workbook

from plan.models import Action
from tests.permissions.conftest import SECRET
from veiligalmere.editorial.versions import Version, draft_of

pytestmark = pytest.mark.django_db
ROLES = ("bezoeker", "elsewhere", "own_theme", "eindredacteur", "beheerder")
# What who is not logged in has to reach, or may; logging out would end the walk.
FOR_ALL = {"login", "jsi18n", "second_step", "second_step_setup"}
LEFT_OUT = {"logout"}


def patterns(found):
    for one in found:
        if isinstance(one, URLPattern):
            yield one
        else:
            yield from patterns(one.url_patterns)


def addresses(action):
    """Return {name: address} of all that the back-office answers to.

    It is about `action` where it can be. An object of another kind is asked for by the key of
    the action: there may be one, or none.
    """
    known = {"object_id": action.pk, "key": "x", "number": 1, "app_label": "plan", "id": action.pk}
    filled = {}
    for one in patterns(admin.site.get_urls()):
        names = {*one.pattern.converters, *getattr(one.pattern.regex, "groupindex", {})}
        names -= one.default_args.keys()
        if one.name and one.name not in LEFT_OUT and names <= known.keys():
            kwargs = {name: known[name] for name in names}
            filled[one.name] = reverse(f"admin:{one.name}", kwargs=kwargs)
    return filled


def answers(client, action):
    """Yield (name, method, answer) for every address, asked for and posted to."""
    for name, address in addresses(action).items():
        yield name, "get", client.get(address)
        yield name, "post", client.post(address, {"post": "yes", "action": "change_in_bulk"})


def test_the_walk_comes_past_what_there_is(action):
    assert {
        *("index", "autocomplete", "black_out", "image_upload", "markdown_preview", "app_list"),
        *(f"plan_action_{page}" for page in ("changelist", "add", "change", "history", "delete")),
        *(f"plan_action_{page}" for page in ("judge", "discard", "withdraw", "put_back", "typed")),
        *(f"plan_action_{page}" for page in ("bulk", "carry_out", "import")),
        *("plan_action_export_csv", "plan_action_export_xlsx", "auth_user_changelist"),
    } <= addresses(action).keys()


def test_who_is_not_logged_in_reaches_nothing(bezoeker, action):
    versions = Version.objects.count()
    for name, method, answer in answers(bezoeker, action):
        if name not in FOR_ALL:
            assert answer.status_code in {302, 403, 405}, (name, method)
            assert answer.get("Location", "/beheer/login/").startswith("/beheer/login/"), name
        assert SECRET not in answer.content.decode(), (name, method)
    assert Version.objects.count() == versions


def test_a_redacteur_of_another_theme_sees_and_changes_nothing_of_it(elsewhere, action):
    versions = Version.objects.count()
    for name, method, answer in answers(elsewhere, action):
        assert answer.status_code < 500, (name, method)
        assert SECRET.encode() not in answer.content, (name, method)
    assert Version.objects.count() == versions
    assert draft_of(action).content["fields"]["title"] == SECRET


@pytest.mark.parametrize("role", ROLES)
def test_nobody_meets_an_error_page(request, role, action):
    client = request.getfixturevalue(role)
    for name, address in addresses(action).items():
        assert client.get(address).status_code in {200, 302, 400, 403, 404, 405}, name


# By page about many actions: what each role gets, in the order of ROLES.
ABOUT_MANY = {
    "changelist": (302, 200, 200, 200, 200),
    "add": (302, 200, 200, 200, 200),
    "export_csv": (302, 200, 200, 200, 200),
    "export_xlsx": (302, 200, 200, 200, 200),
    "import": (302, 200, 200, 200, 200),
    "bulk": (302, 302, 200, 200, 200),
}


@pytest.mark.parametrize("page", ABOUT_MANY)
@pytest.mark.parametrize("role", ROLES)
def test_pages_about_many_are_for_who_may_change_them(request, role, page, action):
    client = request.getfixturevalue(role)
    query = {"gekozen": action.pk} if page == "bulk" else {}
    answer = client.get(reverse(f"admin:plan_action_{page}"), query)
    assert answer.status_code == ABOUT_MANY[page][ROLES.index(role)]


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
