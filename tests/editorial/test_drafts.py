"""A draft beside the live page, through the back-office's own pages."""

import re

import pytest
from django.contrib.admin.models import LogEntry

from plan.models import Action, Development
from tests.tooling.forms import posted
from themes.models import Subtopic, Theme
from veiligalmere.editorial.admin import steps
from veiligalmere.editorial.publish import publish, withdraw
from veiligalmere.editorial.publishing import State
from veiligalmere.editorial.versions import Version, draft_of, latest_published

pytestmark = pytest.mark.django_db


@pytest.fixture
def action(jaarplan):
    """A published action with subtopics."""
    return Action.objects.public().filter(subtopics__isnull=False).first()


def form_of(action):
    return f"/beheer/plan/action/{action.pk}/change/"


def step_of(action, step):
    return f"/beheer/plan/action/{action.pk}/{step}/"


def save(client, action, button="_continue", **changes):
    """Open the form, change fields, press a button, and follow."""
    shown = client.get(form_of(action))
    return client.post(form_of(action), posted(shown, button=button, **changes), follow=True)


def text(response):
    return " ".join(response.content.decode().split())


def test_saving_leaves_the_public_page_as_it_was(beheerder, bezoeker, action):
    before = bezoeker.get(action.get_absolute_url()).content
    answer = save(beheerder, action, title="Een andere titel", subtopics=[], partners="Politie")
    assert "Op de site verandert nog niets" in text(answer)
    assert bezoeker.get(action.get_absolute_url()).content == before
    draft = draft_of(action)
    assert draft.content["fields"]["title"] == "Een andere titel"
    assert draft.content["many"]["subtopics"] == []
    assert draft.author == beheerder.user


def test_the_form_says_which_of_the_two_it_shows_and_what_differs(beheerder, action):
    shown = text(beheerder.get(form_of(action)))
    assert "U bekijkt wat op de site staat" in shown
    answer = save(beheerder, action, title=f"{action.title} in de wijk")
    shown = text(answer)
    assert "U bekijkt het concept" in shown
    assert "in de wijk</ins>" in shown
    assert 'value="' + action.title + ' in de wijk"' in shown


def test_an_unchanged_form_makes_no_version(beheerder, action):
    answer = save(beheerder, action)
    assert "Er was niets gewijzigd" in text(answer)
    assert Version.objects.of(action).count() == 1
    save(beheerder, action, title="Anders")
    save(beheerder, action)
    assert Version.objects.of(action).count() == 2


def test_a_mistake_is_told_and_nothing_is_kept(beheerder, action):
    answer = save(beheerder, action, title="", summary="Deze woorden blijven")
    assert "Dit veld is verplicht" in text(answer)
    assert "Deze woorden blijven" in text(answer)
    assert draft_of(action) is None


def test_publishing_asks_for_a_note_and_replaces_the_page_in_one_step(beheerder, bezoeker, action):
    answer = save(beheerder, action, "_beoordelen", title="Een nieuwe titel")
    assert "nieuwe</ins>" in text(answer) or "Een nieuwe titel</ins>" in text(answer)
    page = step_of(action, "beoordelen")
    answer = beheerder.post(page, posted(answer, form="publiceren", button="publiceren"))
    assert "Schrijf wat er veranderd is" in text(answer)
    assert draft_of(action) is not None
    data = posted(
        answer, form="publiceren", button="publiceren", **{"publiceren-note": "Titel verduidelijkt"}
    )
    answer = beheerder.post(page, data, follow=True)
    assert "dit staat nu op de site" in text(answer)
    version = latest_published(action)
    assert (version.note, version.minor, version.author) == (
        "Titel verduidelijkt",
        False,
        beheerder.user,
    )
    assert "Een nieuwe titel" in text(bezoeker.get(action.get_absolute_url()))
    assert draft_of(action) is None


def test_a_small_change_needs_no_note(beheerder, action):
    answer = save(beheerder, action, "_beoordelen", title="Een nieuwe titel")
    data = posted(answer, form="publiceren", button="publiceren", **{"publiceren-minor": "on"})
    beheerder.post(step_of(action, "beoordelen"), data)
    action.refresh_from_db()
    assert action.title == "Een nieuwe titel"
    assert latest_published(action).minor


