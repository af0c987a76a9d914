"""The steps of content on its way to the public, and what each leaves behind."""

import time
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.utils import timezone

from plan.models import Action, AnnualPlan, Passage
from tests.tooling.drafts import writing
from tests.tooling.forms import posted
from themes.models import Place, Subtopic, Theme, WorkingMethod
from veiligalmere.editorial import signals
from veiligalmere.editorial.content_version import (
    ContentVersion,
    current_content_version,
    raise_content_version,
)
from veiligalmere.editorial.due import publish_due
from veiligalmere.editorial.publish import (
    discard_draft,
    publish,
    put_back,
    return_to_editor,
    save_draft,
    schedule,
    showing_draft,
    submit,
    withdraw,
)
from veiligalmere.editorial.publishing import State
from veiligalmere.editorial.versions import (
    Version,
    draft_of,
    latest_published,
)


@pytest.fixture
def action(jaarplan):
    """A published action of the plan, with relations."""
    return Action.objects.public().filter(subtopics__isnull=False).first()


@pytest.fixture
def new_action(jaarplan, action):
    """An action that was never published."""
    return Action.objects.create(
        plan=jaarplan, theme=action.theme, title="Nieuw", slug="nieuw", body="Tekst", position=1
    )


@pytest.fixture
def announced():
    """What the signal `published` told, as (model class, instance, version)."""
    told = []

    def listen(sender, instance, version, **_):
        told.append((sender, instance, version))

    signals.published.connect(listen)
    yield told
    signals.published.disconnect(listen)


def test_the_loaded_plan_has_one_published_version_of_everything(jaarplan):
    for model in (Theme, Subtopic, WorkingMethod, Action, Passage):
        versions = Version.objects.of_model(model)
        assert versions.count() == model.objects.count() > 0
        assert set(versions.values_list("kind", "number", "author", "note")) == {
            ("gepubliceerd", 1, None, "Geladen uit het Jaarplan Veiligheid 2020")
        }


def test_a_new_database_has_no_number_that_one_before_it_had(db):
    ContentVersion.objects.all().delete()
    begun = time.time()
    raise_content_version()
    assert current_content_version() >= begun
    raise_content_version()
    assert current_content_version() <= time.time() + 2, "by one for each publication"


def test_publishing_keeps_a_version_raises_the_content_version_and_tells_on_commit(
    new_action, eindredacteur, announced, django_capture_on_commit_callbacks
):
    before = current_content_version()
    with django_capture_on_commit_callbacks(execute=True):
        version = publish(new_action, by=eindredacteur.user, note="Nieuwe actie", minor=True)
        assert announced == []
        assert current_content_version() == before + 1
    assert announced == [(Action, new_action, version)]
    assert new_action.state == State.PUBLISHED
    assert new_action.published_at is not None
    assert (version.note, version.minor, version.who) == ("Nieuwe actie", True, "eindredacteur")
    assert version.content["fields"]["title"] == "Nieuw"


def test_a_draft_leaves_the_published_row_and_its_relations_as_they_were(action, redacteur):
    names = set(action.subtopics.values_list("name", flat=True))
    title, revision, content_version = action.title, action.revision, current_content_version()

    def write(row):
        row.title = "Andere titel"
        row.save()
        row.subtopics.clear()
        row.places.set(Place.objects.all())

    version = save_draft(action, write, by=redacteur.user)

    live = Action.objects.get(pk=action.pk)
    assert (live.title, live.revision, live.state) == (title, revision, State.PUBLISHED)
    assert set(live.subtopics.values_list("name", flat=True)) == names
    assert current_content_version() == content_version
    assert version.content["fields"]["title"] == version.label == "Andere titel"
    assert version.content["many"]["subtopics"] == []
    assert len(version.content["many"]["places"]) == Place.objects.count()


def test_publishing_puts_the_draft_in_place_with_its_relations(action, redacteur, eindredacteur):
    def write(row):
        row.title = "Andere titel"
        row.save()
        row.places.set(Place.objects.all()[:2])

    save_draft(action, write, by=redacteur.user)
    publish(action, by=eindredacteur.user, note="Titel verduidelijkt")

    assert action.title == "Andere titel"
    assert list(action.places.all()) == list(Place.objects.all()[:2])
    assert draft_of(action) is None


def test_a_second_draft_builds_on_the_first_and_the_first_is_kept(action, redacteur):
    save_draft(action, writing(title="Eerste"), by=redacteur.user)

    def write(row):
        assert row.title == "Eerste"
        row.summary = "In het kort"
        row.save()

    save_draft(action, write, by=redacteur.user)
    assert draft_of(action).content["fields"]["title"] == "Eerste"
    assert draft_of(action).content["fields"]["summary"] == "In het kort"
    assert Version.objects.of(action).concepts().count() == 2


