"""Updates: what can be saved, what can be published, and what the public then sees."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from plan.models import ProgressUpdate, Status
from tests.progress.conftest import ACCOUNT, publish_update, values
from tests.tooling.forms import posted
from veiligalmere.editorial.publish import publish, withdraw
from veiligalmere.editorial.publishing import State

ADD = "/beheer/plan/progressupdate/add/"


def save(client, action, status, **changes):
    """Save a new update through the form; return the answer."""
    form = posted(
        client.get(ADD),
        button="_continue",
        action=str(action.pk),
        reported_on="2020-04-14",
        **values(status) | changes,
    )
    return client.post(ADD, form, follow=True)


def press_publish(client):
    """Publish the one update that there is through its own page; return the page after it."""
    page = f"/beheer/plan/progressupdate/{ProgressUpdate.objects.get().pk}/beoordelen/"
    form = posted(client.get(page), form="publiceren", button="publiceren")
    return client.post(page, form, follow=True).content.decode()


def test_published_update_is_on_the_page_of_its_action(beheerder, bezoeker, actions):
    save(beheerder, actions[0], Status.ON_TRACK)
    address = actions[0].get_absolute_url()
    assert "De eerste stap is gezet." not in bezoeker.get(address).content.decode()
    press_publish(beheerder)
    page = bezoeker.get(address).content.decode()
    assert "Op schema" in page
    assert "14 april 2020" in page
    assert "De eerste stap is gezet." in page


@pytest.mark.parametrize("status", [Status.DELAYED, Status.STUCK])
@pytest.mark.parametrize("lacking", sorted(ACCOUNT))
def test_orange_and_red_are_published_only_with_their_account(status, lacking, beheerder, actions):
    save(beheerder, actions[0], status, **{lacking: " "})
    name = ProgressUpdate._meta.get_field(lacking).verbose_name
    assert f"is ook {name} nodig" in press_publish(beheerder)
    assert not ProgressUpdate.objects.public().exists()


def test_draft_may_lack_words_and_publishing_it_says_which(actions):
    update = ProgressUpdate.objects.create(action=actions[0], status=Status.STUCK)
    with pytest.raises(ValidationError) as refused:
        publish(update)
    assert len(refused.value.messages) == 4
    update.refresh_from_db()
    assert update.state == State.CONCEPT


def test_database_itself_refuses_red_without_account(actions):
    update = ProgressUpdate.objects.create(action=actions[0], status=Status.STUCK, explanation="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        ProgressUpdate.objects.filter(pk=update.pk).update(state=State.PUBLISHED)


def test_not_reported_is_never_chosen(beheerder, actions):
    save(beheerder, actions[0], "niet-gemeld")
    assert not ProgressUpdate.objects.exists()
    assert "niet-gemeld" not in beheerder.get(ADD).content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        ProgressUpdate.objects.create(action=actions[0], status="niet-gemeld", explanation="x")


def test_reporting_date_is_not_in_the_future(beheerder, actions):
    tomorrow = timezone.localdate() + timedelta(days=1)
    form = posted(
        beheerder.get(ADD),
        action=str(actions[0].pk),
        reported_on=tomorrow.isoformat(),
        status="gereed",
    )
    assert "in de toekomst" in beheerder.post(ADD, form).content.decode()


def test_latest_reporting_date_decides_the_status(bezoeker, jaarplan, actions):
    publish_update(actions[0], Status.DONE, reported_on=date(2020, 6, 1))
    publish_update(actions[0], Status.STUCK, reported_on=date(2020, 3, 1))
    statuses = ProgressUpdate.objects.with_status(type(actions[0]).objects.of_plan(jaarplan))
    assert statuses.get(pk=actions[0].pk).status == Status.DONE
    assert statuses.exclude(pk=actions[0].pk).first().status == Status.NOT_REPORTED


def test_draft_and_withdrawn_update_are_not_public(bezoeker, actions):
    ProgressUpdate.objects.create(action=actions[0], **values(Status.DONE, "Nog geheim."))
    withdraw(publish_update(actions[0], Status.DONE, "Teruggehaald."))
    page = bezoeker.get(actions[0].get_absolute_url()).content.decode()
    assert "Nog geheim" not in page
    assert "Teruggehaald" not in page
    assert "Nog niet gemeld" in page
