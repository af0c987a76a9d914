"""Choosing an image that was placed before, so that the same picture is stored once."""

from datetime import date

import pytest

from plan.models import Action, ProgressReport, ProgressUpdate
from plan.progress.adoption import open_round
from tests.bulk.workbooks import changed, upload
from tests.editorial.pictures import picture, stored_image, upload_of
from tests.tooling.forms import posted
from themes.models import Theme, ThemeLimit
from veiligalmere.editorial.images.choose import PAGE_SIZE
from veiligalmere.editorial.images.model import Image
from veiligalmere.editorial.publish import publish, save_draft
from veiligalmere.editorial.versions import draft_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media")]
CHOICE = "/beheer/tekst/afbeeldingen/"


@pytest.fixture
def images():
    """An image with its words, one by somebody, and a decorative one."""
    return [
        stored_image(name="wijkagent", alternative_text="Een agent op de fiets"),
        stored_image(name="station", alternative_text="Camera’s", credit="Anna Jansen"),
        stored_image(name="streep", alternative_text="", decorative=True),
    ]


def names(client, search=""):
    return [one["name"] for one in client.post(CHOICE, {"search": search}).json()["images"]]


def test_images_are_found_by_name_alternative_text_and_maker(redacteur, images):
    assert names(redacteur, "Wijkagent") == ["wijkagent"]
    assert names(redacteur, "fiets agent") == ["wijkagent"]
    assert names(redacteur, "jansen") == ["station"]
    assert names(redacteur, "fiets jansen") == []


def test_without_a_search_the_newest_are_shown_first(redacteur, images):
    assert names(redacteur) == ["streep", "station", "wijkagent"]


def test_an_image_comes_with_what_to_write_and_what_to_tell(redacteur, images):
    decorative, _, described = redacteur.post(CHOICE).json()["images"]
    assert described == {
        "markdown": images[0].markdown,
        "name": "wijkagent",
        "words": "Een agent op de fiets",
        "src": images[0].url(480),
    }
    assert decorative["words"] == ""


def test_many_images_are_a_page_and_cost_one_query_as_few_do(
    redacteur, images, django_assert_max_num_queries
):
    def queries():
        with django_assert_max_num_queries(20) as seen:
            answer = redacteur.post(CHOICE).json()
        return len(seen), len(answer["images"]), answer["more"]

    few, shown, more = queries()
    assert (shown, more) == (3, False)
    one = images[0]
    Image.objects.bulk_create(
        Image(
            name=f"beeld {number}",
            folder=f"beeld-{number}",
            widths=one.widths,
            width=one.width,
            height=one.height,
            alternative_text="Een beeld",
        )
        for number in range(30)
    )
    assert queries() == (few, PAGE_SIZE, True)


@pytest.mark.parametrize("search", ["%", "_", "\x00", "'; drop", "a" * 5000, "[" * 90])
def test_a_strange_search_finds_nothing_or_all_and_is_no_mistake(redacteur, images, search):
    answer = redacteur.post(CHOICE, {"search": search})
    assert answer.status_code == 200
    assert len(answer.json()["images"]) in {0, 3}


def test_who_is_not_logged_in_or_may_see_no_images_is_refused(bezoeker, django_user_model, images):
    answer = bezoeker.post(CHOICE)
    assert (answer.status_code, answer.json()["code"]) == (403, "session-ended")
    bezoeker.force_login(django_user_model.objects.create_user("stagiair", is_staff=True))
    answer = bezoeker.post(CHOICE)
    assert answer.status_code == 403
    assert "images" not in answer.json()
    assert bezoeker.get(CHOICE).status_code == 405


# An account that is limited to a theme


@pytest.fixture
def limited(redacteur, jaarplan):
    """A redacteur who is limited to the first theme."""
    ThemeLimit.objects.create(user=redacteur.user).themes.add(Theme.objects.get(number=1))
    return redacteur


def draft_with(image, *, theme):
    """Save a draft of a published action of a theme, that shows `image`; return the action."""
    action = Action.objects.public().filter(theme__number=theme).first()

    def write(row):
        row.body = f"{row.body}\n\n{image.markdown}"
        row.save()

    save_draft(action, write)
    return action


def test_a_limited_account_finds_no_image_of_the_drafts_of_others(limited):
    image = stored_image(name="geheim", alternative_text="Een plan dat nog geheim is")
    action = draft_with(image, theme=2)
    assert names(limited) == []
    assert "geheim" not in limited.get("/beheer/editorial/image/").content.decode()
    own = f"/beheer/editorial/image/{image.pk}"
    for page in ("change", "history", "terugzetten/1", "delete"):
        answer = limited.get(f"{own}/{page}/", follow=True)
        assert "Een plan dat nog" not in answer.content.decode(), page
    publish(action)
    assert names(limited) == ["geheim"]


