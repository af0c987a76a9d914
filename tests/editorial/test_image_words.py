"""The words of an image: every version kept, and nothing changed that visitors see but by rule."""

from datetime import timedelta
from threading import Thread

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import OperationalError, connection
from django.db.models import ProtectedError
from django.utils import timezone

from plan.models import Action, Status
from plan.progress.adoption import adopt
from tests.editorial.pictures import picture, stored_image, upload_of
from tests.progress.conftest import make_round, report_row
from tests.tooling.drafts import writing
from tests.tooling.forms import posted
from veiligalmere.editorial.blackout import MARK, black_out
from veiligalmere.editorial.images.admin import ImageAdmin
from veiligalmere.editorial.images.forms import ImageWordsForm
from veiligalmere.editorial.images.model import Image
from veiligalmere.editorial.images.store import put_words_back, save_words
from veiligalmere.editorial.publish import discard_draft, publish, save_draft, schedule, submit
from veiligalmere.editorial.standing_pages import StandingPage
from veiligalmere.editorial.versions import Version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
FIRST = "Een wijkagent op de fiets"
SECOND = "Twee agenten op straat"


def page_of(image, page="change"):
    return f"/beheer/editorial/image/{image.pk}/{page}/"


def text(response):
    return " ".join(response.content.decode().split())


def change(client, image, **words):
    """Open the form of an image, fill in `words`, save, and return the answer."""
    address = page_of(image)
    return client.post(address, posted(client.get(address), **words), follow=True)


def words_of(image):
    image.refresh_from_db()
    return image.alternative_text


def publish_with(body):
    """Publish `body` as the contact page, and return that."""
    page = StandingPage.objects.get(slug="contact")
    save_draft(page, writing(body=body))
    publish(page)
    return page


# Every version is kept


def test_every_change_of_the_words_is_kept_with_who_and_when(redacteur, eindredacteur):
    redacteur.post(
        "/beheer/tekst/afbeelding/", {"file": upload_of(picture()), "alternative_text": FIRST}
    )
    image = Image.objects.get()
    change(eindredacteur, image, alternative_text=SECOND, credit="Anna Jansen")
    shown = text(redacteur.get(page_of(image, "history")))
    assert shown.count('name="van"') == 2
    assert "<td>redacteur</td>" in shown
    assert "<td>eindredacteur</td>" in shown
    assert timezone.localdate().strftime("%Y") in shown
    assert "toegevoegd: </span>Anna Jansen</ins>" in shown
    assert "concept" not in shown.partition('id="content-main"')[2]


def test_saving_without_a_change_makes_no_version(beheerder):
    image = stored_image()
    change(beheerder, image)
    change(beheerder, image)
    assert Version.objects.of(image).count() == 1


def test_words_from_before_versions_were_kept_are_the_first_version(beheerder):
    image = stored_image()
    Version.objects.of(image).delete()
    assert "Er is nog geen versie" in text(beheerder.get(page_of(image, "history")))
    change(beheerder, image, alternative_text=SECOND)
    newest, first = Version.objects.of(image)
    assert first.content["fields"]["alternative_text"] == FIRST
    assert first.created_at == image.uploaded_at
    assert newest.content["fields"]["alternative_text"] == SECOND


def test_former_words_are_put_back_and_visitors_read_them(eindredacteur, bezoeker):
    image = stored_image(credit="Anna Jansen")
    publish_with(image.markdown)
    change(eindredacteur, image, alternative_text="", decorative="on", credit="")
    assert 'alt=""' in text(bezoeker.get("/contact/"))
    address = page_of(image, "terugzetten/1")
    asked = eindredacteur.get(address)
    assert "geldt weer, meteen en overal" in text(asked)
    answer = eindredacteur.post(address, posted(asked), follow=True)
    assert "De woorden van versie 1 gelden weer" in text(answer)
    shown = text(bezoeker.get("/contact/"))
    assert f'alt="{FIRST}"' in shown
    assert "Beeld: Anna Jansen" in shown
    assert Version.objects.of(image).count() == 3