def test_the_children_of_a_draft_keep_their_identity_until_they_are_published(
    jaarplan, redacteur, monkeypatch
):
    monkeypatch.setattr(Theme, "snapshot_children", ("subtopics",))
    theme = Theme.objects.create(
        number=9, name="Proef", slug="proef", icon="wijken", colour="wijken"
    )
    kept = theme.subtopics.create(name="Blijft", slug="blijft", position=1)
    dropped = theme.subtopics.create(name="Weg", slug="weg", position=2)
    publish(theme)

    def write(row):
        row.subtopics.filter(pk=dropped.pk).delete()
        row.subtopics.filter(pk=kept.pk).update(name="Blijft anders")
        row.subtopics.create(name="Nieuw", slug="nieuw-onderwerp", position=3)

    draft = save_draft(theme, write, by=redacteur.user)
    names = {
        child["fields"]["name"]: child["pk"] for child in draft.content["children"]["subtopics"]
    }
    assert names["Blijft anders"] == kept.pk
    assert names["Nieuw"] < 0
    assert set(theme.subtopics.values_list("name", flat=True)) == {"Blijft", "Weg"}

    again = save_draft(theme, lambda row: None, by=redacteur.user)
    assert again.content["children"] == draft.content["children"]

    publish(theme)
    live = dict(theme.subtopics.values_list("name", "pk"))
    assert live["Blijft anders"] == kept.pk
    assert live["Nieuw"] > 0
    assert "Weg" not in live


def test_showing_a_draft_leaves_nothing_behind(action, redacteur):
    title = action.title
    save_draft(action, writing(title="Alleen in het concept"), by=redacteur.user)
    with showing_draft(Action.objects.get(pk=action.pk)):
        assert Action.objects.get(pk=action.pk).title == "Alleen in het concept"
    assert Action.objects.get(pk=action.pk).title == title


def test_a_discarded_draft_stays_among_the_versions(action, redacteur):
    version = save_draft(action, writing(title="Toch niet"), by=redacteur.user)
    discard_draft(action)
    assert draft_of(action) is None
    assert version in Version.objects.of(action)
    with pytest.raises(ValidationError, match="geen concept"):
        discard_draft(action)


def test_what_was_submitted_comes_back_with_a_remark(new_action, redacteur, eindredacteur):
    submit(new_action, by=redacteur.user)
    assert new_action.state == State.REVIEW
    assert list(Version.objects.awaiting_judgement()) == [draft_of(new_action)]
    with pytest.raises(ValidationError, match="opmerking"):
        return_to_editor(new_action, by=eindredacteur.user, remark=" ")
    return_to_editor(new_action, by=eindredacteur.user, remark="Noem de partners.")
    assert new_action.state == State.CONCEPT
    assert draft_of(new_action).remark == "Noem de partners."
    with pytest.raises(ValidationError, match="niets ter beoordeling"):
        return_to_editor(new_action, by=eindredacteur.user, remark="Nog eens")


def test_submitting_a_draft_leaves_the_published_state_alone(action, redacteur):
    save_draft(action, writing(title="Anders"), by=redacteur.user)
    submit(action, by=redacteur.user)
    assert action.state == State.PUBLISHED
    assert draft_of(action).draft_state == State.REVIEW


def test_with_four_eyes_who_wrote_it_is_refused(action, redacteur, eindredacteur, settings):
    settings.FOUR_EYES = True
    save_draft(action, writing(title="Van mij"), by=eindredacteur.user)
    save_draft(action, writing(title="En van een ander"), by=redacteur.user)
    with pytest.raises(ValidationError, match="Een ander"):
        publish(action, by=eindredacteur.user)
    assert draft_of(action) is not None
    settings.FOUR_EYES = False
    publish(action, by=eindredacteur.user)
    settings.FOUR_EYES = True
    save_draft(action, writing(title="Van de redacteur"), by=redacteur.user)
    publish(action, by=eindredacteur.user)
    assert action.title == "Van de redacteur"


def test_with_four_eyes_what_has_no_draft_can_be_planned_by_who_did_not_write_it(
    action, redacteur, eindredacteur, settings
):
    settings.FOUR_EYES = True
    save_draft(action, writing(title="Van de redacteur"), by=redacteur.user)
    publish(action, by=eindredacteur.user)
    withdraw(action, by=eindredacteur.user, note="Even weg")
    moment = timezone.now() + timedelta(days=1)
    schedule(action, moment, by=eindredacteur.user, note="Terug")
    publish_due(moment)
    action.refresh_from_db()
    assert action.state == State.PUBLISHED