def test_what_was_saved_after_you_looked_is_not_published_unseen(beheerder, action):
    answer = save(beheerder, action, "_beoordelen", title="Gezien")
    save(beheerder, action, title="Niet gezien")
    data = posted(answer, form="publiceren", button="publiceren", **{"publiceren-minor": "on"})
    answer = beheerder.post(step_of(action, "beoordelen"), data)
    assert "nieuwere versie" in text(answer)
    action.refresh_from_db()
    assert action.title not in {"Gezien", "Niet gezien"}


def test_what_was_withdrawn_is_not_published_in_the_place_of_a_draft_that_was_discarded(
    redacteur, eindredacteur, bezoeker, action
):
    save(redacteur, action, title="Beter")
    withdraw(action, note="Wordt herschreven.")
    page = step_of(action, "beoordelen")
    shown = eindredacteur.get(page)
    note = {"publiceren-note": "Weer op de site, en beter."}
    data = posted(shown, form="publiceren", button="publiceren", **note)
    discard = step_of(action, "weggooien")
    redacteur.post(discard, posted(redacteur.get(discard)))
    answer = eindredacteur.post(page, data)
    assert "Een collega heeft het concept intussen weggegooid" in text(answer)
    assert bezoeker.get(action.get_absolute_url()).status_code == 410
    again = posted(answer, form="publiceren", button="publiceren")
    eindredacteur.post(page, again)
    assert bezoeker.get(action.get_absolute_url()).status_code == 200, "once it was seen, it may"


def test_what_a_redacteur_submits_comes_back_with_a_remark_and_is_submitted_again(
    redacteur, eindredacteur, action
):
    answer = save(redacteur, action, "_indienen", title="Klaar?")
    assert "ingediend ter beoordeling" in text(answer)
    assert draft_of(action).draft_state == State.REVIEW
    page = step_of(action, "beoordelen")
    shown = eindredacteur.get(page)
    assert "opgeslagen door redacteur" in text(shown)
    answer = eindredacteur.post(page, posted(shown, form="terugsturen", button="terugsturen"))
    assert "Schrijf wat er nog moet gebeuren" in text(answer)
    data = posted(
        shown,
        form="terugsturen",
        button="terugsturen",
        **{"terugsturen-remark": "Noem de partners."},
    )
    eindredacteur.post(page, data)
    assert draft_of(action).draft_state == State.CONCEPT
    assert "eindredacteur: Noem de partners." in text(redacteur.get("/beheer/"))
    assert "Noem de partners." in text(redacteur.get(form_of(action)))
    save(redacteur, action, "_indienen", partners="Politie")
    draft = draft_of(action)
    assert (draft.draft_state, draft.author) == (State.REVIEW, redacteur.user)
    assert draft.content["fields"]["title"] == "Klaar?"
    assert draft.content["fields"]["partners"] == "Politie"
    assert "Noem de partners." not in text(eindredacteur.get(page))


def test_what_was_saved_after_you_looked_is_not_returned_unseen(redacteur, eindredacteur, action):
    save(redacteur, action, "_indienen", title="Klaar?")
    page = step_of(action, "beoordelen")
    shown = eindredacteur.get(page)
    save(redacteur, action, "_indienen", partners="Politie")
    sent = {"form": "terugsturen", "button": "terugsturen"}
    remark = {"terugsturen-remark": "Noem de partners."}
    answer = eindredacteur.post(page, posted(shown, **sent, **remark))
    assert "nieuwere versie" in text(answer)
    assert "Noem de partners." in text(answer)
    assert draft_of(action).draft_state == State.REVIEW
    eindredacteur.post(page, posted(answer, **sent))
    assert draft_of(action).draft_state == State.CONCEPT
    assert draft_of(action).remark == "Noem de partners."


