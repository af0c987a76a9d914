"""The screen of the round: what an editor does there, and what the chief editor does."""

import re
from datetime import date
from html import unescape
from urllib.parse import urljoin

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.utils.html import strip_tags

from plan.carrying_over import carry_over
from plan.models import Action, ProgressReport, ProgressUpdate, Status
from plan.progress.adoption import adopt
from tests.progress.conftest import main_of, make_round, publish_update, report_row, values
from tests.tooling.forms import posted
from themes.models import Theme, ThemeLimit
from veiligalmere.editorial.publish import publish, withdraw
from veiligalmere.editorial.versions import Version

ROUND = "/beheer/voortgang/ronde/2020-1/"
BY_SCRIPT = {"X-Row-Only": "1"}


@pytest.fixture(autouse=True)
def rights(eindredacteur, settings):
    """Let the chief editor adopt, and let the site send mails."""
    settings.MAIL_IS_SENT = True
    permission = Permission.objects.get(codename="adopt_progressreport")
    eindredacteur.user.user_permissions.add(permission)


@pytest.fixture
def mine(redacteur, actions):
    """The twelve actions of the editor."""
    Action.objects.filter(pk__in=[action.pk for action in actions[:12]]).update(
        owner=redacteur.user
    )
    return list(Action.objects.filter(owner=redacteur.user).order_by("position"))


def row_form(client, action, *, page=ROUND, button="opslaan", **changes):
    """Return what a browser sends of the row of `action`, with `changes` of an update's fields."""
    prefix = f"rij{action.pk}-"
    fields = {f"{prefix}{name}": value for name, value in changes.items()}
    return posted(client.get(page), form=f"{prefix}revision", button=button, **fields)


def save(client, action, *, page=ROUND, button="opslaan", headers=None, **changes):
    """Fill in and send the row of `action`; return the answer."""
    form = row_form(client, action, page=page, button=button, **changes)
    return client.post(f"{ROUND}{action.pk}/", form, headers=headers)


def test_address_of_the_round_leads_to_the_open_one(redacteur, first_round):
    assert redacteur.get("/beheer/voortgang/ronde/")["Location"] == ROUND


def test_without_a_round_the_page_says_so(redacteur, db):
    assert "Er loopt nu geen ronde." in redacteur.get("/beheer/voortgang/ronde/").content.decode()


def test_visitor_has_to_log_in(bezoeker, first_round):
    assert bezoeker.get(ROUND).status_code == 302


def test_editor_sees_only_own_actions_the_deadline_and_who_is_missing(
    redacteur, first_round, mine, actions
):
    html = main_of_admin(redacteur.get(ROUND))
    assert html.count("data-row") == 12
    text = strip_tags(html)
    assert "30 juni 2020" in text
    assert "redacteur (12)" in text
    assert "Zonder eigenaar (17)" in text
    assert actions[20].title not in text


def test_who_is_missing_is_a_list_without_those_who_are_ready(redacteur, first_round, actions):
    Action.objects.exclude(pk=actions[-1].pk).update(owner=redacteur.user)
    waiting = "Nog niet klaar in de hele ronde: redacteur (28)"
    assert f"{waiting}, Zonder eigenaar (1)." in strip_tags(main_of_admin(redacteur.get(ROUND)))
    report_row(first_round, actions[-1], Status.DONE)
    assert f"{waiting}." in strip_tags(main_of_admin(redacteur.get(ROUND)))
    for action in actions[:-1]:
        report_row(first_round, action, Status.DONE)
    shown = main_of_admin(redacteur.get(ROUND))
    assert "Nog niet klaar in de hele ronde: niemand; alles is klaar." in shown


def test_saving_a_row_keeps_it_and_comes_back_to_it(redacteur, first_round, mine):
    answer = save(redacteur, mine[2], **values(Status.ON_TRACK))
    assert answer["Location"].endswith(f"#actie-{mine[2].pk}")
    update = ProgressUpdate.objects.get(action=mine[2])
    assert (update.status, update.explanation) == (Status.ON_TRACK, "De eerste stap is gezet.")
    assert Version.objects.of(update).first().author == redacteur.user
    assert "1 van 12 klaar" in main_of_admin(redacteur.get(ROUND))


