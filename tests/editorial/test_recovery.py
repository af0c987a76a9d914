"""Text that was typed and not saved, and who else has the form open."""

import re
from datetime import timedelta
from secrets import token_hex

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db.models import Sum
from django.db.models.functions import Length
from django.test import Client
from django.utils import timezone

from plan.models import Action
from tests.tooling.drafts import writing
from tests.tooling.forms import posted, take_back
from themes.models import Indicator, Term, Theme, ThemeLimit
from veiligalmere.editorial.blackout import black_out
from veiligalmere.editorial.held_text import MAX_HELD, MAX_TOGETHER
from veiligalmere.editorial.presence import AWAY_AFTER, Presence
from veiligalmere.editorial.publish import save_draft, submit
from veiligalmere.editorial.unsaved import KEPT, MOST, UnsavedText
from veiligalmere.editorial.versions import draft_of

pytestmark = pytest.mark.django_db
PASSWORD = "een-lang-wachtwoord-1"


@pytest.fixture
def action(jaarplan):
    """A published action."""
    return Action.objects.public().first()


@pytest.fixture
def page(action):
    return f"/beheer/plan/action/{action.pk}/"


@pytest.fixture
def anna(django_user_model):
    """A colleague with a password."""
    client = Client()
    client.user = django_user_model.objects.create_superuser(
        "anna", password=PASSWORD, first_name="Anna", last_name="Jansen"
    )
    client.force_login(client.user)
    return client


def text(response):
    return " ".join(response.content.decode().split())


def typed(client, shown, page, **changes):
    """Type in the form on the page `shown`, as its script tells the server."""
    return client.post(f"{page}getypt/", {**posted(shown, **changes), "_getypt": "1"})


def type_in(client, page, **changes):
    """Open the form and type in it."""
    return typed(client, client.get(f"{page}change/"), page, **changes)


def test_text_of_a_closed_browser_is_offered_back_word_for_word(anna, page, action):
    assert type_in(anna, page, summary="Half geschre", partners="Politie").json() == {
        "kept": True,
        "others": [],
    }
    shown = anna.get(f"{page}change/")
    assert "tekst die niet is opgeslagen" in text(shown)
    assert posted(shown)["summary"] == [""]
    shown = take_back(anna, f"{page}change/")
    assert posted(shown)["summary"] == ["Half geschre"]
    assert posted(shown)["partners"] == ["Politie"]
    assert "errornote" not in text(shown)
    assert draft_of(action) is None
    answer = anna.post(f"{page}change/", posted(shown, button="_continue"), follow=True)
    assert draft_of(action).content["fields"]["summary"] == "Half geschre"
    assert "niet is opgeslagen" not in text(answer)
    assert not UnsavedText.objects.exists()


def save_refused(client, address, **changes):
    """Press the button to save a form with a mistake in it; return the answer."""
    answer = client.post(address, posted(client.get(address), button="_continue", **changes))
    assert "errornote" in text(answer)
    return answer


def test_text_of_a_save_that_was_refused_is_offered_back(anna, page, action):
    save_refused(anna, f"{page}change/", summary="Laatste zin.", start_date="morgen")
    shown = anna.get(f"{page}change/")
    assert "tekst die niet is opgeslagen" in text(shown)
    again = posted(take_back(anna, f"{page}change/"), button="_continue")
    assert again["summary"] == ["Laatste zin."]
    assert again["start_date"] == ["morgen"]
    anna.post(f"{page}change/", {**again, "start_date": ""})
    assert draft_of(action).content["fields"]["summary"] == "Laatste zin."
    assert not UnsavedText.objects.exists()


def test_what_is_kept_of_it_is_the_newest_and_no_more_than_typing_keeps(anna, page):
    shown = anna.get(f"{page}change/")
    typed(anna, shown, page, summary="Eerste zin.")
    before = UnsavedText.objects.get().fields
    changes = {"summary": "Eerste zin. Laatste zin.", "start_date": "morgen"}
    answer = anna.post(f"{page}change/", posted(shown, button="_continue", **changes))
    assert "errornote" in text(answer)
    kept = UnsavedText.objects.get().fields
    assert kept["summary"] == "Eerste zin. Laatste zin."
    assert kept.keys() == before.keys()
    assert "csrfmiddlewaretoken" not in kept


