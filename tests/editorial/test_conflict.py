"""Two editors at once: nobody saves over the other unseen, and nobody loses a word."""

import urllib.request
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from itertools import chain
from threading import Barrier
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from plan.models import Action, AnnualPlan, Development
from tests.pages.test_developments import PDF, published_study
from tests.tooling.forms import assert_it_begins_at, posted, take_back
from tests.tooling.site import Account
from themes.models import Indicator, Subtopic, Theme
from veiligalmere.editorial.blackout import black_out
from veiligalmere.editorial.publish import publish, save_draft, withdraw
from veiligalmere.editorial.versions import Version, draft_of

EDITORS = 8


@pytest.fixture
def action(jaarplan):
    """A published action."""
    return Action.objects.public().filter(subtopics__isnull=False).first()


@pytest.fixture
def anna(django_user_model):
    """A colleague of the beheerder."""
    client = Client()
    client.user = django_user_model.objects.create_superuser(
        "anna", first_name="Anna", last_name="Jansen"
    )
    client.force_login(client.user)
    return client


def form_of(obj):
    return f"/beheer/{obj._meta.app_label}/{obj._meta.model_name}/{obj.pk}/change/"


def text(response):
    return " ".join(response.content.decode().split())


def test_the_second_reads_both_texts_and_saves_after_all(beheerder, anna, action):
    theirs = posted(anna.get(form_of(action)), button="_continue", summary="Anna schreef dit.")
    mine = posted(beheerder.get(form_of(action)), button="_continue", summary="Ik schreef dat.")
    anna.post(form_of(action), theirs)

    answer = beheerder.post(form_of(action), mine)
    assert answer.status_code == 200
    shown = text(answer)
    assert "Anna Jansen heeft dit intussen opgeslagen" in shown
    assert "Anna schreef dit." in shown
    assert_it_begins_at(answer, "conflict-kop")
    assert "Ik schreef dat." in posted(answer)["summary"][0]
    assert "</ins>" in shown
    assert "</del>" in shown
    assert draft_of(action).content["fields"]["summary"] == "Anna schreef dit."

    answer = beheerder.post(form_of(action), posted(answer, button="_continue"), follow=True)
    assert "is opgeslagen" in text(answer)
    assert draft_of(action).content["fields"]["summary"] == "Ik schreef dat."
    kept = [one.content["fields"]["summary"] for one in Version.objects.of(action).concepts()]
    assert kept == ["Ik schreef dat.", "Anna schreef dit."]


def test_what_only_the_colleague_changed_stays(beheerder, anna, action):
    subtopics = [str(one.pk) for one in Subtopic.objects.filter(theme=action.theme)[:2]]
    theirs = posted(
        anna.get(form_of(action)),
        button="_continue",
        title="Titel van Anna",
        subtopics=subtopics,
        start_date="01-02-2020",
    )
    mine = posted(beheerder.get(form_of(action)), button="_continue", summary="Ik schreef dat.")
    anna.post(form_of(action), theirs)
    answer = beheerder.post(form_of(action), mine)
    assert "Dit wijzigde alleen Anna Jansen" in text(answer)
    beheerder.post(form_of(action), posted(answer, button="_continue"))
    content = draft_of(action).content
    assert content["fields"]["title"] == "Titel van Anna"
    assert content["fields"]["summary"] == "Ik schreef dat."
    assert content["fields"]["start_date"] == "2020-02-01"
    assert [str(one["pk"]) for one in content["many"]["subtopics"]] == sorted(subtopics, key=int)


def test_a_third_save_in_between_is_told_too(beheerder, anna, action):
    mine = posted(beheerder.get(form_of(action)), button="_continue", summary="Ik")
    anna.post(form_of(action), posted(anna.get(form_of(action)), button="_continue", summary="A"))
    answer = beheerder.post(form_of(action), mine)
    anna.post(form_of(action), posted(anna.get(form_of(action)), button="_continue", summary="B"))
    answer = beheerder.post(form_of(action), posted(answer, button="_continue"))
    assert "heeft dit intussen opgeslagen" in text(answer)
    assert draft_of(action).content["fields"]["summary"] == "B"