def test_what_comes_along_unseen_from_a_pdf_is_not_saved(redacteur, first_round, mine):
    typed = values(Status.DELAYED, "De Kwik\x02staart.\r\nKlaar\x0bnu.") | {
        "cause": "Ziek\ufffete."
    }
    save(redacteur, mine[0], **typed)
    update = ProgressUpdate.objects.get(action=mine[0])
    assert (update.explanation, update.cause) == ("De Kwikstaart.\nKlaar\nnu.", "Ziekte.")


def test_an_explanation_in_which_nothing_is_seen_is_still_asked_for(redacteur, first_round, mine):
    answer = save(redacteur, mine[0], headers=BY_SCRIPT, **values(Status.ON_TRACK, "\u200b"))
    assert "nog niet klaar" in answer.text
    assert ProgressUpdate.objects.get(action=mine[0]).explanation == ""


def test_script_gets_only_the_row(redacteur, first_round, mine):
    answer = save(redacteur, mine[0], headers=BY_SCRIPT, **values(Status.DONE))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert text.count("data-row") == 1
    assert "Klaar: opgeslagen" in text


def test_incomplete_row_is_kept_and_says_what_lacks(redacteur, first_round, mine):
    answer = save(redacteur, mine[0], headers=BY_SCRIPT, status="vertraagd", explanation="Later.")
    text = answer.content.decode()
    assert "nog niet klaar" in text
    assert "is ook oorzaak nodig" in text
    assert ProgressUpdate.objects.get().explanation == "Later."


def test_row_without_status_is_refused_with_its_text_kept(redacteur, first_round, mine):
    answer = save(redacteur, mine[0], explanation="Al veel gedaan.")
    assert answer.status_code == 422
    assert "Al veel gedaan." in answer.content.decode()
    assert "Niet opgeslagen." in answer.content.decode()


def test_what_is_wrong_names_its_field_and_is_told_there_too(redacteur, first_round, mine):
    answer = save(redacteur, mine[0], explanation="Al veel gedaan.", cause="Een \0")
    page = answer.content.decode()
    assert "<title>Fout: " in page
    assert "<title>Fout: " not in redacteur.get(ROUND).content.decode()
    said = strip_tags(row_part(page, mine[0]))
    assert "Niet opgeslagen. Stand: Kies een stand. Oorzaak: " in said
    prefix = f"id_rij{mine[0].pk}"
    assert (
        f'<fieldset class="round-row__statuses" aria-describedby="{prefix}-status_error">' in page
    )
    assert " open data-account" in row_part(page, mine[0]), "or its error is out of sight"
    described = re.findall('aria-describedby="([^"]*)"', row_part(page, mine[0]))
    assert f"{prefix}-cause_helptext {prefix}-cause_error" in described
    for name in " ".join(described).split():
        assert page.count(f'id="{name}"') == 1
    assert said.count("Kies een stand.") == 2
    assert "Waardoor loopt het anders?" in said


def test_a_number_of_the_row_that_did_not_come_across_is_told_in_words(
    redacteur, first_round, mine
):
    answer = save(redacteur, mine[0], revision="", **values(Status.DONE))
    assert "Niet opgeslagen. Laad de pagina opnieuw en sla dan op." in strip_tags(
        row_part(answer.content.decode(), mine[0])
    )


def test_unchanged_repeats_the_previous_words(redacteur, jaarplan, first_round, mine):
    report_row(first_round, mine[0], Status.STUCK, "Het zit vast.")
    adopt(first_round)
    make_round(jaarplan, half=2)
    page = "/beheer/voortgang/ronde/2020-2/"
    form = row_form(redacteur, mine[0], page=page, button="ongewijzigd")
    assert redacteur.post(f"{page}{mine[0].pk}/", form).status_code == 302
    update = ProgressUpdate.objects.get(report__half=2)
    assert (update.status, update.explanation) == (Status.STUCK, "Het zit vast.")
    assert update.cause


def test_unchanged_with_a_number_that_is_none_is_refused(redacteur, jaarplan, first_round, mine):
    report_row(first_round, mine[0], Status.STUCK, "Het zit vast.")
    adopt(first_round)
    make_round(jaarplan, half=2)
    page = "/beheer/voortgang/ronde/2020-2/"
    for revision in ("²", "9" * 30, ""):
        form = row_form(redacteur, mine[0], page=page, button="ongewijzigd", revision=revision)
        assert redacteur.post(f"{page}{mine[0].pk}/", form).status_code == 422