def test_text_of_a_conflict_is_offered_back_and_still_overwrites_nothing(
    anna, beheerder, page, action
):
    mine = posted(anna.get(f"{page}change/"), button="_continue", summary="Van Anna")
    theirs = posted(beheerder.get(f"{page}change/"), button="_continue", summary="Van beheer")
    beheerder.post(f"{page}change/", theirs)
    answer = anna.post(f"{page}change/", mine)
    assert "Uw tekst is nog niet opgeslagen" in text(answer)
    assert "tekst die niet is opgeslagen" in text(anna.get(f"{page}change/"))
    shown = take_back(anna, f"{page}change/")
    assert posted(shown)["summary"] == ["Van Anna"]
    # Who closed that page has not chosen yet.
    again = anna.post(f"{page}change/", posted(shown, button="_continue"))
    assert "heeft dit intussen opgeslagen" in text(again)
    anna.post(f"{page}change/", posted(again, button="_continue"))
    assert draft_of(action).content["fields"]["summary"] == "Van Anna"
    assert not UnsavedText.objects.exists()


def test_text_of_a_new_object_that_was_refused_is_offered_back(anna, jaarplan):
    page = "/beheer/plan/action/add/"
    save_refused(anna, page, summary="Nog zonder titel")
    assert "tekst die niet is opgeslagen" in text(anna.get(page))
    assert posted(take_back(anna, page))["summary"] == ["Nog zonder titel"]


def test_a_row_within_a_form_that_was_refused_is_offered_back(anna, jaarplan):
    figure = Indicator.objects.filter(measurements__isnull=False).first()
    page = f"/beheer/themes/indicator/{figure.pk}/change/"
    changes = {"measurements-0-note": "Bijgesteld", "measurements-0-value": "veel"}
    save_refused(anna, page, **changes)
    assert posted(take_back(anna, page))["measurements-0-note"] == ["Bijgesteld"]


def test_what_was_saved_in_a_window_of_its_own_is_not_offered_back(anna, jaarplan):
    page = "/beheer/themes/term/add/?_popup=1"
    shown = save_refused(anna, page, name="Nieuw begrip")
    assert UnsavedText.objects.exists()
    words = {"slug": "nieuw-begrip", "source": "Jaarplan", "source_url": "/begrippen/"}
    data = posted(shown, button="_continue", explanation="Uitleg.", **words)
    assert "popup_response" in text(anna.post(page, data))
    assert not UnsavedText.objects.exists()


def test_a_window_of_its_own_stays_one_when_text_is_thrown_away(anna, jaarplan):
    page = "/beheer/themes/place/add/?_popup=1"
    anna.post(page, posted(anna.get(page), button="_save", name="Nieuwe plek", slug="fout adres"))
    shown = anna.get(page)
    where = re.search(r'id="vergeten" method="post" action="([^"]+)"', text(shown))[1]
    offered = {"tekst": re.search(r'name="tekst" value="(\d+)"', text(shown))[1]}
    assert anna.post(where, offered)["Location"] == page


def test_a_form_that_is_only_looked_at_or_brought_back_keeps_nothing_anew(anna, page):
    type_in(anna, page, summary="Half geschre")
    before = UnsavedText.objects.get().saved_at
    anna.get(f"{page}change/")
    take_back(anna, f"{page}change/")
    assert UnsavedText.objects.get().saved_at == before


def test_rows_within_the_form_are_offered_back_too(anna, jaarplan):
    figure = Indicator.objects.filter(measurements__isnull=False).first()
    page = f"/beheer/themes/indicator/{figure.pk}/"
    type_in(anna, page, **{"measurements-0-note": "Bijgesteld"})
    shown = take_back(anna, f"{page}change/")
    assert posted(shown)["measurements-0-note"] == ["Bijgesteld"]
    assert "errornote" not in text(shown)


def test_it_is_offered_to_nobody_else_and_can_be_thrown_away(anna, beheerder, page):
    type_in(anna, page, summary="Van Anna")
    assert "niet is opgeslagen" not in text(beheerder.get(f"{page}change/"))
    shown = anna.get(f"{page}change/")
    offered = {"tekst": re.search(r'name="tekst" value="(\d+)"', text(shown))[1]}
    answer = anna.post(f"{page}vergeten/", offered, follow=True)
    assert "is weggegooid" in text(answer)
    assert not UnsavedText.objects.exists()


