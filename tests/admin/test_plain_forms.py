"""Forms of what has no draft: two editors at once, and text that was typed and not saved."""

from types import SimpleNamespace

import pytest
from django.conf import settings as configured
from django.urls import reverse

from plan.models import Erratum
from plan.progress.adoption import adopt
from tests.editorial.pictures import stored_image
from tests.progress.conftest import make_round
from tests.tooling.forms import assert_it_begins_at, posted, take_back
from themes.models import Place, Synonym
from veiligalmere.editorial.addresses import ShortAddress
from veiligalmere.editorial.unsaved import UnsavedText

pytestmark = pytest.mark.django_db
PASSWORD = "een-lang-wachtwoord-1"


@pytest.fixture
def forms(jaarplan):
    """An object of each kind, with a field of its form, by kind."""
    made = {
        "progressreport": (make_round(jaarplan), "summary"),
        "synonym": (Synonym.objects.first(), "words"),
        "place": (Place.objects.first(), "name"),
        "shortaddress": (ShortAddress.objects.first(), "target"),
    }
    return {
        kind: SimpleNamespace(obj=obj, field=field, page=address(obj))
        for kind, (obj, field) in made.items()
    }


@pytest.fixture
def anna(beheerder):
    """A colleague with a name and a password."""
    beheerder.user.first_name, beheerder.user.last_name = "Anna", "Jansen"
    beheerder.user.set_password(PASSWORD)
    beheerder.user.save()
    beheerder.force_login(beheerder.user)
    return beheerder


KINDS = ["progressreport", "synonym", "place", "shortaddress"]
THEIRS = {"synonym": "stank\ngeur", "shortaddress": "/van-anna/"}
MINE = {"synonym": "lawaai\nherrie", "shortaddress": "/van-mij/"}


def address(obj):
    return reverse(f"admin:{obj._meta.label_lower.replace('.', '_')}_change", args=[obj.pk])


def text(response):
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("kind", KINDS)
def test_second_of_two_sees_who_was_first_keeps_every_word_and_saves_after_all(
    anna, eindredacteur, forms, kind
):
    form = forms[kind]
    theirs, mine = THEIRS.get(kind, "Van Anna"), MINE.get(kind, "Van mij")
    late = posted(eindredacteur.get(form.page), button="_save", **{form.field: mine})
    anna.post(form.page, posted(anna.get(form.page), button="_save", **{form.field: theirs}))
    answer = eindredacteur.post(form.page, late)
    assert "Anna Jansen heeft dit intussen opgeslagen" in text(answer)
    assert_it_begins_at(answer, "conflict-kop")
    assert "is dan weg: neem eerst over wat moet blijven" in text(answer)
    assert " ".join(theirs.split()) in text(answer)
    form.obj.refresh_from_db()
    assert getattr(form.obj, form.field) == theirs
    again = posted(answer, button="_save")
    assert "".join(again[form.field]).replace("\r\n", "\n") == mine
    assert eindredacteur.post(form.page, again).status_code == 302
    form.obj.refresh_from_db()
    assert getattr(form.obj, form.field) == mine


def test_what_only_the_colleague_changed_is_taken_over(anna, eindredacteur, forms):
    form = forms["progressreport"]
    late = posted(eindredacteur.get(form.page), button="_save", summary="Van mij")
    anna.post(form.page, posted(anna.get(form.page), button="_save", deadline="15-07-2020"))
    answer = eindredacteur.post(form.page, late)
    assert "Dit wijzigde alleen Anna Jansen" in text(answer)
    eindredacteur.post(form.page, posted(answer, button="_save"))
    form.obj.refresh_from_db()
    assert form.obj.summary == "Van mij"
    assert f"{form.obj.deadline:%d-%m-%Y}" == "15-07-2020"


@pytest.mark.parametrize("mark", ["", "x", "a:b:c"])
def test_a_mark_that_is_none_of_ours_overwrites_nothing(eindredacteur, forms, mark):
    form = forms["place"]
    data = posted(eindredacteur.get(form.page), button="_save", name="Nieuw", _gezien=mark)
    answer = eindredacteur.post(form.page, data)
    assert "Een collega heeft dit intussen opgeslagen" in text(answer)
    assert not Place.objects.filter(name="Nieuw").exists()


def test_saving_what_a_colleague_saved_too_is_no_conflict(anna, eindredacteur, forms):
    form = forms["place"]
    data = posted(eindredacteur.get(form.page), button="_save", name="Zelfde")
    anna.post(form.page, posted(anna.get(form.page), button="_save", name="Zelfde"))
    assert eindredacteur.post(form.page, data).status_code == 302


def test_summary_that_comes_after_adoption_is_shown_and_not_lost(eindredacteur, forms):
    form = forms["progressreport"]
    late = posted(eindredacteur.get(form.page), button="_save", summary="Net te laat.")
    adopt(form.obj)
    answer = eindredacteur.post(form.page, late)
    assert answer.status_code == 200
    assert "Dit is intussen niet meer te wijzigen" in text(answer)
    assert_it_begins_at(answer, "vast-kop")
    assert "Net te laat." in text(answer)
    assert "ManagementForm" not in text(answer)
    again = posted(answer, button="_save", council_document="https://raad.example/1")
    assert eindredacteur.post(form.page, again).status_code == 302
    form.obj.refresh_from_db()
    assert form.obj.council_document == "https://raad.example/1"
    assert form.obj.summary == "Samenvatting 1."


