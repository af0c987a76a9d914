"""The permission matrix: every address below /beheer/ and /voorbeeld/, asked for by everybody.

An address that is new has to be given a line in `MATRIX`; one that asks for something that
`tests/permissions/addresses.py` can't fill in has to be given a value there.
"""

import pytest

from plan.models import Action, Passage, ProgressUpdate
from tests.permissions.addresses import WRITTEN, addresses, other_objects, secret_drafts
from tests.permissions.conftest import SECRET
from themes.models import Indicator, Subtopic, Theme
from veiligalmere.editorial.versions import Version

pytestmark = pytest.mark.django_db
ROLES = ("bezoeker", "elsewhere", "own_theme", "eindredacteur", "beheerder")
LEFT_OUT = {"logout"}  # it would end the walk
FOR_ALL = {
    *("login", "admin_password_reset", "password_reset_confirm"),
    *("password_reset_done", "password_reset_complete"),
}
BY_LINK = {"shared_preview", "shared_preview_document"}  # who has this link, sees the draft
WITH_PARTS = {Action, Indicator, Passage, ProgressUpdate, Subtopic, Theme}
WITHOUT_PARTS = WRITTEN.keys() - WITH_PARTS
AT_ONCE = ("editorial_shortaddress", "themes_place", "themes_synonym")
ACCOUNTS = ("auth_user", "auth_group")