def test_what_is_typed_in_another_form_leaves_what_is_offered_as_it_is(anna, page, action):
    type_in(anna, page, summary="Een halve middag werk")
    shown = anna.get(f"{page}change/")
    assert "tekst die niet is opgeslagen" in text(shown)
    typed(anna, shown, page, partners="Politie")
    assert UnsavedText.objects.count() == 2
    newest, oldest = re.findall(r'href="(\?terughalen=\d+)"', text(anna.get(f"{page}change/")))
    assert posted(anna.get(f"{page}change/{newest}"))["partners"] == ["Politie"]
    shown = anna.get(f"{page}change/{oldest}")
    assert posted(shown)["summary"] == ["Een halve middag werk"]
    anna.post(f"{page}change/", posted(shown, button="_continue"))
    assert draft_of(action).content["fields"]["summary"] == "Een halve middag werk"
    assert UnsavedText.objects.get().fields["partners"] == "Politie"


def test_two_new_ones_in_two_tabs_each_keep_their_own(anna, jaarplan):
    page = "/beheer/themes/term/add/"
    tabs = [anna.get(page), anna.get(page)]
    for shown, name in zip(tabs, ("Eerste", "Tweede"), strict=True):
        typed(anna, shown, "/beheer/themes/term/add/", name=name)
    assert {one.fields["name"] for one in UnsavedText.objects.all()} == {"Eerste", "Tweede"}
    words = {"slug": "tweede", "source": "Jaarplan", "source_url": "/begrippen/"}
    done = posted(tabs[1], button="_save", name="Tweede", explanation="Uitleg.", **words)
    assert anna.post(page, done).status_code == 302
    assert UnsavedText.objects.get().fields["name"] == "Eerste"


def test_only_so_many_are_kept_of_one_object(anna, page):
    for number in range(MOST + 2):
        type_in(anna, page, summary=f"Poging {number}")
    kept = {one.fields["summary"] for one in UnsavedText.objects.all()}
    assert kept == {f"Poging {number}" for number in range(2, MOST + 2)}


def test_it_is_kept_for_a_few_days(anna, page):
    type_in(anna, page, summary="Oud")
    UnsavedText.objects.update(saved_at=timezone.now() - KEPT - timedelta(minutes=1))
    assert "niet is opgeslagen" not in text(anna.get(f"{page}change/"))


def test_too_much_is_refused_and_said(anna, page):
    answer = anna.post(f"{page}getypt/", {"_getypt": "1", "summary": "x" * 1_000_001})
    assert answer.json()["kept"] is False
    assert not UnsavedText.objects.exists()


def test_text_of_an_object_that_does_not_exist_yet_is_offered_back(anna, jaarplan):
    page = "/beheer/plan/action/add/"
    data = posted(anna.get(page), title="Nog niet af")
    anna.post(f"{page}getypt/", {**data, "_getypt": "1"})
    shown = take_back(anna, page)
    assert posted(shown)["title"] == ["Nog niet af"]
    assert not Action.objects.filter(title="Nog niet af").exists()


def test_a_colleague_who_saved_meanwhile_is_told_after_recovering_too(anna, beheerder, page):
    type_in(anna, page, summary="Van Anna")
    data = posted(beheerder.get(f"{page}change/"), button="_continue", summary="Van beheer")
    beheerder.post(f"{page}change/", data)
    shown = take_back(anna, f"{page}change/")
    answer = anna.post(f"{page}change/", posted(shown, button="_continue"))
    assert "heeft dit intussen opgeslagen" in text(answer)
    assert posted(answer)["summary"] == ["Van Anna"]


def test_a_form_that_comes_in_after_the_session_ended_is_there_after_logging_in(anna, page, action):
    data = posted(anna.get(f"{page}change/"), button="_continue", summary="Laatste zin.")
    anna.session.flush()
    answer = anna.post(f"{page}change/", data)
    assert answer.status_code == 302
    assert draft_of(action) is None
    login = anna.get(answer["Location"])
    fields = posted(login, username="anna", password=PASSWORD)
    shown = anna.post(answer["Location"], fields, follow=True)
    assert "tekst die niet is opgeslagen" in text(shown)
    assert posted(take_back(anna, f"{page}change/"))["summary"] == ["Laatste zin."]


