"""Dates in the forms of the back-office: as the site writes them, or in figures."""

from datetime import date

import pytest
from django.contrib import admin
from django.db import models
from django.test import RequestFactory

from plan.models import Action, Development
from tests.tooling.forms import posted
from veiligalmere.editorial.dates import DateField
from veiligalmere.editorial.versions import draft_of

pytestmark = pytest.mark.django_db
EXAMPLE = "Voer een datum in, bijvoorbeeld 1 maart 2021 of 1-3-2021."


@pytest.fixture
def action(jaarplan):
    """A published action without dates."""
    return Action.objects.public().filter(start_date=None, end_date=None).first()


def save(client, action, written):
    """Write a date in the form of `action` and save; return the answer."""
    page = f"/beheer/plan/action/{action.pk}/change/"
    data = posted(client.get(page), button="_continue", start_date=written)
    return client.post(page, data, follow=True)


@pytest.mark.parametrize(
    "written",
    [
        *("1 maart 2021", " 1  Maart 2021 ", "01 maart 2021", "1 mrt 2021"),
        *("1-3-2021", "01-03-2021", "1/3/2021", "2021-03-01"),
    ],
)
def test_a_date_is_read_in_words_and_in_figures(redacteur, action, written):
    save(redacteur, action, written)
    assert draft_of(action).content["fields"]["start_date"] == "2021-03-01"


@pytest.mark.parametrize(
    "written", ["morgen", "31 februari 2021", "1 march 2021", "1 maart", "32-1-2021", "1 maart 0"]
)
def test_what_is_no_date_is_refused_with_an_example(redacteur, action, written):
    answer = save(redacteur, action, written)
    assert EXAMPLE in answer.content.decode()
    assert posted(answer)["start_date"] == [written]
    assert draft_of(action) is None


def test_a_date_that_is_the_same_in_other_words_is_no_change(redacteur, action):
    action.start_date = date(2021, 3, 1)
    action.save()
    answer = save(redacteur, action, "1 maart 2021")
    assert "Er was niets gewijzigd" in answer.content.decode()


def test_every_date_in_a_form_of_the_back_office_is_read_so(beheerder, jaarplan):
    request = RequestFactory().get("/beheer/")
    request.user = beheerder.user
    request.resolver_match = None
    dates = [
        (model_admin, field)
        for model_admin in _with_inlines(request)
        for field in model_admin.opts.get_fields()
        if type(field) is models.DateField and field.editable
    ]
    assert len(dates) > 5
    for model_admin, field in dates:
        form_field = model_admin.formfield_for_dbfield(field, request)
        assert isinstance(form_field, DateField), f"{model_admin}: {field}"


def _with_inlines(request):
    for model_admin in admin.site._registry.values():
        yield model_admin
        yield from model_admin.get_inline_instances(request)


@pytest.mark.parametrize(("year", "day"), [("", "morgen"), ("9" * 30, "morgen")])
def test_a_public_development_of_no_year_that_an_address_can_have_is_shown_again(
    beheerder, year, day
):
    own = f"/beheer/plan/development/{Development.objects.public().first().pk}/change/"
    answer = beheerder.post(own, posted(beheerder.get(own), year=year, date=day))
    assert answer.status_code == 200
    assert "Voer een datum in" in answer.content.decode()
