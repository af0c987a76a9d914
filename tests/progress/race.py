"""Several people at one round at the same moment; prints what came of it, as JSON.

A program of its own: it works with real transactions on the database that the environment names,
which has the Jaarplan in it.
"""

import json
import sys
from datetime import date

import django

django.setup()

from plan.models import Action, AnnualPlan, ProgressReport, ProgressUpdate  # noqa: E402
from plan.progress.adoption import AlreadyAdopted, adopt, open_round  # noqa: E402
from plan.progress.round import Overtaken, save_row  # noqa: E402
from tests.tooling import race  # noqa: E402

PEOPLE = 6


def at_once(*tasks):
    """Run the tasks at the same moment; return for each "done", or as what it was refused."""
    done = [lambda task=task: task() and "done" for task in tasks]
    return race.at_once(*done, refusals=(AlreadyAdopted, Overtaken))


def saying(report, action, number):
    """Return a task that saves one row with a text of its own."""
    values = {"status": "op-schema", "explanation": f"Tekst {number}"}
    return lambda: save_row(report, action, values, revision=0, by=None)


def main():
    plan = AnnualPlan.objects.get(year=2020)
    actions = list(Action.objects.public().of_plan(plan))
    rounds = [
        open_round(
            ProgressReport(plan=plan, half=half, deadline=date(2020, 6 * half, 30), summary="x")
        )
        for half in (1, 2)
    ]
    outcome = {}
    outcome["one row"] = at_once(*(saying(rounds[0], actions[0], n) for n in range(PEOPLE)))
    outcome["texts kept"] = ProgressUpdate.objects.filter(action=actions[0]).count()
    outcome["other rows"] = at_once(
        *(saying(rounds[0], action, 0) for action in actions[1 : 1 + PEOPLE])
    )
    outcome["adopting"] = at_once(*(lambda: adopt(rounds[0]) for _person in range(3)))
    outcome["entries"] = rounds[0].entries.count()
    tasks = [saying(rounds[1], action, 1) for action in actions[:PEOPLE]]
    outcome["adopting while saving"] = at_once(lambda: adopt(rounds[1]), *tasks)
    outcome["saved"] = ProgressUpdate.objects.of_round(rounds[1]).count()
    outcome["frozen"] = rounds[1].entries.filter(in_round=True).count()
    outcome["drafts left"] = ProgressUpdate.objects.exclude(state="gepubliceerd").count()
    json.dump(outcome, sys.stdout)


if __name__ == "__main__":
    main()
