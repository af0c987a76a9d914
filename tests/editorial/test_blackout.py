"""Blacking out: the words are gone everywhere, for good; that it was done is told."""

import re
from datetime import UTC, datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.core.exceptions import ValidationError
from django.db.models.signals import post_save

from plan.models import Action
from tests.tooling.drafts import writing
from tests.tooling.forms import posted
from themes.models import Indicator, Measurement, Place
from veiligalmere.editorial import signals
from veiligalmere.editorial.addresses import OldAddress, ShortAddress
from veiligalmere.editorial.blackout import MARK, BlackOut, black_out, find, texts
from veiligalmere.editorial.content_version import current_content_version
from veiligalmere.editorial.publish import publish, put_back, save_draft
from veiligalmere.editorial.versions import Version

pytestmark = pytest.mark.django_db
NAME = "Kwikstaartlaan 17"
PAGE = "/beheer/zwartlakken/"
RULE = "artikel 10 van de AVG"


@pytest.fixture
def action(jaarplan):
    """An action whose earlier public version, and whose draft, name an address."""
    action = Action.objects.public().first()
    for text in (f"Aan de {NAME} is gezocht.", "Er is gezocht."):
        save_draft(action, writing(summary=text))
        publish(action, note=f"Over de {NAME.upper()}" if NAME in text else "Ingekort")

    save_draft(action, writing(summary=f"Toch aan de  {NAME.lower()}."))
    return action


def text(response):
    return " ".join(response.content.decode().split())


def test_words_in_the_reason_of_an_earlier_time_are_found_and_go_too(bezoeker, action):
    black_out([NAME], rule="op verzoek van mevrouw De Zwaluw", by=None)
    changes = f"{action.get_absolute_url()}wijzigingen/"
    assert "De Zwaluw" in text(bezoeker.get(changes))
    assert find(["de zwaluw"]) == {"zwartlakkingen": 1}
    made = black_out(["de zwaluw"], rule="De Zwaluw wil dat zo", by=None)
    assert "Zwaluw" not in text(bezoeker.get(changes))
    made.refresh_from_db()
    assert made.rule == f"{MARK} wil dat zo"


def test_words_with_a_character_that_nobody_sees_are_found_where_they_were_saved_before(jaarplan):
    save_draft(Action.objects.public().first(), writing(summary="Aan de Kwik\x02staart."))
    assert sum(find(["Kwikstaart"]).values()) == 1


def test_the_words_are_gone_from_every_version_note_and_page(
    eindredacteur, bezoeker, action, django_capture_on_commit_callbacks
):
    changes = f"{action.get_absolute_url()}wijzigingen/"
    assert "Kwikstaartlaan" in text(bezoeker.get(changes))
    shown = eindredacteur.post(
        PAGE, posted(eindredacteur.get(PAGE), button="zoeken", words=NAME, rule=RULE)
    )
    assert "Versies: 3" in text(shown) or "versies: 3" in text(shown).lower()
    data = posted(shown, button="zwartlakken")
    assert "Vink aan" in text(eindredacteur.post(PAGE, data))
    assert find([NAME])

    before = current_content_version()
    answer = eindredacteur.post(PAGE, {**data, "sure": "on"}, follow=True)
    assert "Zwartgelakt op" in text(answer)
    assert current_content_version() > before
    assert not find([NAME])
    for version in Version.objects.of(action):
        assert "kwikstaart" not in f"{version.content}{version.note}".lower()
    for page in (changes, "/wijzigingen/"):
        shown = text(bezoeker.get(page))
        assert "kwikstaart" not in shown.lower()
        assert RULE in shown
        assert "zwartgelakt op" in shown
    history = f"/beheer/plan/action/{action.pk}/history/?van=1&naar=5"
    assert "kwikstaart" not in text(eindredacteur.get(history)).lower()


def test_an_old_version_brings_nothing_back(eindredacteur, action):
    old = Version.objects.of(action).published().get(number=3)
    black_out([NAME], rule=RULE, by=eindredacteur.user)
    old.refresh_from_db()
    draft, _ = put_back(action, old)
    assert draft.content["fields"]["summary"] == f"Aan de {MARK} is gezocht."