def test_with_four_eyes_what_was_thrown_away_is_no_part_of_a_new_draft(
    action, redacteur, eindredacteur, settings
):
    settings.FOUR_EYES = True
    save_draft(action, writing(title="Van mij"), by=eindredacteur.user)
    discard_draft(action)
    save_draft(action, writing(title="Van de redacteur"), by=redacteur.user)
    with pytest.raises(ValidationError, match="Een ander"):
        publish(action, by=redacteur.user)
    publish(action, by=eindredacteur.user)
    assert action.title == "Van de redacteur"


def test_a_withdrawn_page_is_gone_until_it_is_published_again(action, eindredacteur):
    withdraw(action, by=eindredacteur.user, note="Vervallen")
    assert action.state == State.WITHDRAWN
    with pytest.raises(ValidationError, match="Alleen wat gepubliceerd is"):
        withdraw(action)
    publish(action)
    assert action.is_public


def test_an_old_version_comes_back_as_a_draft_with_its_relations(action, redacteur):
    first = latest_published(action)
    subtopics = list(action.subtopics.order_by("pk"))

    def write(row):
        row.title = "Nieuwer"
        row.save()
        row.subtopics.clear()

    save_draft(action, write, by=redacteur.user)
    publish(action)
    draft, skipped = put_back(action, first, by=redacteur.user)
    assert skipped == []
    assert action.title == "Nieuwer"
    publish(action)
    assert action.title == first.content["fields"]["title"]
    assert list(action.subtopics.order_by("pk")) == subtopics
    assert draft.content == latest_published(action).content == first.content


def test_putting_back_says_which_relation_no_longer_exists(action, redacteur):
    never_public = Subtopic.objects.create(
        theme=action.theme, name="Oude haven", slug="oude-haven", position=99
    )
    action.subtopics.add(never_public)
    version = publish(action)
    action.subtopics.remove(never_public)
    never_public.delete()
    _, skipped = put_back(action, version, by=redacteur.user)
    assert skipped == ["onderwerpen: “Oude haven” bestaat niet meer"]


def test_an_address_taken_since_is_not_taken_back(action, jaarplan, redacteur):
    first = publish(action)

    def write(row):
        row.slug, row.summary = "heel-ander-adres", "In het kort"
        row.save()

    save_draft(action, write)
    publish(action)
    Action.objects.create(
        plan=jaarplan,
        theme=action.theme,
        title="Ander",
        slug=first.content["fields"]["slug"],
        body="Tekst",
        position=2,
    )
    draft, skipped = put_back(action, first, by=redacteur.user)
    assert skipped == ["adres: wordt al ergens anders gebruikt"]
    assert draft.content["fields"]["slug"] == "heel-ander-adres"
    assert draft.content["fields"]["summary"] == first.content["fields"]["summary"]


def test_a_draft_whose_place_in_another_plan_was_taken_can_be_seen_and_mended(
    beheerder, action, jaarplan
):
    action.governing_passages.clear()  # which would keep it in its plan
    plan = AnnualPlan.objects.create(year=2021, title="Jaarplan 2021", multi_year_plan="MJP")
    page = f"/beheer/plan/action/{action.pk}/change/"
    beheerder.post(page, posted(beheerder.get(page), plan=str(plan.pk)))
    Action.objects.create(
        plan=plan, theme=action.theme, title="Eerder", slug=action.slug, body="T", position=1
    )
    with pytest.raises(ValidationError, match="jaarplan: wordt al ergens anders gebruikt"):
        publish(action)
    assert beheerder.get(f"/voorbeeld/plan.action/{action.pk}/").status_code == 200
    form = beheerder.get(page)
    beheerder.post(page, posted(form, plan=str(plan.pk), slug="een-ander-adres"))
    publish(action)
    action.refresh_from_db()
    assert (action.plan, action.slug) == (plan, "een-ander-adres")


def test_what_was_ever_published_can_not_be_deleted(action, new_action):
    withdraw(action)
    with pytest.raises(ProtectedError, match="niet verwijderen"):
        action.delete()
    with pytest.raises(ProtectedError, match="niet verwijderen"):
        Action.objects.filter(pk__in=[action.pk, new_action.pk]).delete()
    new_action.delete()
    assert not Action.objects.filter(pk=new_action.pk).exists()