def test_of_all_that_a_refusal_tells_only_the_first_has_the_focus(anna, eindredacteur, forms):
    form = forms["progressreport"]
    changes = {"summary": "Net te laat.", "offered_on": "1 maart 2099"}
    late = posted(eindredacteur.get(form.page), button="_save", **changes)
    adopt(form.obj)
    refused = eindredacteur.post(form.page, late | {"offered_on": ["morgen"]})
    assert 'class="mistakes"' in text(refused)
    assert_it_begins_at(refused, "vast-kop")
    anna.post(form.page, posted(anna.get(form.page), button="_save", offered_on="2 maart 2099"))
    refused = eindredacteur.post(form.page, late)
    assert 'id="vast-kop"' in text(refused)
    assert_it_begins_at(refused, "conflict-kop")


def test_erratum_that_is_sent_twice_is_there_once(eindredacteur, forms):
    form = forms["progressreport"]
    adopt(form.obj)
    shown = eindredacteur.get(form.page)
    data = {**posted(shown), "errata-TOTAL_FORMS": "1", "errata-0-text": "Het was acht."}
    assert eindredacteur.post(form.page, data).status_code == 302
    assert "Dit erratum staat al bij de rapportage." in text(eindredacteur.post(form.page, data))
    assert Erratum.objects.count() == 1


@pytest.mark.parametrize("kind", KINDS)
def test_text_of_a_closed_browser_is_offered_back(eindredacteur, forms, kind):
    form = forms[kind]
    mine = MINE.get(kind, "Half geschre")
    data = posted(eindredacteur.get(form.page), **{form.field: mine})
    typed = form.page.replace("/change/", "/getypt/")
    assert eindredacteur.post(typed, {**data, "_getypt": "1"}).json()["kept"]
    shown = eindredacteur.get(form.page)
    assert "tekst die niet is opgeslagen" in text(shown)
    shown = take_back(eindredacteur, form.page)
    assert "errornote" not in text(shown)
    again = posted(shown, button="_save")
    assert "".join(again[form.field]).replace("\r\n", "\n") == mine
    assert eindredacteur.post(form.page, again).status_code == 302
    form.obj.refresh_from_db()
    assert getattr(form.obj, form.field) == mine
    assert not UnsavedText.objects.exists()


def test_text_of_a_save_that_was_refused_is_offered_back(eindredacteur, forms):
    form = forms["progressreport"]
    changes = {"summary": "Laatste zin.", "deadline": "morgen"}
    answer = eindredacteur.post(
        form.page, posted(eindredacteur.get(form.page), button="_save", **changes)
    )
    assert "errornote" in text(answer)
    assert "tekst die niet is opgeslagen" in text(eindredacteur.get(form.page))
    again = posted(take_back(eindredacteur, form.page), button="_save")
    assert again["summary"] == ["Laatste zin."]
    answer = eindredacteur.post(form.page, {**again, "deadline": "30-6-2020"})
    assert answer.status_code == 302
    assert not UnsavedText.objects.exists()


def test_erratum_of_a_closed_browser_is_offered_back(eindredacteur, forms):
    form = forms["progressreport"]
    adopt(form.obj)
    data = posted(eindredacteur.get(form.page))
    data |= {"errata-TOTAL_FORMS": "1", "errata-0-text": "Het was acht.", "_getypt": "1"}
    eindredacteur.post(form.page.replace("/change/", "/getypt/"), data)
    shown = take_back(eindredacteur, form.page)
    assert posted(shown)["errata-0-text"] == ["Het was acht."]
    assert not Erratum.objects.exists()
    eindredacteur.post(form.page, posted(shown, button="_save"))
    assert Erratum.objects.get().text == "Het was acht."


NEW = {
    "/beheer/plan/progressreport/add/": ("summary", "Alvast een samenvatting."),
    "/beheer/themes/synonym/add/": ("words", "lawaai"),
    "/beheer/themes/place/add/": ("name", "Almere Nergens"),
    "/beheer/editorial/shortaddress/add/": ("path", "nieuw-adres"),
    "/beheer/editorial/image/add/": ("alternative_text", "Een brug."),
}


@pytest.mark.parametrize("cookie_is_gone", [False, True])
@pytest.mark.parametrize("page", NEW)
def test_form_that_comes_in_after_the_session_ended_is_offered_after_logging_in(
    anna, jaarplan, page, cookie_is_gone
):
    field, words = NEW[page]
    data = posted(anna.get(page), button="_save", **{field: words})
    anna.session.flush()
    if cookie_is_gone:
        del anna.cookies[configured.SESSION_COOKIE_NAME]
    answer = anna.post(page, data)
    login = posted(anna.get(answer["Location"]), username="beheerder", password=PASSWORD)
    shown = anna.post(answer["Location"], login, follow=True)
    assert "tekst die niet is opgeslagen" in text(shown)
    assert posted(take_back(anna, page))[field] == [words]


def test_words_of_an_image_are_offered_back_and_a_colleague_is_told_of(
    anna, eindredacteur, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    page = address(stored_image())
    typed = posted(eindredacteur.get(page), alternative_text="Van mij")
    eindredacteur.post(page.replace("/change/", "/getypt/"), {**typed, "_getypt": "1"})
    anna.post(page, posted(anna.get(page), button="_save", alternative_text="Van Anna"))
    shown = take_back(eindredacteur, page)
    assert posted(shown)["alternative_text"] == ["Van mij"]
    answer = eindredacteur.post(page, posted(shown, button="_save"))
    assert "Anna Jansen heeft deze woorden intussen gewijzigd" in text(answer)
    assert posted(answer)["alternative_text"] == ["Van mij"]


def test_the_form_of_a_report_says_who_else_has_it_open(anna, eindredacteur, forms):
    page = forms["progressreport"].page
    anna.post(page.replace("/change/", "/getypt/"))
    assert "Anna Jansen bewerkt dit sinds" in text(eindredacteur.get(page))
