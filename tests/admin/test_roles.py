"""Roles: rights to tick, by Dutch names."""

import re

import pytest
from django.contrib.auth.models import Group

from tests.tooling.forms import posted

pytestmark = pytest.mark.django_db


@pytest.fixture
def role():
    return Group.objects.get(name="Redacteur")


def test_rights_have_dutch_names(role, beheerder):
    page = beheerder.get(f"/beheer/auth/group/{role.pk}/change/").content.decode()
    names = re.findall(r'<label for="id_permissions_\d+"><input[^>]*>([^<]*)', page)
    assert {"actie: wijzigen", "meting: toevoegen", "gebruiker: bekijken"} <= set(
        map(str.strip, names)
    )
    assert any("Mag publiceren, terugsturen en intrekken" in name for name in names)
    assert not re.search(r"\bCan (add|change|delete|view)\b", page)
    assert not [name for name in names if re.search(r"content|blacked|unsaved|presence", name)]


def test_a_right_is_taken_away_and_all_others_stay(role, beheerder):
    address = f"/beheer/auth/group/{role.pk}/change/"
    before = set(role.permissions.values_list("codename", flat=True))
    fields = posted(beheerder.get(address))
    gone = role.permissions.get(codename="delete_action")
    fields["permissions"] = [key for key in fields["permissions"] if key != str(gone.pk)]
    assert beheerder.post(address, fields).status_code == 302
    assert set(role.permissions.values_list("codename", flat=True)) == before - {"delete_action"}


def test_an_account_is_given_roles_by_ticking_and_each_half_of_a_moment_has_a_name(beheerder):
    address = f"/beheer/auth/user/{beheerder.user.pk}/change/"
    page = beheerder.get(address)
    fields = posted(page)
    assert re.search(r'aria-label="[^":]+: tijd"[^>]*id="id_date_joined_1"', page.content.decode())
    fields["groups"] = [str(Group.objects.get(name=name).pk) for name in ("Redacteur", "Beheerder")]
    assert beheerder.post(address, fields).status_code == 302
    assert {one.name for one in beheerder.user.groups.all()} == {"Redacteur", "Beheerder"}


def test_an_account_gets_no_address_that_no_mail_can_be_sent_to(beheerder):
    address = f"/beheer/auth/user/{beheerder.user.pk}/change/"
    fields = posted(beheerder.get(address)) | {"email": f"anna@{'é' * 60}.nl"}
    answer = beheerder.post(address, fields)
    assert answer.status_code == 200
    assert "Voer een geldig e-mailadres in." in answer.content.decode()
    answer = beheerder.post(address, fields | {"email": "=?utf-8?q?anna?=@voorbeeld.nl"})
    assert "Naar dit mailadres kunnen wij geen mail sturen." in answer.content.decode()
    assert beheerder.post(address, fields | {"email": "anna@café.nl"}).status_code == 302