def test_words_that_changed_since_you_looked_are_not_replaced_unseen(eindredacteur, beheerder):
    image = stored_image()
    change(eindredacteur, image, alternative_text=SECOND)
    back = page_of(image, "terugzetten/1")
    data = posted(eindredacteur.get(back))
    change(beheerder, image, alternative_text="Van een collega")
    answer = eindredacteur.post(back, data, follow=True)
    assert "Intussen is er een nieuwere versie opgeslagen" in text(answer)
    assert words_of(image) == "Van een collega"
    eindredacteur.post(back, posted(eindredacteur.get(back)))
    assert words_of(image) == FIRST


def test_words_that_hold_already_are_not_put_back(eindredacteur):
    image = stored_image()
    change(eindredacteur, image, alternative_text=SECOND)
    history = text(eindredacteur.get(page_of(image, "history")))
    assert [back in history for back in ("Versie 1 terugzetten", "Versie 2 terugzetten")] == [
        True,
        False,
    ]
    back = page_of(image, "terugzetten/2")
    logged = LogEntry.objects.count()
    answer = eindredacteur.post(back, posted(eindredacteur.get(back)), follow=True)
    assert "Versie 2 is gelijk aan wat er staat" in text(answer)
    assert LogEntry.objects.count() == logged


def test_history_of_an_image_asks_no_more_with_more_versions(
    beheerder, django_assert_max_num_queries
):
    image = stored_image()

    def queries():
        with django_assert_max_num_queries(100) as seen:
            beheerder.get(page_of(image, "history"))
        return len(seen)

    change(beheerder, image, alternative_text=SECOND)
    few = queries()
    for number in range(3):
        change(beheerder, image, alternative_text=f"{SECOND}, beeld {number}")
    assert queries() == few


def test_form_of_an_image_asks_no_more_with_more_places(
    beheerder, jaarplan, django_assert_max_num_queries
):
    image = stored_image()
    actions = list(Action.objects.of_plan(jaarplan))

    def queries(count):
        for action in actions[:count]:
            Action.objects.filter(pk=action.pk).update(body=image.markdown)
        with django_assert_max_num_queries(100) as seen:
            shown = text(beheerder.get(page_of(image)))
        assert shown.count('<a href="/beheer/plan/action/') >= count
        return len(seen)

    assert queries(1) == queries(len(actions))


# Who may change them


def test_words_on_the_site_are_changed_by_who_publishes(redacteur, eindredacteur):
    image = stored_image()
    change(redacteur, image, alternative_text=SECOND)
    assert words_of(image) == SECOND
    publish_with(image.markdown)
    shown = redacteur.get(page_of(image))
    assert "daarom wijzigt de eindredactie ze" in text(shown)
    assert "alternative_text" not in posted(shown)
    change(eindredacteur, image, alternative_text=FIRST)
    assert words_of(image) == FIRST


def test_the_name_for_colleagues_can_always_be_changed(redacteur):
    image = stored_image()
    publish_with(image.markdown)
    change(redacteur, image, name="Wijkagent, voorjaar")
    image.refresh_from_db()
    assert (image.name, image.alternative_text) == ("Wijkagent, voorjaar", FIRST)


def test_words_written_while_the_image_went_live_are_told_and_not_saved(redacteur):
    image = stored_image()
    data = posted(redacteur.get(page_of(image)), alternative_text=SECOND)
    publish_with(image.markdown)
    answer = redacteur.post(page_of(image), data)
    assert f"Niet opgeslagen: “{SECOND}”" in text(answer)
    assert words_of(image) == FIRST


def test_putting_back_is_for_who_may_change_the_words(redacteur, eindredacteur):
    image = stored_image()
    change(redacteur, image, alternative_text=SECOND)
    publish_with(image.markdown)
    back = page_of(image, "terugzetten/1")
    assert back not in text(redacteur.get(page_of(image, "history")))
    assert redacteur.post(back).status_code == 403
    assert words_of(image) == SECOND
    assert eindredacteur.post(back, posted(eindredacteur.get(back))).status_code == 302
    assert words_of(image) == FIRST


def test_words_of_an_image_that_visitors_once_saw_are_for_who_publishes(redacteur):
    image = stored_image()
    publish_with(image.markdown)
    publish_with("Zonder beeld.")
    assert "de eindredactie ze" in text(redacteur.get(page_of(image)))