@pytest.mark.parametrize("changes", [{"explanation": "Net getypt."}, {"status": "gereed"}])
def test_unchanged_throws_nothing_away_that_is_in_the_row(
    redacteur, jaarplan, first_round, mine, changes
):
    report_row(first_round, mine[0], Status.STUCK, "Het zit vast.")
    adopt(first_round)
    make_round(jaarplan, half=2)
    page = "/beheer/voortgang/ronde/2020-2/"
    form = row_form(redacteur, mine[0], page=page, button="ongewijzigd", **changes)
    answer = redacteur.post(f"{page}{mine[0].pk}/", form)
    assert answer.status_code == 422
    assert "gooi het weg" in answer.content.decode()
    assert not ProgressUpdate.objects.filter(report__half=2).exists()
    shown = posted(redacteur.get(page), form=f"rij{mine[0].pk}-revision", button="ongewijzigd")
    for name, value in changes.items():
        assert shown[f"rij{mine[0].pk}-{name}"] == [value]
    assert redacteur.post(f"{page}{mine[0].pk}/", shown).status_code == 422, "kept and shown back"
    away = posted(answer, form="weggooien", button="weggooien")
    redacteur.post(f"{page}{mine[0].pk}/", away)
    form = row_form(redacteur, mine[0], page=page, button="ongewijzigd")
    assert redacteur.post(f"{page}{mine[0].pk}/", form).status_code == 302
    assert ProgressUpdate.objects.get(report__half=2).explanation == "Het zit vast."


def test_unchanged_takes_the_same_words_for_the_same(redacteur, jaarplan, first_round, mine):
    report_row(first_round, mine[0], Status.ON_TRACK, "Een regel.\nNog een.")
    adopt(first_round)
    second = make_round(jaarplan, half=2)
    report_row(second, mine[0], Status.DONE, "Klaar.\nEcht.")
    page = "/beheer/voortgang/ronde/2020-2/"
    for words in ("Klaar.\r\nEcht.", "Een regel.\r\nNog een.\r\n", ""):
        changes = {"explanation": words}
        form = row_form(redacteur, mine[0], page=page, button="ongewijzigd", **changes)
        assert redacteur.post(f"{page}{mine[0].pk}/", form).status_code == 302
    assert ProgressUpdate.objects.get(report__half=2).status == Status.ON_TRACK


def test_last_text_stands_beside_the_new_field(redacteur, jaarplan, first_round, mine):
    report_row(first_round, mine[0], Status.ON_TRACK, "Wat er toen was.")
    adopt(first_round)
    make_round(jaarplan, half=2)
    text = main_of_admin(redacteur.get("/beheer/voortgang/ronde/2020-2/"))
    assert "Wat er toen was." in text


def test_editor_can_not_save_the_row_of_another(redacteur, first_round, mine, actions):
    prefix = f"rij{actions[20].pk}-"
    form = {f"{prefix}revision": 0, f"{prefix}status": "gereed", f"{prefix}explanation": "x"}
    assert redacteur.post(f"{ROUND}{actions[20].pk}/", form).status_code == 403
    assert redacteur.get(f"{ROUND}vaststellen/").status_code == 403
    assert redacteur.post(f"{ROUND}herinneren/").status_code == 403
    assert not ProgressUpdate.objects.exists()


def test_second_of_two_editors_sees_the_first_and_loses_nothing(
    redacteur, eindredacteur, first_round, mine
):
    late = row_form(redacteur, mine[0], **values(Status.ON_TRACK, "Mijn tekst."))
    page = f"{ROUND}?alles=1"
    save(eindredacteur, mine[0], page=page, **values(Status.DONE, "Van de chef."))
    answer = redacteur.post(f"{ROUND}{mine[0].pk}/", late)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Mijn tekst." in text
    assert "Van de chef." in text
    assert ProgressUpdate.objects.get().explanation == "Van de chef."
    again = posted(answer, form=f"rij{mine[0].pk}-revision", button="opslaan")
    assert redacteur.post(f"{ROUND}{mine[0].pk}/", again).status_code == 302
    assert ProgressUpdate.objects.get().explanation == "Mijn tekst."