def test_a_remark_is_shown_again_when_the_draft_was_taken_up_again(
    redacteur, eindredacteur, action
):
    save(redacteur, action, "_indienen", title="Klaar?")
    page = step_of(action, "beoordelen")
    shown = eindredacteur.get(page)
    save(redacteur, action, partners="Politie")
    sent = {"form": "terugsturen", "button": "terugsturen"}
    answer = eindredacteur.post(
        page, posted(shown, **sent, **{"terugsturen-remark": "Noem de partners."})
    )
    assert "nieuwere versie" in text(answer)
    assert "Noem de partners." in text(answer)


def test_a_remark_is_shown_again_when_the_draft_was_published_meanwhile(
    redacteur, eindredacteur, beheerder, action
):
    save(redacteur, action, "_indienen", title="Klaar?")
    page = step_of(action, "beoordelen")
    shown = eindredacteur.get(page)
    other = posted(beheerder.get(page), form="publiceren", button="publiceren")
    beheerder.post(page, other | {"publiceren-minor": "on"})
    assert draft_of(action) is None
    sent = {"form": "terugsturen", "button": "terugsturen"}
    answer = eindredacteur.post(
        page, posted(shown, **sent, **{"terugsturen-remark": "Noem de partners."}), follow=True
    )
    assert "Er is geen concept om te beoordelen." in text(answer)
    assert "Noem de partners." in text(answer)


def test_with_four_eyes_who_wrote_it_reads_that_another_must_publish(
    beheerder, eindredacteur, action, settings
):
    settings.FOUR_EYES = True
    answer = save(beheerder, action, "_beoordelen", title="Van mij")
    data = posted(answer, form="publiceren", button="publiceren", **{"publiceren-minor": "on"})
    answer = beheerder.post(step_of(action, "beoordelen"), data)
    assert "Een ander moet het publiceren" in text(answer)
    assert draft_of(action) is not None


def test_a_discarded_draft_is_kept_among_the_versions(beheerder, action):
    save(beheerder, action, title="Toch niet")
    page = step_of(action, "weggooien")
    answer = beheerder.post(page, posted(beheerder.get(page)), follow=True)
    assert "Het concept is weggegooid" in text(answer)
    assert "U bekijkt wat op de site staat" in text(answer)
    assert draft_of(action) is None
    assert Version.objects.of(action).concepts().get().content["fields"]["title"] == "Toch niet"
    assert "concept, weggegooid" in text(beheerder.get(step_of(action, "history")))


def test_a_withdrawn_page_is_gone_and_says_so(beheerder, bezoeker, action):
    page = step_of(action, "intrekken")
    shown = beheerder.get(page)
    refused = text(beheerder.post(page, posted(shown)))
    assert "Schrijf waarom" in refused
    assert "<title>Fout: " in refused
    assert re.search(r'name="intrekken-note"[^>]* autofocus', refused)
    answer = beheerder.post(
        page, posted(shown, **{"intrekken-note": "Vervangen door een andere actie"}), follow=True
    )
    assert "staat niet meer op de site" in text(answer)
    answer = bezoeker.get(action.get_absolute_url())
    assert answer.status_code == 410
    assert "ingetrokken" in text(answer)


@pytest.mark.parametrize("step", ["publiceren", "terugsturen", "intrekken"])
def test_what_comes_along_unseen_from_a_pdf_is_not_in_what_a_step_says(
    step, redacteur, eindredacteur, action
):
    if step != "intrekken":
        save(redacteur, action, "_indienen", title="Klaar?")
    page = step_of(action, "intrekken" if step == "intrekken" else "beoordelen")
    name = f"{step}-{'remark' if step == 'terugsturen' else 'note'}"
    button = None if step == "intrekken" else step
    words = {name: "De Kwik\x02staart.\r\nEn\x0bmeer."}
    data = posted(eindredacteur.get(page), form=name, button=button, **words)
    eindredacteur.post(page, data)
    said = Version.objects.of(action).first()
    assert (said.remark or said.note) == "De Kwikstaart.\nEn\nmeer."