# What a GET is answered with, in the order of ROLES; first what holds for every kind of content.
EVERY_KIND = {
    "changelist": (302, 200, 200, 200, 200),
    "export_csv": (302, 200, 200, 200, 200),
    "export_xlsx": (302, 200, 200, 200, 200),
    "import": (302, 200, 200, 200, 200),
    "bulk": (302, 302, 302, 302, 302),
    "carry_out": (302, 302, 302, 302, 302),
    "forget": (302, 302, 302, 302, 302),
    "forget_new": (302, 302, 302, 302, 302),
    "short": (302, 302, 302, 302, 302),
    "delete": (302, 302, 302, 302, 302),
}
OF_A_THEME = {
    "add": (302, 200, 200, 200, 200),
    "change": (302, 302, 200, 200, 200),
    "history": (302, 302, 200, 200, 200),
    "discard": (302, 404, 200, 200, 200),
    "judge": (302, 404, 403, 200, 200),
    "withdraw": (302, 404, 403, 200, 200),
    "put_back": (302, 404, 200, 200, 200),
    "typed": (403, 410, 200, 200, 200),
    "typed_new": (403, 200, 200, 200, 200),
}
OF_THE_WHOLE = {
    "add": (302, 403, 403, 200, 200),
    "change": (302, 302, 302, 200, 200),
    "history": (302, 302, 302, 200, 200),
    "discard": (302, 404, 404, 200, 200),
    "judge": (302, 404, 404, 200, 200),
    "withdraw": (302, 404, 404, 200, 200),
    "put_back": (302, 404, 404, 200, 200),
    "typed": (403, 410, 410, 200, 200),
    "typed_new": (403, 403, 403, 200, 200),
}
PUBLIC_AT_ONCE = {
    "changelist": (302, 200, 200, 200, 200),
    "add": (302, 403, 403, 200, 200),
    "change": (302, 200, 200, 200, 200),
    "history": (302, 200, 200, 200, 200),
    "delete": (302, 403, 403, 200, 200),
    "short": (302, 302, 302, 302, 302),
    "typed": (403, 403, 403, 200, 200),
    "typed_new": (403, 403, 403, 200, 200),
    "forget": (302, 302, 302, 302, 302),
    "forget_new": (302, 302, 302, 302, 302),
}
ABOUT_ACCOUNTS = {
    **dict.fromkeys(
        ("changelist", "add", "change", "history", "delete"), (302, 403, 403, 403, 200)
    ),
    "short": (302, 302, 302, 302, 302),
}
ITS_OWN = {
    "themes_place_delete": (302, 403, 403, 302, 302),  # an action names it
    "themes_theme_add": (302, 403, 403, 200, 200),  # who is limited could not open it
    "themes_theme_typed_new": (403, 403, 403, 200, 200),
    "themes_indicator_measurements": (302, 404, 200, 200, 200),
    "plan_annualplan_next": (302, 403, 403, 200, 200),
    "auth_user_password_change": (302, 403, 403, 403, 200),
    "editorial_oldaddress_changelist": (302, 200, 200, 200, 200),
    "editorial_oldaddress_add": (302, 403, 403, 403, 403),
    "editorial_oldaddress_change": (302, 200, 200, 200, 200),
    "editorial_oldaddress_history": (302, 200, 200, 200, 200),
    "editorial_oldaddress_delete": (302, 403, 403, 200, 200),
    "editorial_oldaddress_short": (302, 302, 302, 302, 302),
    "editorial_image_changelist": (302, 200, 200, 200, 200),
    "editorial_image_add": (302, 200, 200, 200, 200),
    "editorial_image_change": (302, 302, 302, 200, 200),
    "editorial_image_history": (302, 302, 302, 200, 200),
    "editorial_image_delete": (302, 403, 403, 200, 200),
    "editorial_image_put_back": (302, 404, 404, 302, 302),
    "editorial_image_short": (302, 302, 302, 302, 302),
    "editorial_image_typed": (403, 410, 410, 200, 200),
    "editorial_image_typed_new": (403, 200, 200, 200, 200),
    "editorial_image_forget": (302, 302, 302, 302, 302),
    "editorial_image_forget_new": (302, 302, 302, 302, 302),
    "plan_progressreport_changelist": (302, 200, 200, 200, 200),
    "plan_progressreport_add": (302, 403, 403, 200, 200),
    "plan_progressreport_change": (302, 302, 302, 200, 200),
    "plan_progressreport_history": (302, 302, 302, 200, 200),
    "plan_progressreport_delete": (302, 403, 403, 403, 403),  # something was saved in the round
    "plan_progressreport_short": (302, 302, 302, 302, 302),
    "plan_progressreport_typed": (403, 403, 403, 200, 200),
    "plan_progressreport_typed_new": (403, 403, 403, 200, 200),
    "plan_progressreport_forget": (302, 302, 302, 302, 302),
    "plan_progressreport_forget_new": (302, 302, 302, 302, 302),
    "progress_round_now": (302, 302, 302, 302, 302),
    "progress_round": (302, 200, 200, 200, 200),
    "progress_row": (302, 404, 403, 302, 302),
    "progress_typed": (405, 405, 405, 405, 405),
    "progress_remind": (302, 405, 405, 405, 405),
    "progress_adopt": (302, 403, 403, 200, 200),
    "plan_outline_now": (302, 302, 302, 302, 302),
    "plan_outline": (302, 200, 200, 200, 200),
    "preview": (302, 404, 200, 200, 200),
    "preview_document": (302, 404, 404, 200, 200),
    "shared_preview": (200, 200, 200, 200, 200),
    "shared_preview_document": (200, 200, 200, 200, 200),
    "index": (302, 200, 200, 200, 200),
    "app_list": (302, 200, 200, 200, 200),
    "any_other": (302, 404, 404, 404, 404),
    "autocomplete": (302, 403, 403, 403, 403),
    "jsi18n": (302, 200, 200, 200, 200),
    "black_out": (302, 403, 403, 200, 200),
    "desk_list": (302, 403, 403, 200, 200),
    "desk_checked": (302, 405, 405, 405, 405),
    "manual": (302, 200, 200, 200, 200),
    "manual_picture": (302, 200, 200, 200, 200),
    "markdown_preview": (405, 405, 405, 405, 405),
    "image_upload": (405, 405, 405, 405, 405),
    "image_choice": (405, 405, 405, 405, 405),
    "login": (200, 302, 302, 302, 302),
    "second_step": (302, 302, 302, 302, 302),
    "second_step_setup": (302, 200, 200, 200, 200),
    "password_change": (302, 200, 200, 200, 200),
    "password_change_done": (302, 200, 200, 200, 200),
    "admin_password_reset": (200, 200, 200, 200, 200),
    "password_reset_done": (200, 200, 200, 200, 200),
    "password_reset_confirm": (200, 200, 200, 200, 200),
    "password_reset_complete": (200, 200, 200, 200, 200),
}