def test_that_text_stays_too_when_the_script_noticed_the_end_first(anna, page, action):
    data = posted(anna.get(f"{page}change/"), button="_continue", summary="Laatste zin.")
    anna.session.flush()
    # The answer to the script takes the cookie of the session that ended away, as a browser then
    # does; Django's client keeps it, empty.
    told = anna.post(f"{page}getypt/")
    assert told.status_code == 403
    assert told.cookies[settings.SESSION_COOKIE_NAME].value == ""
    del anna.cookies[settings.SESSION_COOKIE_NAME]
    answer = anna.post(f"{page}change/", data)
    fields = posted(anna.get(answer["Location"]), username="anna", password=PASSWORD)
    shown = anna.post(answer["Location"], fields, follow=True)
    assert "tekst die niet is opgeslagen" in text(shown)
    assert posted(take_back(anna, f"{page}change/"))["summary"] == ["Laatste zin."]


def log_in_after(client, answer):
    """Log in at the page that `answer` leads to, and return the page that was asked for."""
    assert answer.status_code == 302
    fields = posted(client.get(answer["Location"]), username="anna", password=PASSWORD)
    return client.post(answer["Location"], fields, follow=True)


@pytest.mark.parametrize("cookie_is_gone", [False, True])
@pytest.mark.parametrize("button", ["publiceren", "terugsturen"])
def test_what_a_chief_editor_wrote_when_judging_is_back_after_logging_in(
    anna, page, action, button, cookie_is_gone
):
    save_draft(action, lambda row: row.save())
    submit(action)
    address = f"{page}beoordelen/"
    written = {
        "publiceren": {"publiceren-note": "Drie straten erbij.", "publiceren-minor": "on"},
        "terugsturen": {"terugsturen-remark": "Noem de bron nog."},
    }[button]
    data = {**posted(anna.get(address), form=button, button=button), **written}
    anna.session.flush()
    if cookie_is_gone:
        del anna.cookies[settings.SESSION_COOKIE_NAME]
    shown = log_in_after(anna, anna.post(address, data))
    assert "Wat u schreef, staat weer hieronder; nog niet opgeslagen" in text(shown)
    fields = {name: [value] for name, value in written.items()}
    assert fields.items() <= posted(shown, form=button, button=button).items()
    assert draft_of(action)
    assert "Wat u schreef" not in text(anna.get(address))


@pytest.mark.parametrize("cookie_is_gone", [False, True])
def test_figures_pasted_after_the_session_ended_are_back_after_logging_in(anna, cookie_is_gone):
    figure = Indicator.objects.first()
    address = f"/beheer/themes/indicator/{figure.pk}/cijfers-invoeren/"
    data = posted(anna.get(address), text="2016\t11218", area="Almere Haven")
    anna.session.flush()
    if cookie_is_gone:
        del anna.cookies[settings.SESSION_COOKIE_NAME]
    shown = log_in_after(anna, anna.post(address, data))
    again = posted(shown)
    assert again["text"] == ["2016\t11218"]
    assert again["area"] == ["Almere Haven"]


@pytest.mark.parametrize("step", ["change", "beoordelen"])
def test_text_that_waits_for_a_login_lapses_when_words_are_blacked_out(anna, page, action, step):
    save_draft(action, writing(partners="Kwikstaart"))
    submit(action)
    button, field = {
        "change": ("_continue", "summary"),
        "beoordelen": ("publiceren", "publiceren-note"),
    }[step]
    address = f"{page}{step}/"
    data = posted(anna.get(address), form=field, button=button)
    data[field] = ["Bij Kwikstaart."]
    anna.session.flush()
    answer = anna.post(address, data)
    black_out(["Kwikstaart"], rule="artikel 10 van de AVG", by=None)
    shown = log_in_after(anna, answer)
    assert "intussen zijn op de site woorden zwartgelakt" in text(shown)
    assert "Bij Kwikstaart" not in text(anna.get(address))
    assert not UnsavedText.objects.exists()


@pytest.mark.parametrize("cookie_is_gone", [False, True])
def test_why_something_is_withdrawn_is_back_after_logging_in(anna, page, action, cookie_is_gone):
    address = f"{page}intrekken/"
    data = posted(anna.get(address), **{"intrekken-note": "Vervallen door het nieuwe plan."})
    anna.session.flush()
    if cookie_is_gone:
        del anna.cookies[settings.SESSION_COOKIE_NAME]
    shown = log_in_after(anna, anna.post(address, data))
    assert "Wat u schreef, staat weer hieronder; nog niet opgeslagen" in text(shown)
    assert posted(shown)["intrekken-note"] == ["Vervallen door het nieuwe plan."]
    action.refresh_from_db()
    assert action.is_public