@pytest.mark.parametrize("step", ["submit", "schedule"])
def test_words_do_not_change_under_a_draft_that_is_judged_or_planned(redacteur, step):
    image = stored_image()
    page = StandingPage.objects.get(slug="contact")
    save_draft(page, writing(body=image.markdown))
    assert "alternative_text" in posted(redacteur.get(page_of(image)))
    if step == "submit":
        submit(page)
    else:
        schedule(page, timezone.now() + timedelta(days=1))
    assert "beoordeeld of gepland" in text(redacteur.get(page_of(image)))


def test_where_two_must_look_nobody_changes_words_on_the_site_alone(eindredacteur, settings):
    settings.FOUR_EYES = True
    image = stored_image()
    change(eindredacteur, image, alternative_text=SECOND)
    publish_with(image.markdown)
    shown = eindredacteur.get(page_of(image))
    assert "door twee mensen bekeken" in text(shown)
    assert "alternative_text" not in posted(shown)


@pytest.mark.parametrize("step", ["submit", "schedule"])
def test_where_two_must_look_nobody_changes_words_under_what_is_judged_or_planned(
    eindredacteur, settings, step
):
    settings.FOUR_EYES = True
    image = stored_image()
    page = StandingPage.objects.get(slug="contact")
    save_draft(page, writing(body=image.markdown))
    if step == "submit":
        submit(page)
    else:
        schedule(page, timezone.now() + timedelta(days=1))
    shown = eindredacteur.get(page_of(image))
    assert "door twee mensen bekeken" in text(shown)
    assert "alternative_text" not in posted(shown)


@pytest.mark.parametrize("where", ["text of the action", "progress", "summary"])
def test_words_in_an_adopted_report_stay_as_they_were(eindredacteur, jaarplan, where):
    image = stored_image()
    action = Action.objects.public().of_plan(jaarplan).first()
    if where == "text of the action":
        save_draft(action, writing(body=image.markdown))
        publish(action)
    report = make_round(jaarplan, summary=image.markdown if where == "summary" else "Kort.")
    told = image.markdown if where == "progress" else "De eerste stap is gezet."
    report_row(report, action, Status.ON_TRACK, told)
    assert "alternative_text" in posted(eindredacteur.get(page_of(image)))
    adopt(report)
    shown = eindredacteur.get(page_of(image))
    assert "vastgestelde rapportage" in text(shown)
    assert "alternative_text" not in posted(shown)
    with pytest.raises(ProtectedError):
        image.delete()


# Two editors at once


def test_second_editor_reads_what_the_first_saved_and_loses_nothing(redacteur, eindredacteur):
    image = stored_image()
    data = posted(redacteur.get(page_of(image)), alternative_text="Drie agenten")
    change(eindredacteur, image, alternative_text=SECOND)
    refused = redacteur.post(page_of(image), data)
    assert "eindredacteur heeft deze woorden intussen gewijzigd" in text(refused)
    assert f"alternatieve tekst “{SECOND}”" in text(refused)
    again = posted(refused)
    assert again["alternative_text"] == ["Drie agenten"]
    redacteur.post(page_of(image), again)
    assert words_of(image) == "Drie agenten"
    assert Version.objects.of(image).count() == 3


def test_double_click_on_new_words_is_no_conflict(redacteur):
    image = stored_image()
    data = posted(redacteur.get(page_of(image)), alternative_text=SECOND)
    assert redacteur.post(page_of(image), data).status_code == 302
    assert redacteur.post(page_of(image), data).status_code == 302
    assert Version.objects.of(image).count() == 2


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite lets one writer in at a time")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_nobody_saves_words_between_the_comparison_and_the_saving(redacteur, monkeypatch):
    image = stored_image()
    data = posted(redacteur.get(page_of(image)), alternative_text="Drie agenten")
    refused = []

    def colleague():
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '300ms'")
        try:
            theirs = Image.objects.get(pk=image.pk)
            theirs.alternative_text = SECOND
            save_words(theirs)
        except OperationalError as problem:
            refused.append(problem)
        finally:
            connection.close()

    compared = ImageWordsForm.clean

    def clean_then_colleague(form):
        cleaned = compared(form)
        thread = Thread(target=colleague)
        thread.start()
        thread.join()
        return cleaned

    monkeypatch.setattr(ImageWordsForm, "clean", clean_then_colleague)
    assert redacteur.post(page_of(image), data).status_code == 302
    assert refused
    assert words_of(image) == "Drie agenten"