def test_saving_after_adoption_keeps_the_text_on_the_screen(redacteur, first_round, mine):
    late = row_form(redacteur, mine[0], **values(Status.ON_TRACK, "Te laat."))
    adopt(first_round)
    answer = redacteur.post(f"{ROUND}{mine[0].pk}/", late, headers=BY_SCRIPT)
    assert answer.status_code == 409
    assert "Te laat." in answer.content.decode()
    assert "al vastgesteld" in answer.content.decode()
    assert not ProgressUpdate.objects.exists()


def test_chief_editor_sees_the_whole_and_takes_over(eindredacteur, first_round, mine, actions):
    text = main_of_admin(eindredacteur.get(ROUND))
    assert "0 van 29 klaar" in text
    assert "0 van 12" in text
    everything = f"{ROUND}?alles=1"
    assert main_of_admin(eindredacteur.get(everything)).count("data-row") == 29
    save(eindredacteur, actions[20], page=everything, **values(Status.DONE))
    assert ProgressUpdate.objects.get().action == actions[20]


@pytest.fixture
def many(first_round, actions):
    """The 120 actions of a round that is too long for one page, in the plan's order."""
    last = actions[-1]
    Action.objects.bulk_create(
        Action(
            plan=last.plan,
            theme=last.theme,
            title=f"Actie {number}",
            slug=f"actie-{number}",
            body="Tekst.",
            position=10_000 + number,
            state=last.state,
        )
        for number in range(120 - len(actions))
    )
    return list(Action.objects.public().of_plan(last.plan))


def rows_on(page):
    """Return the keys of the actions that have a row on a page of the round."""
    return [int(key) for key in re.findall(r'id="actie-(\d+)"', page.content.decode())]


def link(page, words):
    """Return where the link with these words leads to from a page of the round."""
    (found,) = re.findall(rf'<a href="([^"]+)">{re.escape(words)}</a>', main_of_admin(page))
    return urljoin(ROUND, unescape(found))


def test_a_long_round_comes_in_pages_on_which_every_row_is_found(eindredacteur, many):
    page = eindredacteur.get(link(eindredacteur.get(ROUND), "Alle acties: aanvullen of overnemen"))
    assert ">Vorige<" not in main_of_admin(page)
    found = [rows_on(page)]
    while ">Volgende<" in main_of_admin(page):
        page = eindredacteur.get(link(page, "Volgende"))
        found.append(rows_on(page))
    assert [len(keys) for keys in found] == [50, 50, 20]
    assert [key for keys in found for key in keys] == [one.pk for one in many]
    assert rows_on(eindredacteur.get(link(page, "Vorige"))) == found[1]


def test_links_to_an_action_open_the_page_that_has_it(eindredacteur, redacteur, many):
    last = many[-1]
    Action.objects.filter(pk=last.pk).update(owner=redacteur.user)
    for address in (ROUND, f"{ROUND}vaststellen/"):
        leads_to = link(eindredacteur.get(address), last.title)
        assert leads_to.endswith(f"#actie-{last.pk}")
        assert last.pk in rows_on(eindredacteur.get(leads_to))


def test_saving_without_script_comes_back_to_the_page_of_the_row(eindredacteur, many):
    last = many[-1]
    page = f"{ROUND}?alles=1&pagina=3"
    refused = save(eindredacteur, last, page=page, status="", explanation="Zonder stand.")
    assert refused.status_code == 422
    assert len(rows_on(refused)) == 20
    assert "Zonder stand." in row_part(refused.content.decode(), last)
    assert rows_on(eindredacteur.get(link(refused, "Vorige"))) == [one.pk for one in many[50:100]]
    kept = eindredacteur.get(page)
    assert "Het is nog niet opgeslagen" in row_part(kept.content.decode(), last)
    assert rows_on(eindredacteur.get(ROUND)) == [last.pk], "what waits to be saved is at hand"
    saved = save(eindredacteur, last, page=page, **values(Status.DONE))
    assert saved["Location"].endswith(f"#actie-{last.pk}")
    assert last.pk in rows_on(eindredacteur.get(saved["Location"]))


def test_chief_editor_reminds_once_a_day(eindredacteur, redacteur, first_round, mine):
    redacteur.user.email = "redacteur@almere.example"
    redacteur.user.save()
    for _press in range(2):
        answer = eindredacteur.post(
            f"{ROUND}herinneren/", {"eigenaar": redacteur.user.pk}, follow=True
        )
    assert "kreeg vandaag al een mail" in answer.content.decode()
    assert len(mail.outbox) == 1
    assert mine[0].title in mail.outbox[0].body


