"""Only what is public leaves by the API and the files: no drafts, owners or blacked out words."""

import pytest
from django.test import Client

from plan.models import Action, AnnualPlan, Development, ProgressReport, ProgressUpdate, Status
from tests.pages.api.conftest import BASE
from tests.progress.conftest import make_round, publish_update, report_row
from tests.tooling.drafts import writing
from themes.models import Indicator, Subtopic, Theme, WorkingMethod
from veiligalmere.editorial.blackout import black_out
from veiligalmere.editorial.publish import save_draft, withdraw
from veiligalmere.editorial.publishing import State
from veiligalmere.pages.api.kinds import BY_NAME

pytestmark = pytest.mark.django_db

FILES = [f"/open-data/{name}.{kind}" for name in BY_NAME for kind in ("json", "csv")]


def everything():
    """Return all that the API and the files say, as one text."""
    client = Client()
    parts = [client.get(f"{BASE}/{name}?pageSize=100").content.decode() for name in BY_NAME]
    parts += [client.get(address).content.decode() for address in FILES]
    return "\n".join(parts)


KINDS = {
    "themas": lambda: Theme.objects.get(slug="veilige-wijken"),
    "onderwerpen": lambda: Subtopic.objects.get(slug="woninginbraken"),
    "werkwijzen": lambda: WorkingMethod.objects.get(slug="bestuurlijke-aanpak"),
    "jaarplannen": lambda: AnnualPlan.objects.get(year=2020),
    "acties": lambda: Action.objects.get(slug="straatintimidatie"),
    "voortgangsmeldingen": lambda: ProgressUpdate.objects.public().first(),
    "cijfers": lambda: Indicator.objects.public().first(),
    "ontwikkelingen": lambda: Development.objects.public().first(),
}


@pytest.mark.parametrize("name", KINDS)
def test_what_is_withdrawn_is_gone_and_nothing_points_at_it(name, content, ask):
    obj = KINDS[name]()
    key = obj.year if name == "jaarplannen" else obj.pk
    link = ask(f"/{name}/{key}")["_links"]["self"]["href"]
    assert link in everything()
    total = ask(f"/{name}")["totaal"]
    withdraw(obj)
    answer = ask(f"/{name}/{key}", 410)
    assert str(obj) not in answer["detail"]
    assert ask(f"/{name}")["totaal"] == total - 1
    text = everything()
    assert f'"{link}"' not in text


@pytest.mark.parametrize("name", KINDS)
def test_what_was_never_public_is_not_found(name, content, ask):
    obj = KINDS[name]()
    type(obj).objects.filter(pk=obj.pk).update(state=State.CONCEPT, published_at=None)
    ask(f"/{name}/{obj.year if name == 'jaarplannen' else obj.pk}", 404)


def test_what_belongs_to_a_withdrawn_theme_leaves_with_it(content, ask):
    theme = content[0].theme
    indicator = Indicator.objects.public().filter(theme=theme).first()
    withdraw(theme)
    ask(f"/acties/{content[0].pk}", 410)
    ask(f"/cijfers/{indicator.pk}", 410)
    ask(f"/voortgangsmeldingen/{content[0].progress_updates.public().first().pk}", 410)
    Action.objects.filter(pk=content[0].pk).update(state=State.CONCEPT)
    ask(f"/acties/{content[0].pk}", 404)
    slugs = [one["thema"]["slug"] for one in ask("/acties?pageSize=100")["resultaten"]]
    assert theme.slug not in slugs
    assert ask(f"/acties?thema={theme.slug}", 400)


def test_draft_beside_what_is_live_stays_inside(content):
    save_draft(content[0], writing(title="Geheime nieuwe titel"))
    assert "Geheime nieuwe titel" not in everything()


def test_open_round_stays_inside(content, ask, jaarplan):
    report = make_round(jaarplan, half=2, summary="Nog niet vastgesteld.")
    report_row(report, content[3], Status.DELAYED, "Nog niet publiek.")
    text = everything()
    assert "Nog niet vastgesteld." not in text
    assert "Nog niet publiek." not in text
    ask("/voortgangsrapportages/2020-2", 404)
    ask("/rapportageregels?rapportage=2020-2", 400)


def test_update_does_not_name_a_report_that_is_not_adopted(content, ask, jaarplan):
    report = make_round(jaarplan, half=2)
    update = publish_update(content[4], Status.ON_TRACK, report=report)
    assert ask(f"/voortgangsmeldingen/{update.pk}")["rapportage"] is None
    named = ProgressUpdate.objects.public().filter(report__half=1).first()
    assert ask(f"/voortgangsmeldingen/{named.pk}")["rapportage"] == "2020-1"


def test_staff_is_nowhere(content, redacteur):
    redacteur.user.first_name, redacteur.user.last_name = "Xandra", "Quist"
    redacteur.user.email = "x.quist@example.org"
    redacteur.user.save()
    Action.objects.update(owner=redacteur.user)
    ProgressReport.objects.update(adopted_by=redacteur.user)
    text = everything()
    for word in ("Xandra", "Quist", redacteur.user.username, "owner", 'eigenaar"'):
        assert word not in text


def test_blacked_out_words_are_nowhere(content, eindredacteur):
    Action.objects.filter(pk=content[0].pk).update(summary="Jan Jansenius helpt.")
    ProgressUpdate.objects.filter(action=content[0]).update(explanation="Door Jan Jansenius.")
    Indicator.objects.public().first().measurements.update(note="Jan Jansenius")
    assert "Jan Jansenius" in everything()
    black_out(["Jan Jansenius"], rule="AVG", by=eindredacteur.user)
    assert "Jansenius" not in everything()