def test_what_was_never_published_is_guarded_alike(beheerder, anna, action):
    new = Action.objects.create(
        plan=action.plan, theme=action.theme, title="Nieuw", slug="nieuw", body="T", position=1
    )
    mine = posted(beheerder.get(form_of(new)), button="_continue", title="Van mij")
    anna.post(form_of(new), posted(anna.get(form_of(new)), button="_continue", title="Van Anna"))
    answer = beheerder.post(form_of(new), mine)
    assert "Anna Jansen heeft dit intussen opgeslagen" in text(answer)
    new.refresh_from_db()
    assert new.title == "Van Anna"
    beheerder.post(form_of(new), posted(answer, button="_continue"))
    new.refresh_from_db()
    assert new.title == "Van mij"


def test_a_form_without_its_mark_overwrites_nothing(beheerder, anna, action):
    data = posted(beheerder.get(form_of(action)), button="_continue", summary="Zonder merk")
    for name in ("_gezien", "_basis"):
        del data[name]
    anna.post(form_of(action), posted(anna.get(form_of(action)), button="_continue", summary="A"))
    beheerder.post(form_of(action), data)
    assert draft_of(action).content["fields"]["summary"] == "A"


def replaced_meanwhile(study, client, colleague):
    """Return the form, what `client` posts there, and the document that `colleague` sent first."""
    page = form_of(study)
    mine = posted(client.get(page), button="_continue", lead="Korter.")
    theirs = posted(colleague.get(page), button="_continue")
    colleague.post(page, {**theirs, "document": SimpleUploadedFile("b.pdf", PDF % b"tweede")})
    return page, mine, draft_of(study).content["fields"]["document"]


