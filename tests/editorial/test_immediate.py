"""What is public as soon as it is saved: kept pages grow old at once, and nothing in use goes."""

import pytest
from django.db.models import ProtectedError
from django.urls import reverse

from plan.models import Action
from tests.tooling.forms import posted
from themes.models import Place, Synonym
from veiligalmere.editorial.addresses import OldAddress, ShortAddress
from veiligalmere.editorial.content_version import current_content_version
from veiligalmere.editorial.publish import publish, save_draft

pytestmark = pytest.mark.django_db
NEW = {
    Place: {"name": "Almere Pampus", "slug": "almere-pampus", "position": "9"},
    ShortAddress: {"path": "pampus", "target": "/themas/"},
    Synonym: {"words": "pampus\npampushout"},
}


def page_of(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


@pytest.mark.parametrize("model", NEW)
def test_saving_and_deleting_make_kept_pages_old(eindredacteur, jaarplan, model):
    versions = [current_content_version()]
    add = page_of(model, "add")
    eindredacteur.post(add, posted(eindredacteur.get(add), button="_save", **NEW[model]))
    versions.append(current_content_version())
    made = model.objects.latest("pk")
    delete = page_of(model, "delete", made.pk)
    eindredacteur.post(delete, posted(eindredacteur.get(delete)))
    versions.append(current_content_version())
    assert not model.objects.filter(pk=made.pk).exists()
    assert versions[0] < versions[1] < versions[2]


def test_an_old_address_that_is_deleted_answers_no_longer(eindredacteur, bezoeker, jaarplan):
    action = Action.objects.public().first()
    old = OldAddress.objects.create(path="/oud/", content=action)
    assert bezoeker.get("/oud/").status_code == 301
    before = current_content_version()
    delete = page_of(OldAddress, "delete", old.pk)
    eindredacteur.post(delete, posted(eindredacteur.get(delete)))
    assert bezoeker.get("/oud/").status_code == 404
    assert current_content_version() > before


def test_many_short_addresses_deleted_at_once_make_kept_pages_old(eindredacteur, jaarplan):
    made = [ShortAddress.objects.create(path=path, target="/themas/") for path in ("een", "twee")]
    before = current_content_version()
    chosen = {"_selected_action": [one.pk for one in made], "action": "delete_selected"}
    eindredacteur.post(page_of(ShortAddress, "changelist"), {**chosen, "post": "yes"})
    assert not ShortAddress.objects.filter(path__in=["een", "twee"]).exists()
    assert current_content_version() > before


@pytest.fixture
def place(jaarplan):
    """A new place, that nothing names."""
    return Place.objects.create(name="Almere Pampus", slug="almere-pampus")


def press_delete(client, place):
    return client.post(page_of(Place, "delete", place.pk), {"post": "yes"}, follow=True)


def test_a_place_that_an_action_has_is_not_deleted(eindredacteur, place):
    action = Action.objects.public().first()
    action.places.add(place)
    answer = press_delete(eindredacteur, place).content.decode()
    assert "kunt u niet verwijderen" in answer
    assert action.title in answer
    assert Place.objects.filter(pk=place.pk).exists()
    with pytest.raises(ProtectedError):
        Place.objects.filter(pk=place.pk).delete()


@pytest.mark.parametrize("published", [False, True])
def test_a_place_that_only_a_version_names_is_not_deleted(eindredacteur, place, published):
    action = Action.objects.public().first()
    save_draft(action, lambda row: row.places.add(place))
    if published:
        publish(action)
        save_draft(action, lambda row: row.places.remove(place))
        publish(action)
    assert not action.places.filter(pk=place.pk).exists()
    assert "kunt u niet verwijderen" in press_delete(eindredacteur, place).content.decode()
    assert Place.objects.filter(pk=place.pk).exists()


def test_a_list_offers_no_deleting_of_many_places_at_once(eindredacteur, place):
    chosen = {"_selected_action": [place.pk], "action": "delete_selected", "post": "yes"}
    eindredacteur.post(page_of(Place, "changelist"), chosen)
    assert Place.objects.filter(pk=place.pk).exists()