@pytest.mark.parametrize("typed", ["\u200b", "\x02\ufeff\r\n"])
@pytest.mark.parametrize(
    ("step", "field", "refusal"),
    [
        ("publiceren", "note", "Schrijf wat er veranderd is"),
        ("terugsturen", "remark", "Schrijf wat er nog moet gebeuren"),
        ("intrekken", "note", "Schrijf waarom u dit intrekt"),
    ],
)
def test_a_step_is_not_taken_with_words_in_which_nothing_is_seen(
    step, field, refusal, typed, redacteur, eindredacteur, action
):
    if step != "intrekken":
        save(redacteur, action, "_indienen", title="Klaar?")
    page = step_of(action, "intrekken" if step == "intrekken" else "beoordelen")
    name = f"{step}-{field}"
    button = None if step == "intrekken" else step
    data = posted(eindredacteur.get(page), form=name, button=button, **{name: typed})
    assert refusal in text(eindredacteur.post(page, data))


def test_a_chief_editor_goes_from_a_new_text_to_publishing_at_once(
    redacteur, eindredacteur, jaarplan
):
    page = "/beheer/plan/development/add/"
    assert 'name="_beoordelen"' not in redacteur.get(page).content.decode()
    text = {"title": "Proef", "slug": "proef", "year": "2020", "lead": "Kort."}
    data = posted(eindredacteur.get(page), button="_beoordelen", **text)
    answer = eindredacteur.post(page, data)
    assert answer["Location"].endswith("/beoordelen/")


def test_who_withdraws_just_after_a_colleague_is_told(beheerder, action, monkeypatch):
    page = step_of(action, "intrekken")
    data = posted(beheerder.get(page), **{"intrekken-note": "Dubbel"})

    def after_a_colleague(obj, **how):
        withdraw(Action.objects.get(pk=obj.pk), note="Al vervallen")
        withdraw(obj, **how)

    monkeypatch.setattr(steps, "withdraw", after_a_colleague)
    answer = beheerder.post(page, data, follow=True)
    assert "Dit staat niet op de site." in answer.content.decode()
    assert Version.objects.of(action).first().note == "Al vervallen"


def test_what_was_published_is_not_deleted_and_the_editor_reads_why(beheerder, action):
    page = f"/beheer/plan/action/{action.pk}/delete/"
    answer = beheerder.post(page, {"post": "yes"}, follow=True)
    assert Action.objects.filter(pk=action.pk).exists()
    assert "kunt u niet verwijderen" in text(answer)
    assert "Verwijderen</a>" not in text(answer)


def new_action(client, jaarplan, action, **changes):
    shown = client.get("/beheer/plan/action/add/")
    fields = {
        "plan": str(jaarplan.pk),
        "theme": str(action.theme_id),
        "title": "Nieuwe actie",
        "slug": "nieuwe-actie",
        "body": "Tekst",
        "position": "1000",
    }
    return posted(shown, button="_continue", **{**fields, **changes})


def test_a_new_object_is_a_concept_that_nobody_outside_sees(beheerder, bezoeker, jaarplan, action):
    data = new_action(beheerder, jaarplan, action)
    answer = beheerder.post("/beheer/plan/action/add/", data, follow=True)
    assert "nog niet op de site" in text(answer)
    made = Action.objects.get(slug="nieuwe-actie")
    assert made.state == State.CONCEPT
    assert bezoeker.get(made.get_absolute_url()).status_code == 404
    save(beheerder, made, title="Nieuwe actie, beter")
    made.refresh_from_db()
    assert made.title == "Nieuwe actie, beter"
    assert [one.number for one in Version.objects.of(made)] == [2, 1]
    answer = beheerder.post(f"/beheer/plan/action/{made.pk}/delete/", {"post": "yes"}, follow=True)
    assert not Action.objects.filter(pk=made.pk).exists()


def test_pressing_twice_makes_one_object_and_one_version(beheerder, jaarplan, action):
    data = new_action(beheerder, jaarplan, action)
    for _ in range(2):
        answer = beheerder.post("/beheer/plan/action/add/", data, follow=True)
        assert "opgeslagen" in text(answer)
    assert Action.objects.filter(slug="nieuwe-actie").count() == 1

    data = posted(beheerder.get(form_of(action)), button="_continue", title="Twee keer gedrukt")
    for _ in range(2):
        answer = beheerder.post(form_of(action), data, follow=True)
        assert "heeft dit intussen opgeslagen" not in text(answer)
    assert Version.objects.of(action).concepts().count() == 1


