"""Several people at one list at the same moment; prints what came of it, as JSON.

A program of its own: it works with real transactions on the database that the environment names,
which has the Jaarplan in it.
"""

import json
import sys

import django

django.setup()

from django.test import Client  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402

from plan.models import Action  # noqa: E402
from tests.tooling.accounts import make_account  # noqa: E402
from tests.tooling.forms import posted  # noqa: E402
from tests.tooling.race import at_once  # noqa: E402
from veiligalmere.editorial.publish import publish  # noqa: E402
from veiligalmere.editorial.versions import Version  # noqa: E402

CLICKS = 4


def logged_in(role):
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(make_account(role))
    return client


def shown(client, actions, **fields):
    """Return the address that carries out a change of these actions, as it is shown."""
    keys = ",".join(str(one.pk) for one in actions)
    page = f"/beheer/plan/action/in-bulk/?gekozen={keys}"
    answer = client.post(page, posted(client.get(page), form="step", **fields))
    return answer.context["carry_out_url"]


def pressing(client, address):
    """Return a task that presses the button; a redirect says that it was done."""
    other = Client(SERVER_NAME="127.0.0.1")
    other.cookies = client.cookies
    return lambda: other.post(address).status_code


def main():
    setup_test_environment()
    anna, bas = logged_in("redacteur"), logged_in("eindredacteur")
    actions = list(Action.objects.public()[:6])
    outcome = {}
    address = shown(anna, actions[:3], period_doen="zet", period="Heel 2020")
    outcome["clicks"] = at_once(*[pressing(anna, address)] * CLICKS)
    outcome["versions"] = [Version.objects.of(one).count() for one in actions[:3]]
    # Two people with the same actions in another order, while a third publishes one of them.
    mine = shown(anna, actions[3:], period_doen="zet", period="Van Anna")
    theirs = shown(bas, actions[:2:-1], step="intrekken", note="Gaat niet door")
    outcome["people"] = at_once(
        pressing(anna, mine),
        pressing(bas, theirs),
        lambda: publish(actions[4], note="Intussen") and "published",
    )
    outcome["states"] = [
        [one.state, Version.objects.of(one).drafts().count()]
        for one in Action.objects.filter(pk__in=[one.pk for one in actions[3:]]).order_by("pk")
    ]
    json.dump(outcome, sys.stdout)


if __name__ == "__main__":
    main()
