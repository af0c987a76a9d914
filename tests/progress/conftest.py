"""Makers of progress: rounds, updates, adopted reports."""

from datetime import date

import pytest

from plan.models import Action, ProgressReport, ProgressUpdate, Status
from plan.progress.adoption import adopt, open_round
from plan.progress.round import save_row
from veiligalmere.editorial.publish import publish

ACCOUNT = {
    "cause": "De onderzoeker viel uit.",
    "consequence": "De resultaten komen later.",
    "correction": "Er is een ander gevonden.",
}


def values(status, text="De eerste stap is gezet."):
    """Return what an editor fills in on a row, with an account where the status needs one."""
    account = ACCOUNT if Status(status).needs_account else dict.fromkeys(ACCOUNT, "")
    return {"status": str(Status(status).value), "explanation": text, **account}


def make_round(plan, half=1, **fields):
    """Open the round of a half-year, with a summary that is ready to be adopted."""
    defaults = {"deadline": date(plan.year, 6 * half, 30), "summary": f"Samenvatting {half}."}
    return open_round(ProgressReport(plan=plan, half=half, **defaults | fields))


def report_row(report, action, status, text="De eerste stap is gezet.", by=None):
    """Save one row of a round, whatever was there."""
    update = ProgressUpdate.objects.of_round(report).filter(action=action).first()
    revision = update.revision if update else 0
    return save_row(report, action, values(status, text), revision=revision, by=by)


def publish_update(action, status, text="Tussendoor gemeld.", **fields):
    """Publish an update between reports."""
    update = ProgressUpdate.objects.create(action=action, **values(status, text), **fields)
    publish(update)
    return update


@pytest.fixture
def actions(jaarplan):
    """The published actions, in the plan's order."""
    return list(Action.objects.public().of_plan(jaarplan).select_related("plan", "theme"))


@pytest.fixture
def first_round(jaarplan):
    """The open round of the first half-year."""
    return make_round(jaarplan)


@pytest.fixture
def first_report(first_round, actions):
    """Report 2020-1, adopted: one action in each status, the others not reported."""
    for action, status in zip(actions, Status, strict=False):
        if status != Status.NOT_REPORTED:
            report_row(first_round, action, status, f"Over {action.title}.")
    return adopt(first_round)


@pytest.fixture
def on_day(monkeypatch):
    """A function that makes it another day in Amsterdam."""

    def set_day(day):
        monkeypatch.setattr("django.utils.timezone.localdate", lambda *args: day)

    return set_day


def main_of(answer):
    """Return the `<main>` of a page as text."""
    html = answer.content.decode()
    return html[html.index("<main") : html.index("</main>")]