def _of(models, pages):
    labels = [model._meta.label_lower.replace(".", "_") for model in models]
    return _named(labels, pages)


def _named(labels, pages):
    return {f"{label}_{page}": codes for label in labels for page, codes in pages.items()}


MATRIX = {
    **_of(WITH_PARTS, EVERY_KIND | OF_A_THEME),
    **_of(WITHOUT_PARTS, EVERY_KIND | OF_THE_WHOLE),
    **_named(AT_ONCE, PUBLIC_AT_ONCE),
    **_named(ACCOUNTS, ABOUT_ACCOUNTS),
    **ITS_OWN,
}


@pytest.fixture
def known(action, django_user_model):
    """{name: address}, about content of every kind with a secret draft in the action's theme."""
    django_user_model.objects.create_user("collega")
    found = addresses(secret_drafts(action) | other_objects(action))
    return {name: address for name, address in found.items() if name not in LEFT_OUT}


def body(answer):
    """Return what an answer says, whether it comes in one piece or as a file."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_the_matrix_tells_of_every_address_there_is_and_no_other(known):
    assert known.keys() == MATRIX.keys()


@pytest.mark.parametrize(
    "role",
    # Who has no rights first; the others in `make test-slow`.
    [ROLES[0], *(pytest.param(role, marks=pytest.mark.slow) for role in ROLES[1:])],
)
def test_every_address_answers_as_the_matrix_says(request, role, known):
    client = request.getfixturevalue(role)
    statuses, telling = {}, set()
    for name, address in known.items():
        answer = client.get(address)
        statuses[name] = answer.status_code
        if SECRET.encode() in body(answer):
            telling.add(name)
        if role == "bezoeker" and answer.status_code == 302:
            assert answer["Location"].startswith("/beheer/login/"), name
    column = ROLES.index(role)
    assert statuses == {name: codes[column] for name, codes in MATRIX.items()}
    forms = {f"{model._meta.label_lower.replace('.', '_')}_change" for model in WRITTEN}
    own = {f"{model._meta.label_lower.replace('.', '_')}_change" for model in WITH_PARTS}
    if role in {"bezoeker", "elsewhere"}:
        assert telling == BY_LINK
    else:
        assert telling & forms == (own if role == "own_theme" else forms)


@pytest.mark.slow
def test_an_eindredacteur_of_another_theme_is_told_of_no_draft_either(chief_elsewhere, known):
    telling = {
        name
        for name, address in known.items()
        if SECRET.encode() in body(chief_elsewhere.get(address))
    }
    assert telling == BY_LINK


@pytest.mark.slow
@pytest.mark.parametrize("role", ["bezoeker", "elsewhere", "chief_elsewhere"])
def test_who_may_not_see_a_draft_changes_nothing_by_any_address(request, role, known):
    client = request.getfixturevalue(role)
    before = _everything()
    for name, address in known.items():
        answer = client.post(address, {"post": "yes", "action": "change_in_bulk"})
        assert answer.status_code < 500, name
        assert SECRET.encode() not in body(answer) or name in BY_LINK, name
        if role == "bezoeker" and name not in FOR_ALL | BY_LINK:
            assert answer.status_code in {302, 403, 405}, name
    assert _everything() == before


def _everything():
    """Return what stands of the content: each row's state, and each version with its state."""
    rows = {
        model: sorted(model._base_manager.values_list("pk", "state", "revision"))
        for model in WRITTEN
    }
    return rows, sorted(Version.objects.values_list("pk", "is_draft", "draft_state", "remark"))