def test_a_form_that_was_open_brings_nothing_back_unseen(eindredacteur, action):
    live = Action.objects.exclude(pk=action.pk).public().first()
    word = max(live.body.split(), key=lambda one: one.isalpha() * len(one))
    page = f"/beheer/plan/action/{live.pk}/change/"
    data = posted(eindredacteur.get(page), button="_continue", summary="Nog iets")
    black_out([word], rule=RULE, by=eindredacteur.user)
    answer = eindredacteur.post(page, data)
    assert "heeft dit intussen opgeslagen" in text(answer)
    live.refresh_from_db()
    assert word not in live.body
    assert MARK in live.body


def test_who_keeps_what_was_made_of_texts_is_told_once_they_are_gone(action):
    left = []

    def listen(sender, **_):
        left.append(find([NAME]))

    signals.blacked_out.connect(listen)
    black_out([NAME], rule=RULE, by=None)
    signals.blacked_out.disconnect(listen)
    assert left == [{}]


def test_rows_are_written_by_their_keys_as_all_do_that_lock_many(action):
    first, *_, last = Action.objects.order_by("pk")
    for place, one in enumerate((last, first), start=-2):
        one.position, one.summary = place, f"Aan de {NAME}."
        one.save()
    written = []

    def listen(sender, instance, **_):
        written.append(instance.pk)

    post_save.connect(listen, sender=Action)
    black_out([NAME], rule=RULE, by=None)
    post_save.disconnect(listen, sender=Action)
    assert [pk for pk in written if pk in (first.pk, last.pk)] == [first.pk, last.pk]


def test_only_versions_with_the_words_are_gone_through_field_by_field(action, monkeypatch):
    gone_through, content_without = [], texts._content_without

    def noted(content, *args):
        gone_through.append(content["fields"].get("summary"))
        return content_without(content, *args)

    monkeypatch.setattr(texts, "_content_without", noted)
    assert find(["Roerdompstraat"]) == {}
    assert gone_through == []
    assert find([NAME])["versies"] == 3
    assert sorted(set(gone_through)) == [
        f"Aan de {NAME} is gezocht.",
        f"Toch aan de  {NAME.lower()}.",
    ]


def test_parts_of_words_stay(eindredacteur, action):
    title = action.title
    with pytest.raises(ValidationError, match="nergens"):
        black_out(["wikstaart"], rule=RULE, by=eindredacteur.user)
    with pytest.raises(ValidationError, match="ten minste 3"):
        black_out(["de"], rule=RULE, by=eindredacteur.user)
    action.refresh_from_db()
    assert action.title == title


def test_the_public_rule_may_not_tell_what_stood_there(eindredacteur, action):
    shown = eindredacteur.get(PAGE)
    data = posted(shown, button="zoeken", words=NAME, rule=f"omdat {NAME} te herleiden is")
    refused = text(eindredacteur.post(PAGE, data))
    assert "Hierin staat wat u wilt zwartlakken" in refused
    assert "<title>Fout: " in refused
    assert re.findall(r'name="(\w+)"[^>]* autofocus', refused) == ["rule"]


def test_who_may_black_out_finds_the_page_from_every_page(eindredacteur, redacteur, jaarplan):
    assert PAGE in text(eindredacteur.get("/beheer/"))
    assert PAGE not in text(redacteur.get("/beheer/"))


def test_a_blacking_out_is_called_by_its_day_in_amsterdam():
    made_at = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
    assert str(BlackOut.objects.create(made_at=made_at, rule=RULE, places=1)) == (
        f"01-07-2026: {RULE}"
    )


def test_an_editor_blacks_out_nothing(redacteur, bezoeker, action):
    assert redacteur.get(PAGE).status_code == 403
    assert redacteur.post(PAGE, {"words": NAME, "rule": RULE, "sure": "on"}).status_code == 403
    assert bezoeker.get(PAGE).status_code == 302
    assert find([NAME])