@pytest.mark.parametrize("cookie_is_gone", [False, True])
def test_what_was_to_change_in_bulk_is_back_after_logging_in(anna, action, cookie_is_gone):
    address = f"/beheer/plan/action/in-bulk/?gekozen={action.pk}"
    data = posted(anna.get(address), step="publiceren", note="Overal de periode erbij.")
    anna.session.flush()
    if cookie_is_gone:
        del anna.cookies[settings.SESSION_COOKIE_NAME]
    shown = log_in_after(anna, anna.post(address, data))
    assert "Wat u schreef, staat weer hieronder; nog niet opgeslagen" in text(shown)
    again = posted(shown)
    assert again["note"] == ["Overal de periode erbij."]
    assert again["step"] == ["publiceren"]


def test_forms_in_two_tabs_are_both_back_after_logging_in(anna, page, action):
    other = f"/beheer/plan/action/{Action.objects.public().last().pk}/"
    sent = [
        (page, posted(anna.get(f"{page}change/"), button="_continue", summary="In tab 1")),
        (other, posted(anna.get(f"{other}change/"), button="_continue", summary="In tab 2")),
    ]
    del anna.cookies[settings.SESSION_COOKIE_NAME]
    for where, data in sent:
        answer = anna.post(f"{where}change/", data)
    log_in_after(anna, answer)
    for where, words in ((page, "In tab 1"), (other, "In tab 2")):
        assert posted(take_back(anna, f"{where}change/"))["summary"] == [words]