def test_reminding_someone_without_address_says_so(eindredacteur, redacteur, first_round, mine):
    answer = eindredacteur.post(f"{ROUND}herinneren/", {"eigenaar": redacteur.user.pk}, follow=True)
    assert "heeft geen mailadres" in answer.content.decode()


def leave(owner, action):
    owner.is_active = False
    owner.save()


def limit_elsewhere(owner, action):
    limit = ThemeLimit.objects.create(user=owner)
    limit.themes.add(Theme.objects.exclude(pk=action.theme_id).first())


@pytest.mark.parametrize("change", [leave, limit_elsewhere])
def test_who_cannot_report_is_not_reminded(change, eindredacteur, redacteur, first_round, actions):
    redacteur.user.email = "redacteur@almere.example"
    redacteur.user.save()
    Action.objects.filter(pk=actions[0].pk).update(owner=redacteur.user)
    remind = posted(eindredacteur.get(ROUND), form="eigenaar")
    change(redacteur.user, actions[0])
    text = main_of_admin(eindredacteur.get(ROUND))
    assert actions[0].title in text
    assert "kan dit niet melden" in text
    assert "Stuur mail" not in text
    answer = eindredacteur.post(f"{ROUND}herinneren/", remind, follow=True)
    assert "kan dit niet melden: het account" in answer.content.decode()
    assert mail.outbox == []


def test_nobody_is_reminded_of_a_report_that_is_adopted(
    eindredacteur, redacteur, first_round, mine
):
    redacteur.user.email = "redacteur@almere.example"
    redacteur.user.save()
    remind = posted(eindredacteur.get(ROUND), form="eigenaar")
    adopt(first_round)
    answer = eindredacteur.post(f"{ROUND}herinneren/", remind, follow=True)
    assert "De rapportage is al vastgesteld." in answer.content.decode()
    assert mail.outbox == []


def test_chief_editor_adopts_from_the_screen(eindredacteur, bezoeker, first_round, mine):
    report_row(first_round, mine[0], Status.DONE, "Afgerond.")
    page = f"{ROUND}vaststellen/"
    asked = eindredacteur.get(page)
    assert "Zonder melding in deze ronde: 28" in asked.content.decode()
    eindredacteur.post(page, posted(asked))
    assert "Afgerond." in main_of(bezoeker.get("/voortgang/2020-1/"))
    assert ProgressReport.objects.get().adopted_by == eindredacteur.user
    again = eindredacteur.post(page)
    assert again["Location"] == "/voortgang/2020-1/"


def test_adopting_is_refused_with_the_reasons(eindredacteur, jaarplan, actions):
    report = make_round(jaarplan, summary="")
    report_row(report, actions[0], Status.ON_TRACK, "")
    answer = eindredacteur.post(f"{ROUND}vaststellen/")
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "Er is nog geen samenvatting." in text
    assert f"{actions[0].title}: Vul een toelichting in." in text


@pytest.mark.parametrize("number", ["2031-1", "x", "2020-9"])
def test_unknown_round_is_a_404(number, eindredacteur, first_round):
    assert eindredacteur.get(f"/beheer/voortgang/ronde/{number}/").status_code == 404


def test_queries_do_not_grow_with_the_rows(
    eindredacteur, first_round, mine, actions, django_assert_max_num_queries
):
    for address in (ROUND, f"{ROUND}?alles=1"):
        with django_assert_max_num_queries(15):
            eindredacteur.get(address)
    Action.objects.filter(pk__in=[one.pk for one in actions]).update(owner=eindredacteur.user)
    with django_assert_max_num_queries(15):
        eindredacteur.get(ROUND)


@pytest.fixture
def next_year(jaarplan, actions, eindredacteur):
    """The plan of 2021, published, with its open round; its actions continue those of 2020."""
    Action.objects.of_plan(jaarplan).update(owner=eindredacteur.user)
    continued = Action.objects.of_plan(jaarplan)
    plan = carry_over(jaarplan, year=2021, title="x", multi_year_plan="x", actions=continued)
    publish(plan)
    for action in Action.objects.of_plan(plan):
        publish(action)
    make_round(plan)
    return list(Action.objects.of_plan(plan))