def test_naming_the_number_of_an_image_of_others_shows_it_neither(limited):
    image = stored_image(name="geheim", alternative_text="Een plan dat nog geheim is")
    draft_with(image, theme=2)
    answer = limited.post("/beheer/tekst/voorbeeld/", {"text": f"Kijk: {image.markdown}"})
    assert image.folder not in answer.json()["html"]
    assert "nog geheim" not in answer.json()["html"]
    mine = Action.objects.public().filter(theme__number=1).first()
    form = f"/beheer/plan/action/{mine.pk}/change/"
    data = posted(limited.get(form), button="_continue", summary="", body=image.markdown)
    answer = limited.post(form, data)
    assert f"Afbeelding {image.pk} is er niet" in answer.content.decode()
    assert draft_of(mine) is None


def test_a_number_in_a_field_that_shows_no_images_gives_no_reach(limited):
    image = stored_image(name="geheim", alternative_text="Een plan dat nog geheim is")
    draft_with(image, theme=2)
    mine = Action.objects.public().filter(theme__number=1).first()
    form = f"/beheer/plan/action/{mine.pk}/change/"
    data = posted(limited.get(form), button="_continue", summary="", partners=image.markdown)
    limited.post(form, data)
    assert draft_of(mine).content["fields"]["partners"] == image.markdown
    assert names(limited) == []


def test_an_imported_text_names_no_image_of_the_drafts_of_others(limited):
    image = stored_image(name="geheim", alternative_text="Een plan dat nog geheim is")
    own = stored_image(name="eigen", alternative_text="Van het eigen thema")
    draft_with(image, theme=2)
    mine = draft_with(own, theme=1)
    listing = "/beheer/plan/action/"
    exported = limited.get(f"{listing}exporteren.xlsx", {"all": ""}).content

    def shown(text):
        raw = changed(exported, {mine.pk: {"tekst van het plan": text}})
        return limited.post(f"{listing}importeren/", {"file": upload(raw)}, follow=True).context

    refused = shown(f"Kijk: {image.markdown}")
    (skipped,) = refused["skipped"]
    assert skipped.wish.where.startswith("Rij ")
    ((column, reason),) = skipped.problems
    assert column == "tekst van het plan"
    assert reason == f"Afbeelding {image.pk} is er niet, of u mag haar niet gebruiken."
    assert refused["carry_out_url"] is None
    assert names(limited) == ["eigen"]
    assert shown(f"Kijk: {own.markdown}")["carry_out_url"]


def test_a_row_of_the_round_names_no_image_of_the_drafts_of_others(limited, jaarplan):
    image = stored_image(name="geheim", alternative_text="Een plan dat nog geheim is")
    draft_with(image, theme=2)
    mine = Action.objects.public().filter(theme__number=1).first()
    Action.objects.filter(pk=mine.pk).update(owner=limited.user)
    deadline = date(jaarplan.year, 6, 30)
    open_round(ProgressReport(plan=jaarplan, half=1, deadline=deadline, summary="Zo."))
    page, prefix = f"/beheer/voortgang/ronde/{jaarplan.year}-1/", f"rij{mine.pk}-"

    def save(text):
        fields = {f"{prefix}status": "op-schema", f"{prefix}explanation": text}
        data = posted(limited.get(page), form=f"{prefix}revision", button="opslaan", **fields)
        return limited.post(f"{page}{mine.pk}/", data)

    answer = save(f"Kijk: {image.markdown}")
    assert answer.status_code == 422
    assert f"Afbeelding {image.pk} is er niet" in answer.content.decode()
    assert not ProgressUpdate.objects.exists()
    assert names(limited) == []
    assert save("Zonder beeld.").status_code == 302


def test_a_limited_account_finds_its_own_images_and_those_of_its_theme(limited, eindredacteur):
    draft_with(stored_image(name="van mijn thema"), theme=1)
    limited.post(
        "/beheer/tekst/afbeelding/",
        {"file": upload_of(picture(), "zelf.jpg"), "alternative_text": "Zelf geplaatst"},
    )
    stored_image(name="van niemand")
    assert names(limited) == ["zelf", "van mijn thema"]
    assert names(eindredacteur) == ["van niemand", "zelf", "van mijn thema"]


def test_searching_with_a_limit_asks_no_more_with_more_texts(
    limited, jaarplan, django_assert_max_num_queries
):
    image = stored_image()

    def queries(count):
        for action in Action.objects.of_plan(jaarplan)[:count]:
            Action.objects.filter(pk=action.pk).update(body=image.markdown)
        with django_assert_max_num_queries(80) as seen:
            assert names(limited) == ["foto"]
        return len(seen)

    assert queries(1) == queries(29)
