"""`python -m benchmarks.search`: what search costs among 10,000 texts, against its goals.

A database of its own, of SQLite, gets 10 plans of 1,000 actions. Their texts are made of the plan's
own words and some that are put together from them, so that there are as many different words as
in ten thousand real texts. Measured is all that a visitor waits for: that the database is read and
the page made. It is processor time, so that what else the machine does weighs less.
"""

import os
import random
from statistics import median
from time import process_time

import django

from tests.tooling.environment import prepare

os.environ.pop("TEST_DATABASE_URL", None)  # somebody's server
prepare()
django.setup()

from django.core.management import call_command  # noqa: E402 -- models exist only after setup
from django.db import transaction  # noqa: E402
from django.test import Client  # noqa: E402

from plan.models import Action, AnnualPlan, Passage  # noqa: E402
from veiligalmere.editorial.publish import publish  # noqa: E402
from veiligalmere.editorial.publishing import State  # noqa: E402
from veiligalmere.pages.search.current import CurrentIndex, current_index  # noqa: E402

YEARS, EACH, WORDS_IN_A_TEXT, ROUNDS = range(2010, 2020), 1000, 150, 5
MADE_UP = 0.03  # share of words that no other text has
RELATIONS = ("subtopics", "places")
NOTHING, QUERY = 2000, 25  # goals: milliseconds for an index from nothing, and for a query
QUERIES = (
    *("inbraak", "overlast", "messen", "mes", "vuurwapens", "ondermijing", "buurt ruzie", "buren"),
    *("cyber", "hacken", "camera", "cafe", "enquete", "drugs in het centrum", "brandweer"),
    *("school", "jeugd", "veiligheid", "gemeente", "top x", "JIT", "112", "jeugdgeweld"),
    # What most texts have, and more of that than one word.
    *("aanpak", "Almere", "veiligheid jeugd gemeente", "veiligheidsaanpak"),
    "de aanpak van overlast door jeugd in de wijk en op school",
    # Mistyped, in nothing, or too little.
    *("straatintimidasie", "ibraken", "camra", "branweer", "radiaal", "oveerlast", "caf"),
    *("drugshandel", "hennepkwekerij"),
    *("qqqqqqq", "qqqqqqqqqqqq", "x", "de het een en", "overlast " * 600),
)


def main():
    """Measure, and print each outcome in milliseconds, beside its goal where it has one."""
    random.seed(1)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("migrate", verbosity=0)
    call_command("load_jaarplan", verbosity=0)
    with transaction.atomic():
        fill()
    index = CurrentIndex()
    took, made = timed(index.get)
    print(f"{took:8.0f} ms  index of {len(made.documents)} texts, from nothing (goal {NOTHING})")
    action = Action.objects.filter(plan__year=2019).first()
    action.body += " Er komt een zeppelin."
    action.save()
    publish(action)
    took, made = timed(index.get)
    print(f"{took:8.0f} ms  index after one publication")
    if not made.search("zeppelin").hits:
        raise RuntimeError("The index does not follow what is published.")
    current_index.get()
    visitor = Client(headers={"host": "127.0.0.1"})
    firsts, queries, pages = [], [], []
    for query in QUERIES:
        first, answer = timed(made.search, query)
        firsts.append(first)
        queries.append(median(timed(made.search, query)[0] for _round in range(ROUNDS)))
        page = [timed(visitor.get, "/zoeken/", {"zoek": query})[0] for _round in range(ROUNDS)]
        pages.append(median(page))
        print(
            f"{first:8.1f} ms the first time, {queries[-1]:6.1f} again, {pages[-1]:6.1f} with its "
            f"page  {len(answer.hits):6} found  {query[:30]}"
        )
    print(f"{max(firsts):8.1f} ms  for the slowest query the first time (goal {QUERY})")
    print(f"{max(queries):8.1f} ms  for the slowest query again (goal {QUERY})")
    print(f"{max(pages):8.1f} ms  for the slowest page, its query included")


def timed(make, *arguments):
    """Return (milliseconds of processor time that `make(*arguments)` took, what it gave)."""
    start = process_time()
    made = make(*arguments)
    return (process_time() - start) * 1000, made


def fill():
    """Make the plans, all older than that of 2020, with actions that no other has the text of."""
    models = list(Action.objects.filter(plan__year=2020).prefetch_related(*RELATIONS))
    texts = [*models, *Passage.objects.filter(plan__year=2020)]
    words = [word.strip("().,:;’‘") for one in texts for word in one.body.split()]
    for year in YEARS:
        plan = AnnualPlan.objects.create(
            year=year, title=f"Jaarplan Veiligheid {year}", state=State.PUBLISHED
        )
        Action.objects.bulk_create(
            Action(
                plan=plan,
                theme=models[number % len(models)].theme,
                title=" ".join(random.choices(words, k=6))[:160],  # noqa: S311 -- no secret
                slug=f"actie-{number}",
                body=" ".join(_word(words) for _place in range(WORDS_IN_A_TEXT)),
                position=number,
                state=State.PUBLISHED,
            )
            for number in range(EACH)
        )
        for name in RELATIONS:
            field = Action._meta.get_field(name)
            through, column = field.remote_field.through, f"{field.m2m_reverse_field_name()}_id"
            through.objects.bulk_create(
                through(**{"action_id": action.pk, column: related.pk})
                for action in Action.objects.of_plan(plan)
                for related in getattr(models[action.position % len(models)], name).all()
            )


def _word(words):
    word = random.choice(words)  # noqa: S311 -- no secret
    if random.random() < MADE_UP:  # noqa: S311 -- no secret
        return word[:6] + random.choice(words).lower()  # noqa: S311 -- no secret
    return word


if __name__ == "__main__":
    main()