def test_words_of_a_draft_alone_are_not_saved_again_unseen_by_a_form_that_was_open(
    eindredacteur, action
):
    page = f"/beheer/plan/action/{action.pk}/change/"
    data = posted(eindredacteur.get(page), button="_continue", partners="De buurt")
    assert NAME.lower() in data["summary"][0]
    black_out([NAME], rule=RULE, by=eindredacteur.user)
    answer = eindredacteur.post(page, data)
    assert "heeft dit intussen opgeslagen" in text(answer)
    assert "Op de plaats van █████ zijn woorden zwartgelakt" in text(answer)
    assert not find([NAME])
    data = posted(answer, button="_continue", summary=f"Toch aan de {MARK}.")
    assert "zwartgelakt" not in text(eindredacteur.post(page, data, follow=True))


def test_names_that_were_nothing_else_stay_apart(eindredacteur, bezoeker, jaarplan):
    Place.objects.create(name="Kwikstaartlaan", slug="hier")
    Place.objects.create(name="Roerdompstraat", slug="daar")
    figure = Indicator.objects.public().first()
    for area in ("Kwikstaartlaan", "Roerdompstraat"):
        Measurement.objects.create(indicator=figure, area=area, period="2019", value=1)
    save_draft(figure, lambda row: type(row).objects.filter(pk=row.pk).update(source="Politie"))
    answer = eindredacteur.post(
        PAGE,
        {
            "words": "Kwikstaartlaan\nRoerdompstraat\n2019",
            "rule": RULE,
            "sure": "on",
            "zwartlakken": "1",
        },
        follow=True,
    )
    assert "Zwartgelakt op" in text(answer)
    assert set(Place.objects.filter(slug__in=["hier", "daar"]).values_list("name", flat=True)) == {
        MARK,
        f"{MARK} 2",
    }
    # A period is a code; without it the page of the figure could not be shown.
    assert bezoeker.get(figure.get_absolute_url()).status_code == 200
    publish(figure, note="Met een andere bron")
    assert figure.measurements.filter(area__startswith=MARK, period="2019").count() == 2


def test_an_address_is_told_and_left_as_it_is(eindredacteur, bezoeker, action):
    ShortAddress.objects.create(path="kwikstaartlaan-17", target="/contact/")
    OldAddress.objects.create(path="/oud/Kwikstaartlaan/17/", content=action)
    action.slug = "gezocht-aan-de-kwikstaartlaan-17"
    action.save()
    shown = eindredacteur.post(
        PAGE, posted(eindredacteur.get(PAGE), button="zoeken", words=NAME, rule=RULE)
    )
    for address in ("gezocht-aan-de-kwikstaartlaan-17", "kwikstaartlaan-17", "/oud/Kwikstaartlaan"):
        assert address in text(shown)
    assert f"/beheer/plan/action/{action.pk}/change/" in text(shown)
    done = eindredacteur.post(
        PAGE, {**posted(shown, button="zwartlakken"), "sure": "on"}, follow=True
    )
    assert "wijzig het zelf" in text(done)
    assert bezoeker.get("/kwikstaartlaan-17").status_code == 302
    action.refresh_from_db()
    assert bezoeker.get(action.get_absolute_url()).status_code == 200
    put_back(action, Version.objects.of(action).published().first())
    publish(action, note="Terug")
    assert bezoeker.get(action.get_absolute_url()).status_code == 200


def test_the_log_of_the_back_office_is_searched_as_it_is_read(eindredacteur, action):
    LogEntry.objects.create(
        user=eindredacteur.user,
        action_flag=2,
        change_message=[{"changed": {"name": "actie", "object": "Bij René Kwikstaart"}}],
        object_repr="Bij _René_ Kwikstaart",
    )
    black_out(["René Kwikstaart"], rule=RULE, by=eindredacteur.user)
    entry = LogEntry.objects.latest("pk")
    assert f"Bij {MARK}" in entry.get_change_message()
    assert entry.object_repr == f"Bij _{MARK}_"