# Blacking out


def test_words_blacked_out_while_a_form_with_fixed_words_is_saved_stay_so(
    redacteur, eindredacteur, monkeypatch
):
    image = stored_image(alternative_text="Agent De Kwikstaart op de fiets")
    publish_with(image.markdown)
    data = posted(redacteur.get(page_of(image)))
    read = ImageAdmin.get_form

    def black_out_after_reading(*args, **kwargs):
        black_out(["Kwikstaart"], rule="artikel 10 van de AVG", by=eindredacteur.user)
        monkeypatch.undo()
        return read(*args, **kwargs)

    monkeypatch.setattr(ImageAdmin, "get_form", black_out_after_reading)
    redacteur.post(page_of(image), data)
    assert words_of(image) == f"Agent De {MARK} op de fiets"


def test_words_blacked_out_while_a_version_is_put_back_stay_so(eindredacteur, redacteur):
    image = stored_image(alternative_text="Agent De Kwikstaart op de fiets")
    change(redacteur, image, alternative_text=SECOND)
    version = Version.objects.of(image).get(number=1)
    black_out(["Kwikstaart"], rule="artikel 10 van de AVG", by=eindredacteur.user)
    put_words_back(image, version)
    assert words_of(image) == f"Agent De {MARK} op de fiets"


def test_blacking_out_reaches_the_words_of_images_and_their_versions(
    eindredacteur, redacteur, bezoeker
):
    image = stored_image(alternative_text="Agent De Kwikstaart op de fiets")
    publish_with(image.markdown)
    change(eindredacteur, image, alternative_text=FIRST, credit="J. de Kwikstaart")
    data = posted(eindredacteur.get(page_of(image)), credit="J. de Kwikstaart, Almere")
    black_out(["De Kwikstaart"], rule="artikel 10 van de AVG", by=eindredacteur.user)
    assert f"Beeld: J. {MARK}" in text(bezoeker.get("/contact/"))
    for page in ("history", "history/?van=1&naar=2", "terugzetten/1"):
        assert "kwikstaart" not in text(eindredacteur.get(page_of(image, page))).lower(), page
    refused = eindredacteur.post(page_of(image), data)
    assert "Deze woorden zijn intussen gewijzigd" in text(refused)
    back = page_of(image, "terugzetten/1")
    eindredacteur.post(back, posted(eindredacteur.get(back)))
    assert words_of(image) == f"Agent {MARK} op de fiets"


def test_blacking_out_a_short_word_in_a_text_of_full_length_fits(eindredacteur):
    words = " ".join(["Jan"] * 62)
    image = stored_image(alternative_text=f"{words} x"[:250])
    black_out(["Jan"], rule="artikel 10 van de AVG", by=eindredacteur.user)
    assert "Jan" not in words_of(image)
    assert len(words_of(image)) <= 250


# Deleting


@pytest.mark.parametrize("kept_in", ["a former version", "a discarded draft"])
def test_image_that_any_version_names_is_not_deleted_and_the_message_says_so(beheerder, kept_in):
    image = stored_image()
    if kept_in == "a former version":
        publish_with(image.markdown)
        publish_with("Zonder beeld.")
    else:
        page = StandingPage.objects.get(slug="contact")
        save_draft(page, writing(body=image.markdown))
        discard_draft(page)
    answer = beheerder.post(page_of(image, "delete"), {"post": "yes"})
    assert "een bewaarde versie, die teruggezet moet kunnen worden" in text(answer)
    assert Image.objects.filter(pk=image.pk).exists()


def test_words_of_a_deleted_image_stay_among_the_versions(beheerder):
    image = stored_image()
    kind = ContentType.objects.get_for_model(Image)
    beheerder.post(page_of(image, "delete"), {"post": "yes"})
    assert not Image.objects.exists()
    assert Version.objects.get(content_type=kind, object_id=image.pk).label == image.name
