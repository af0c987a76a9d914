"""What a form offers no more because it makes no sense goes when the form is saved."""

import pytest

from tests.tooling.forms import posted
from themes.models import Subtopic
from veiligalmere.editorial.publish import publish
from veiligalmere.editorial.versions import draft_of

pytestmark = pytest.mark.django_db


def form_of(obj):
    return f"/beheer/{obj._meta.app_label}/{obj._meta.model_name}/{obj.pk}/change/"


def save(client, obj, **changes):
    """Save the form of `obj` and return what its draft then holds."""
    answer = client.post(form_of(obj), posted(client.get(form_of(obj)), **changes))
    assert answer.status_code == 302, answer.context["errors"]
    return draft_of(obj).content


def test_a_parent_that_got_one_itself_keeps_no_form_from_being_saved(eindredacteur, jaarplan):
    free = Subtopic.objects.public().filter(parent=None, children=None)
    theme = free.first().theme_id
    child, parent, above = free.filter(theme=theme)[:3]
    assert save(eindredacteur, child, parent=str(parent.pk))["fields"]["parent"]
    save(eindredacteur, parent, parent=str(above.pk))
    publish(parent)
    assert posted(eindredacteur.get(form_of(child)))["parent"] == [""]
    content = save(eindredacteur, child, name="Een nieuwe naam")
    assert (content["fields"]["name"], content["fields"]["parent"]) == ("Een nieuwe naam", None)