def test_a_document_that_only_the_colleague_replaced_stays_replaced(
    beheerder, anna, bezoeker, jaarplan, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    study = published_study(beheerder)
    page, mine, replaced = replaced_meanwhile(study, beheerder, anna)

    answer = beheerder.post(page, mine)
    assert "Dit wijzigde alleen Anna Jansen" in text(answer)
    answer = beheerder.post(page, posted(answer, button="_continue"), follow=True)
    assert "is opgeslagen" in text(answer)
    content = draft_of(study).content
    assert content["fields"]["lead"] == "Korter."
    assert content["fields"]["document"] == replaced
    publish(study)
    assert b"".join(bezoeker.get(study.document_url)) == PDF % b"tweede"


def test_a_text_kept_after_a_conflict_brings_no_old_document_back(
    beheerder, anna, jaarplan, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    study = published_study(beheerder)
    page, mine, replaced = replaced_meanwhile(study, beheerder, anna)
    after = posted(beheerder.post(page, mine), button="_continue")
    typed = {name: value for name, value in after.items() if name != "_continue"}
    beheerder.post(page.replace("/change/", "/getypt/"), {**typed, "_getypt": "1"})
    shown = take_back(beheerder, page)
    assert "Korter." in text(shown)
    beheerder.post(page, posted(shown, button="_continue"))
    content = draft_of(study).content
    assert content["fields"]["lead"] == "Korter."
    assert content["fields"]["document"] == replaced


def step(obj, name):
    return form_of(obj).replace("/change/", f"/{name}/")


def discard(client, obj):
    """Throw the draft of `obj` away, by the page for it."""
    page = step(obj, "weggooien")
    answer = client.post(page, posted(client.get(page)), follow=True)
    assert "Het concept is weggegooid" in text(answer)


def test_a_draft_that_a_colleague_threw_away_does_not_come_back_unseen(beheerder, anna, action):
    title = action.title
    data = posted(beheerder.get(form_of(action)), button="_continue", title="Weg ermee")
    beheerder.post(form_of(action), data)
    mine = posted(beheerder.get(form_of(action)), button="_continue", summary="Ik schreef dat.")
    discard(anna, action)
    answer = beheerder.post(form_of(action), mine)
    assert "Een collega heeft het concept intussen weggegooid" in text(answer)
    assert draft_of(action) is None
    assert posted(answer)["title"] == [title]
    beheerder.post(form_of(action), posted(answer, button="_continue"))
    content = draft_of(action).content["fields"]
    assert (content["title"], content["summary"]) == (title, "Ik schreef dat.")


def test_what_a_colleague_saves_after_a_discarded_draft_is_compared_with_what_is_live(
    beheerder, anna, action
):
    data = posted(anna.get(form_of(action)), button="_continue", period="Weggegooid")
    anna.post(form_of(action), data)
    discard(anna, action)
    assert_the_period_is_the_colleagues_alone(beheerder, anna, action)


def test_what_a_colleague_saves_after_a_withdrawal_is_compared_with_the_draft(
    beheerder, anna, action
):
    data = posted(anna.get(form_of(action)), button="_continue", period="In het concept")
    anna.post(form_of(action), data)
    withdraw(action, note="Wordt herschreven.")
    assert_the_period_is_the_colleagues_alone(beheerder, anna, action)


@pytest.mark.parametrize("drafted", [True, False])
def test_a_withdrawal_meanwhile_changes_no_word_and_is_no_conflict(
    beheerder, anna, action, drafted
):
    page = form_of(action)
    if drafted:
        anna.post(page, posted(anna.get(page), button="_continue", period="In het concept"))
    mine = posted(beheerder.get(page), button="_continue", summary="Ik schreef dat.")
    withdraw(action, note="Wordt herschreven.")
    answer = beheerder.post(page, mine, follow=True)
    assert "is opgeslagen" in text(answer)
    content = draft_of(action).content["fields"]
    assert content["summary"] == "Ik schreef dat."
    assert content["period"] == ("In het concept" if drafted else action.period)
    assert "ingetrokken" in text(answer).lower()


def test_words_blacked_out_before_a_withdrawal_do_not_come_back_unseen(beheerder, action):
    page = form_of(action)
    beheerder.post(page, posted(beheerder.get(page), summary="Aan de Kwikstaartlaan."))
    mine = posted(beheerder.get(page), button="_continue", period="Later")
    black_out(["Kwikstaartlaan"], rule="artikel 10 van de AVG", by=None)
    withdraw(action, note="Wordt herschreven.")
    assert beheerder.post(page, mine).context["conflict"].undoes_black_out
    assert "Kwikstaart" not in draft_of(action).content["fields"]["summary"]


def assert_the_period_is_the_colleagues_alone(mine, theirs, action):
    """Save a summary after a colleague saved a period, which the first form did not touch."""
    form = posted(mine.get(form_of(action)), button="_continue", summary="Ik schreef dat.")
    page = theirs.get(form_of(action))
    theirs.post(form_of(action), posted(page, button="_continue", period="Van Anna"))
    answer = mine.post(form_of(action), form)
    conflict = answer.context["conflict"]
    assert [one.name for one in conflict.both] == ["summary"]
    assert [one.name for one in conflict.theirs_only] == ["period"]
    mine.post(form_of(action), posted(answer, button="_continue"))
    content = draft_of(action).content["fields"]
    assert (content["period"], content["summary"]) == ("Van Anna", "Ik schreef dat.")


def test_what_only_the_colleague_chose_is_offered_as_in_their_draft(beheerder, anna, action):
    """An action of an earlier plan is offered only where it was chosen."""
    study = Development.objects.create(title="Studie", slug="studie", year=2020, lead="Kort.")
    publish(study)
    save_draft(study, lambda row: row.actions.add(action))
    AnnualPlan.objects.create(year=2021, title="Jaarplan 2021", state="gepubliceerd")
    page = form_of(study)
    mine = posted(beheerder.get(page), button="_continue", lead="Korter.", actions=[])
    beheerder.post(page, mine)
    version = Version.objects.of(study).get(number=2)
    mine = posted(beheerder.get(page), button="_continue", lead="Nog korter.")
    back = page.replace("/change/", f"/terugzetten/{version.number}/")
    anna.post(back, posted(anna.get(back)))
    answer = beheerder.post(page, mine)
    assert [one.name for one in answer.context["conflict"].theirs_only] == ["actions"]
    beheerder.post(page, posted(answer, button="_continue"))
    content = draft_of(study).content
    assert content["fields"]["lead"] == "Nog korter."
    assert [one["pk"] for one in content["many"]["actions"]] == [action.pk]


@pytest.fixture
def theme_with_inlines(jaarplan, monkeypatch):
    """A published theme whose subtopics are edited as inlines and belong to its versions."""

    class SubtopicInline(admin.TabularInline):
        model = Subtopic
        fields = ["name", "slug", "position"]
        extra = 1
        view_on_site = False

    monkeypatch.setattr(Theme, "snapshot_children", ("subtopics",))
    monkeypatch.setattr(admin.site.get_model_admin(Theme), "inlines", [SubtopicInline])
    theme = Theme.objects.get(slug="veilige-wijken")
    publish(theme)
    return theme


def rows_of(obj):
    return {
        child["fields"]["name"]: child["fields"]["position"]
        for child in draft_of(obj).content["children"]["subtopics"]
    }


def test_inlines_are_drafted_compared_and_merged(beheerder, anna, theme_with_inlines):
    theme = theme_with_inlines
    page = form_of(theme)
    live = list(theme.subtopics.order_by("pk").values_list("name", "position"))
    shown = anna.get(page)
    mine = posted(beheerder.get(page), button="_continue")
    extra = int(mine["subtopics-INITIAL_FORMS"][0])
    assert extra == len(live) > 0
    theirs = posted(
        shown,
        button="_continue",
        **{
            "subtopics-0-position": "77",
            f"subtopics-{extra}-name": "Van Anna",
            f"subtopics-{extra}-slug": "van-anna",
            f"subtopics-{extra}-position": "78",
        },
    )
    answer = anna.post(page, theirs, follow=True)
    assert rows_of(theme)["Van Anna"] == 78
    assert list(theme.subtopics.order_by("pk").values_list("name", "position")) == live
    again = posted(answer, button="_continue")
    row = next(
        key.removesuffix("-id")
        for key, value in again.items()
        if key.endswith("-id") and value[0].startswith("-")
    )
    anna.post(page, {**again, f"{row}-name": ["Van Anna, beter"]})
    assert rows_of(theme)["Van Anna, beter"] == 78
    assert "Van Anna" not in rows_of(theme)

    mine[f"subtopics-{extra}-name"] = ["Van mij"]
    mine[f"subtopics-{extra}-slug"] = ["van-mij"]
    mine[f"subtopics-{extra}-position"] = ["79"]
    answer = beheerder.post(page, mine)
    assert "Anna Jansen heeft dit intussen opgeslagen" in text(answer)
    data = posted(answer, button="_continue")
    assert ["77"] in data.values()
    answer = beheerder.post(page, data, follow=True)
    assert "is opgeslagen" in text(answer)
    rows = rows_of(theme)
    assert rows["Van mij"] == 79
    assert rows["Van Anna, beter"] == 78
    assert 77 in rows.values()
    assert len(rows) == len(live) + 2


@pytest.fixture
def figure(jaarplan, anna):
    """A published figure with a row of Anna's in its draft: 1999, 10."""
    figure = Indicator.objects.public().first()
    shown = anna.get(form_of(figure))
    last = int(posted(shown)["measurements-TOTAL_FORMS"][0]) - 1
    row = {f"measurements-{last}-period": "1999", f"measurements-{last}-value": "10"}
    anna.post(form_of(figure), posted(shown, **row))
    return figure


def with_value(shown, value):
    """Return what the form on the page `shown` posts, with this value in the row of 1999."""
    data = posted(shown, button="_continue")
    row = next(name.removesuffix("-period") for name, one in data.items() if one == ["1999"])
    return {**data, f"{row}-value": [value]}


def values_of_1999(content):
    rows = [row["fields"] for row in content["children"]["measurements"]]
    return [float(row["value"]) for row in rows if row["period"] == "1999"]


def test_a_row_that_was_changed_and_published_meanwhile_is_one_row(beheerder, anna, figure):
    page = form_of(figure)
    mine = with_value(beheerder.get(page), "12")
    anna.post(page, with_value(anna.get(page), "11"))
    publish(figure)
    answer = beheerder.post(page, mine)
    conflict = answer.context["conflict"]
    (one,) = conflict.both
    assert ("Waarde: 11" in one.old, "Waarde: 12" in one.new) == (True, True)
    assert not conflict.theirs_only
    answer = beheerder.post(page, posted(answer, button="_continue"), follow=True)
    assert "is opgeslagen" in text(answer)
    assert values_of_1999(draft_of(figure).content) == [12]
    (one,) = answer.context["differences"]
    assert ("Waarde: 11" in one.old, "Waarde: 12" in one.new) == (True, True)


def test_a_row_that_was_published_meanwhile_is_not_told_as_changed(
    beheerder, bezoeker, anna, figure
):
    page = form_of(figure)
    mine = posted(beheerder.get(page), button="_continue", source="Een nieuwe bron")
    publish(figure)
    answer = beheerder.post(page, mine)
    answer = beheerder.post(page, posted(answer, button="_continue"), follow=True)
    assert [one.name for one in answer.context["differences"]] == ["source"]
    assert values_of_1999(draft_of(figure).content) == [10]
    publish(figure, by=anna.user, note="Nieuwe bron")
    told = text(bezoeker.get("/wijzigingen/"))
    assert "Nieuwe bron" in told
    assert told.count("Periode: 1999") == 1, "when it was published"


def test_a_row_that_both_added_is_one_row(beheerder, anna, figure):
    """One that says the same is in the form once; one that says otherwise is told of."""
    page = form_of(figure)
    last = int(posted(beheerder.get(page))["measurements-TOTAL_FORMS"][0]) - 1
    row = {f"measurements-{last}-period": "1998", f"measurements-{last}-value": "8"}
    mine = posted(beheerder.get(page), button="_continue", source="Van mij", **row)
    theirs = posted(anna.get(page), **row | {f"measurements-{last}-value": "9"})
    anna.post(page, theirs)
    answer = beheerder.post(page, mine)
    told = [(one.name, "8" in one.new) for one in answer.context["conflict"].both]
    assert ("measurements", True) in told
    answer = beheerder.post(page, posted(answer, button="_continue"), follow=True)
    assert "is opgeslagen" in text(answer)
    rows = [one["fields"] for one in draft_of(figure).content["children"]["measurements"]]
    assert [float(one["value"]) for one in rows if one["period"] == "1998"] == [8]


class Editor:
    """Someone at a browser of their own, as far as HTTP goes."""

    def __init__(self, site, account):
        self.site = site
        cookies = urllib.request.HTTPCookieProcessor(CookieJar())
        self.opener = urllib.request.build_opener(cookies)
        page = self.open("/beheer/login/")
        data = posted(page, username=account.username, password=account.password)
        assert "/login/" not in self.open("/beheer/login/?next=/beheer/", data).url

    def open(self, path, data=None):
        """Return what a GET, or a POST of `data`, is answered with."""
        body = urlencode(data, doseq=True).encode() if data is not None else None
        request = urllib.request.Request(self.site.url + path, body)  # noqa: S310
        request.add_header("Referer", self.site.url + path)
        with self.opener.open(request, timeout=120) as answer:
            return SimpleNamespace(content=answer.read(), url=answer.url)


# Eight colleagues, each with an account and a name of their own; they all have one password.
COLLEAGUES = """
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, User
password = make_password("{password}")
for number in range({editors}):
    user = User.objects.create(
        username=f"collega{{number}}", first_name="Collega", last_name=f"Nummer-{{number}}",
        password=password, is_staff=True,
    )
    user.groups.add(Group.objects.get(name="Redacteur"))
"""
GONE = """
from django.contrib.auth.models import User
User.objects.filter(username__startswith="collega").delete()
"""


@pytest.fixture
def colleagues(site):
    """The accounts of eight colleagues on the site."""
    password = site.accounts["redacteur"].password
    make = COLLEAGUES.format(password=password, editors=EDITORS)
    site.run("manage.py", "shell", "-c", make)
    yield [Account(f"collega{number}", password) for number in range(EDITORS)]
    site.run("manage.py", "shell", "-c", GONE)


@pytest.mark.slow
def test_of_eight_simultaneous_editors_one_saves_and_seven_keep_their_text(site, colleagues):
    # One after another: only saving is about the same moment.
    editors = [Editor(site, account) for account in colleagues]
    with ThreadPoolExecutor(EDITORS) as pool:
        listing = editors[0].open("/beheer/themes/indicator/").content.decode()
        page = next(
            part.split('"')[0]
            for part in listing.split('href="')
            if "/change/" in part.split('"')[0]
        ).split("?")[0]
        forms = [
            posted(
                one.open(page),
                button="_continue",
                definition=f"Woorden van nummer {number}.",
                **{"measurements-0-note": f"Noot van nummer {number}."},
            )
            for number, one in enumerate(editors)
        ]
        together = Barrier(EDITORS)

        def press(number):
            together.wait()
            return editors[number].open(page, forms[number])

        answers = list(pool.map(press, range(EDITORS)))
    shown = [one.content.decode() for one in answers]
    winners = [number for number, one in enumerate(shown) if "is opgeslagen" in one]
    assert len(winners) == 1
    (winner,) = winners
    for number, answer in enumerate(shown):
        kept = posted(answers[number], form="definition")
        assert kept["definition"] == [f"Woorden van nummer {number}."]
        assert f"Noot van nummer {number}." in chain(*kept.values())
        if number != winner:
            assert f"Collega Nummer-{winner} heeft dit intussen opgeslagen" in answer
            assert f"Woorden van nummer {winner}." in answer
            assert f"Noot van nummer {winner}." in answer
    # Leave the site as it was.
    throw_away = page.replace("/change/", "/weggooien/")
    editors[0].open(throw_away, posted(editors[0].open(throw_away)))


def test_a_row_of_the_next_draft_is_not_taken_for_one_that_was_published(
    beheerder, eindredacteur, jaarplan
):
    figure = Indicator.objects.public().first()
    form = f"/beheer/themes/indicator/{figure.pk}/change/"

    def with_row(client, period):
        shown = client.get(form)
        number = posted(shown)["measurements-INITIAL_FORMS"][0]
        row = {f"measurements-{number}-period": period, f"measurements-{number}-value": "1"}
        return client.post(form, posted(shown, button="_continue", **row))

    with_row(beheerder, "2091")
    mine = posted(beheerder.get(form), button="_continue")
    (name,) = [key for key, value in mine.items() if key.endswith("-period") and value == ["2091"]]
    publish(figure, note="x")
    with_row(eindredacteur, "2092")
    shown = beheerder.post(form, {**mine, name.replace("period", "value"): ["9"]})
    (both,) = shown.context["conflict"].both
    assert "2092" not in both.old + both.new
    beheerder.post(form, posted(shown, button="_continue"))
    rows = draft_of(figure).content["children"]["measurements"]
    found = {row["fields"]["period"]: float(row["fields"]["value"]) for row in rows}
    assert (found["2091"], found["2092"]) == (9, 1)