def row_part(text, action):
    """Return the row of `action` as text."""
    start = text.index(f'id="actie-{action.pk}"')
    return " ".join(text[start : text.index("</section>", start)].split())


def test_action_that_is_carried_over_shows_what_was_said_of_it_the_year_before(
    eindredacteur, jaarplan, next_year
):
    action = next_year[0]
    before = action.predecessor
    publish_update(before, Status.STUCK, "Het zat vast.", reported_on=date(2020, 12, 3))
    text = row_part(main_of_admin(eindredacteur.get("/beheer/voortgang/ronde/2021-1/")), action)
    assert "Over deze actie is nog niet eerder gemeld" not in text
    assert "in dit jaarplan nog niet gemeld" in text
    assert f'href="{before.get_absolute_url()}"' in text
    assert "jaarplan van 2020</a> gemeld: <strong>loopt vast</strong>, 3 december 2020" in text
    assert "Het zat vast." in text
    assert before.progress_updates.get().cause in text
    assert 'name="ongewijzigd"' not in text, "it is not this plan's own"
    page = "/beheer/voortgang/ronde/2021-1/"
    form = row_form(eindredacteur, action, page=page, **values(Status.DONE)) | {"ongewijzigd": "1"}
    eindredacteur.post(f"{page}{action.pk}/", form)
    assert ProgressUpdate.objects.get(action=action).status == Status.DONE


def test_what_is_said_in_this_plan_goes_before_what_was_said_the_year_before(
    eindredacteur, jaarplan, next_year
):
    publish_update(next_year[0].predecessor, Status.STUCK, "Het zat vast.")
    publish_update(next_year[0], Status.ON_TRACK, "Nu gaat het goed.")
    text = main_of_admin(eindredacteur.get("/beheer/voortgang/ronde/2021-1/"))
    assert "Het zat vast." not in row_part(text, next_year[0])
    assert "Nu gaat het goed." in row_part(text, next_year[0])
    assert "Over deze actie is nog niet eerder gemeld." in row_part(text, next_year[1])


def test_what_was_withdrawn_is_not_shown_as_said_the_year_before(
    eindredacteur, jaarplan, next_year
):
    before = next_year[0].predecessor
    publish_update(before, Status.STUCK, "Het zat vast.")
    withdraw(before)
    assert "Het zat vast." not in main_of_admin(
        eindredacteur.get("/beheer/voortgang/ronde/2021-1/")
    )


def test_queries_do_not_grow_with_the_rows_that_are_carried_over(
    eindredacteur, next_year, django_assert_max_num_queries
):
    for action in next_year:
        publish_update(action.predecessor, Status.ON_TRACK)
    with django_assert_max_num_queries(16):
        eindredacteur.get("/beheer/voortgang/ronde/2021-1/")


def main_of_admin(answer):
    html = answer.content.decode()
    return html[html.index('id="content-main"') :]


def test_before_adopting_a_reader_s_stumbles_are_shown(eindredacteur, jaarplan, actions):
    report = make_round(jaarplan, summary="Meer? [Klik hier](/voortgang/).")
    report_row(report, actions[0], Status.ON_TRACK, "Zie [de oude pagina](/bestaat-niet/).")
    text = main_of_admin(eindredacteur.get(f"{ROUND}vaststellen/"))
    assert "Waar een lezer over struikelt" in text
    assert "<q>Klik hier</q>" in text
    assert "/bestaat-niet/" in text
    eindredacteur.post(f"{ROUND}vaststellen/")
    assert not ProgressReport.objects.get().is_open, "advice is no lock"


def test_a_round_with_an_image_without_words_is_not_adopted(eindredacteur, jaarplan, actions):
    image = "Zin.\n\n![](https://elders.example/foto.png)"
    report = make_round(jaarplan, summary=image)
    report_row(report, actions[0], Status.ON_TRACK, image)
    for answer in (
        eindredacteur.get(f"{ROUND}vaststellen/"),
        eindredacteur.post(f"{ROUND}vaststellen/"),
    ):
        text = main_of_admin(answer)
        assert text.count("geen alternatieve tekst") >= 2
        assert "Samenvatting, regel 3: " in text
        assert f"{actions[0].title}: Toelichting, regel 3: " in text
    assert ProgressReport.objects.get().is_open