def fill_sessions(page):
    """Send forms as a stranger does, who never had a session, until they are refused."""
    for number in range(100):
        fields = {"intrekken-note": token_hex(MAX_HELD // 2 - 5_000)}
        assert Client().post(f"{page}change/", fields).status_code in {302, 403}, number


def test_strangers_can_not_fill_the_database_with_forms(page):
    fill_sessions(page)
    stored = Session.objects.aggregate(length=Sum(Length("session_data")))["length"]
    assert MAX_HELD < stored <= MAX_TOGETHER


def test_who_sends_a_form_too_late_when_there_is_no_room_is_told(anna, page):
    data = posted(anna.get(f"{page}change/"), button="_continue", summary="Laatste zin.")
    anna.session.flush()
    fill_sessions(page)
    rows = Session.objects.count()
    answer = anna.post(f"{page}change/", data)
    assert answer.status_code == 403
    assert "Ga in uw browser een pagina terug: daar staat nog wat u schreef" in text(answer)
    assert Session.objects.count() == rows
    # What strangers sent has its time within the hour, also before the nightly clean-up.
    assert Session.objects.latest("expire_date").expire_date < timezone.now() + timedelta(hours=1)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    log_in_after(anna, anna.post(f"{page}change/", data))
    assert posted(take_back(anna, f"{page}change/"))["summary"] == ["Laatste zin."]
    assert Session.objects.count() < rows


@pytest.fixture
def figure(jaarplan, beheerder):
    """A figure that was never published, with a measurement."""
    figure = Indicator.objects.create(
        **{
            field.name: getattr(Indicator.objects.first(), field.name)
            for field in Indicator._meta.concrete_fields
            if field.editable and field.name not in {"id", "slug", "name"}
        }
        | {"name": "Van korte duur", "slug": "van-korte-duur", "state": "concept"}
    )
    figure.measurements.create(period="2019", value=3)
    return figure


def test_words_for_something_that_a_colleague_deleted_are_kept_for_a_new_one(
    anna, beheerder, figure
):
    page = f"/beheer/themes/indicator/{figure.pk}/"
    data = posted(anna.get(f"{page}change/"), button="_continue", definition="Een lange tekst.")
    beheerder.post(f"{page}delete/", {"post": "yes"})
    assert not Indicator.objects.filter(pk=figure.pk).exists()
    told = anna.post(f"{page}getypt/", {**data, "_getypt": "1"})
    assert (told.status_code, told.json()) == (410, {"code": "gone"})
    answer = text(anna.post(f"{page}change/", data, follow=True))
    assert "Wat u schreef is bewaard. Open “Cijfer toevoegen”" in answer
    shown = take_back(anna, "/beheer/themes/indicator/add/")
    assert posted(shown)["definition"] == ["Een lange tekst."]
    assert posted(shown)["measurements-0-period"] == ["2019"]
    anna.post("/beheer/themes/indicator/add/", posted(shown, button="_continue"))
    again = Indicator.objects.get(slug="van-korte-duur")
    assert again.definition == "Een lange tekst."
    assert again.measurements.count() == 1


def test_words_for_something_out_of_reach_are_said_to_be_unsaved(redacteur, action, page):
    data = posted(redacteur.get(f"{page}change/"), button="_continue", summary="Nog niet bewaard")
    limit = ThemeLimit.objects.create(user=redacteur.user)
    limit.themes.add(Theme.objects.exclude(pk=action.theme_id).first())
    answer = text(redacteur.post(f"{page}change/", data, follow=True))
    assert "Wat u schreef is bewaard. Open “Actie toevoegen”" in answer
    shown = take_back(redacteur, "/beheer/plan/action/add/")
    assert posted(shown)["summary"] == ["Nog niet bewaard"]


def test_a_form_for_something_new_that_was_saved_in_another_tab_loses_no_word(anna, jaarplan):
    page = "/beheer/themes/term/add/"
    words = {"name": "Wijkagent", "slug": "wijkagent", "explanation": "Kort."}
    words |= {"source": "Jaarplan", "source_url": "/jaarplan/2020/"}
    first = posted(anna.get(page), button="_continue", **words)
    answer = anna.post(page, first, follow=True)
    assert "is opgeslagen" in text(answer)
    assert "is opgeslagen" in text(anna.post(page, first, follow=True)), "a double click"
    later = {**first, "explanation": ["Die kent de buurt."]}
    answer = anna.post(page, later, follow=True)
    assert "was al gemaakt, met een andere tekst" in text(answer)
    form = answer.request["PATH_INFO"]
    assert posted(take_back(anna, form))["explanation"] == ["Die kent de buurt."]
    assert Term.objects.filter(name="Wijkagent").count() == 1
    anna.post(form.replace("change", "delete"), {"post": "yes"})
    assert anna.post(page, later).status_code == 302
    assert Term.objects.get(name="Wijkagent").explanation == "Die kent de buurt."


def test_text_of_a_window_of_its_own_makes_no_window_of_an_ordinary_form(anna, jaarplan):
    window = "/beheer/themes/term/add/?_popup=1"
    data = posted(anna.get(window), name="Half getypt")
    assert data["_popup"] == ["1"]
    anna.post("/beheer/themes/term/add/getypt/", {**data, "_getypt": "1"})
    shown = take_back(anna, "/beheer/themes/term/add/")
    assert posted(shown)["name"] == ["Half getypt"]
    assert "_popup" not in posted(shown)
    assert 'name="_continue"' in text(shown)


@pytest.mark.parametrize("name", ["beoordelen", "cijfers-invoeren"])
def test_who_types_where_nothing_is_kept_meanwhile_stays_logged_in(anna, action, name):
    address = f"/beheer/themes/indicator/{Indicator.objects.first().pk}/{name}/"
    submit(Indicator.objects.first())
    shown = anna.get(address).content.decode()
    told = re.search(r'js/admin/typing[^"]*js" data-work-url="([^"]+)"', shown)[1]
    session = anna.session
    session["last_seen"] -= 3000
    session.save()
    anna.get(told)
    assert anna.session["last_seen"] > session["last_seen"]


def test_who_never_had_a_session_leaves_nothing_behind(page):
    stranger = Client()
    stranger.post(f"{page}change/", {"summary": "x"})
    assert not stranger.session.keys()


def test_the_script_reads_that_the_session_ended(bezoeker, page, jaarplan):
    answer = bezoeker.post(f"{page}getypt/", {"_getypt": "1"})
    assert answer.status_code == 403
    assert answer.json() == {"code": "session-ended"}


def test_the_form_says_who_else_has_it_open(anna, beheerder, page):
    assert anna.post(f"{page}getypt/").json()["others"] == []
    since = timezone.localtime(Presence.objects.get().since)
    sentence = f"Anna Jansen bewerkt dit sinds {since:%H.%M} uur"
    assert beheerder.post(f"{page}getypt/").json()["others"] == [sentence]
    assert sentence in text(beheerder.get(f"{page}change/"))
    assert sentence not in text(anna.get(f"{page}change/"))
    Presence.objects.update(seen_at=timezone.now() - AWAY_AFTER - timedelta(seconds=1))
    assert sentence not in text(beheerder.get(f"{page}change/"))
