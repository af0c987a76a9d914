"""The page that shows every component, for who works on the design."""

import pytest
from django.http import Http404
from django.test import RequestFactory

from plan.models import Status
from veiligalmere.pages.styleguide import styleguide

pytestmark = pytest.mark.django_db


def test_components_of_made_up_content_are_drawn(settings):
    settings.DEBUG = True
    text = styleguide(RequestFactory().get("/stijl/")).content.decode()
    for status in Status:
        assert status.label.capitalize() in text
    assert text.count('class="figure-chart__drawing"') == 2
    assert "Voorbeeldbegrip" in text
    assert "Met document (PDF)" in text


def test_visitors_never_see_it(settings):
    settings.DEBUG = False
    with pytest.raises(Http404):
        styleguide(RequestFactory().get("/stijl/"))