@pytest.mark.parametrize("once", ["\x00", "é" * 40, "' OR 1=1", "x" * 5000])
def test_a_mark_of_saving_once_that_is_none_of_ours_loses_nothing(
    once, beheerder, jaarplan, action
):
    data = new_action(beheerder, jaarplan, action) | {"_eenmalig": once}
    answer = beheerder.post("/beheer/plan/action/add/", data, follow=True)
    assert "opgeslagen" in text(answer)
    data = new_action(beheerder, jaarplan, action) | {"_eenmalig": once, "title": ""}
    answer = beheerder.post("/beheer/plan/action/add/", data)
    assert answer.status_code == 200
    assert "Dit veld is verplicht" in text(answer)


def test_every_save_is_in_the_log_once(beheerder, action):
    before = LogEntry.objects.count()
    save(beheerder, action, title="Gelogd")
    entry = LogEntry.objects.latest("pk")
    assert LogEntry.objects.count() == before + 1
    assert entry.user == beheerder.user
    assert "Titel" in entry.get_change_message()


def test_showing_the_form_asks_few_queries(
    beheerder, redacteur, action, django_assert_max_num_queries
):
    for client in (beheerder, redacteur):
        client.get(form_of(action))  # so that what is kept in memory is there
        with django_assert_max_num_queries(42):
            client.get(form_of(action))


def related_changes(client, obj):
    """Return {label: (old, new)} of what the page on which `obj` is judged says that differs."""
    shown = client.get(form_of(obj).replace("/change/", "/beoordelen/"))
    return {one.label: (one.old, one.new) for one in shown.context["differences"]}


@pytest.fixture
def namesakes(action):
    """Two actions of one title, as after carrying over to a new plan."""
    other = Action.objects.exclude(pk=action.pk).filter(plan=action.plan).first()
    Action.objects.filter(pk=other.pk).update(title=action.title)
    return action, other


def test_what_is_related_is_told_apart_from_what_has_the_same_name(eindredacteur, namesakes):
    first, second = namesakes
    study = Development.objects.create(title="Studie", slug="studie", year=2020, lead="Kort.")
    study.actions.add(first)
    publish(study)
    form = f"/beheer/plan/development/{study.pk}/change/"
    data = posted(eindredacteur.get(form), actions=[str(second.pk)])
    eindredacteur.post(form, data)
    shown = eindredacteur.get(form.replace("/change/", "/beoordelen/"))
    (one,) = shown.context["differences"]
    assert one.old == f"{first.title} (nr. {first.pk})"
    assert one.new == f"{first.title} (nr. {second.pk})"


def test_a_new_name_of_what_is_related_is_no_change_of_a_draft(eindredacteur, action):
    save(eindredacteur, action, summary="Nieuwe woorden.")
    Theme.objects.filter(pk=action.theme_id).update(name="Hernoemd")
    first = action.subtopics.first()
    Subtopic.objects.filter(pk=first.pk).update(name="Ook hernoemd")
    save(eindredacteur, action, period="Heel 2020")
    assert related_changes(eindredacteur, action).keys() == {"In het kort", "Periode"}
    other = Subtopic.objects.exclude(pk__in=action.subtopics.all()).first()
    chosen = [*(str(one.pk) for one in action.subtopics.all()), str(other.pk)]
    save(eindredacteur, action, subtopics=chosen)
    old, new = related_changes(eindredacteur, action)["Onderwerpen"]
    assert "Ook hernoemd" in old
    assert "Ook hernoemd" in new
    assert other.name in new


def test_what_an_old_version_names_without_a_number_is_compared_by_name(eindredacteur, action):
    save(eindredacteur, action, summary="Nieuwe woorden.")
    version = latest_published(action)
    content = version.content
    content["fields"]["theme"] = {"label": "Van toen"}
    content["many"]["subtopics"] = [{"label": "Een"}, {"label": "Twee"}]
    Version.objects.filter(pk=version.pk).update(content=content)
    changes = related_changes(eindredacteur, action)
    assert changes["Thema"] == ("Van toen", str(action.theme))
    assert changes["Onderwerpen"][0] == "Een, Twee"
