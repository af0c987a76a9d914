"""`python -m benchmarks.search`: how long a search takes among 10,000 texts, and its index to make.

The texts are made of the plan's own words and some that are put together from them, so that there
are as many different words as in ten thousand real texts. Processor time is measured, so that
what else the machine does weighs less.
"""

import random
from statistics import median
from time import process_time

import yaml

from tests.tooling.environment import ROOT
from veiligalmere.pages.search.index import Document, Index

TEXTS, WORDS_IN_A_TEXT, ROUNDS = 10_000, 150, 5
MADE_UP = 0.03  # share of words that no other text has
QUERIES = (
    *("inbraak", "overlast", "messen", "mes", "vuurwapens", "ondermijing", "buurt ruzie", "buren"),
    *(
        "cyber",
        "hacken",
        "camera",
        "cafe",
        "enquete",
        "drugs in het centrum",
        "brandweer",
        "school",
    ),
    *("jeugd", "top x", "JIT", "112", "jeugdgeweld", "straatintimidasie", "qqqqqqq", "x"),
)


def main():
    """Print what making the index and each query take, in milliseconds."""
    random.seed(1)
    texts = list(documents())
    groups = [one["fields"]["words"].splitlines() for one in fixture("synonyms")]
    index = timed("index, made from nothing", lambda: Index(texts, groups))
    changed = [*texts[1:], Document(kind="acties", url="/nieuw", title="Nieuw")]
    index = timed("index, after one text changed", lambda: Index(changed, groups, previous=index))
    slowest = 0
    for query in QUERIES:
        taken = []
        for _round in range(ROUNDS):
            start = process_time()
            answer = index.search(query)
            taken.append((process_time() - start) * 1000)
        slowest = max(slowest, median(taken))
        print(f"{median(taken):8.1f} ms  {len(answer.hits):6} found  {query}")
    print(f"{slowest:8.1f} ms  for the slowest of them")


def timed(what, make):
    """Return what `make()` gives, and print how long it took."""
    start = process_time()
    made = make()
    print(f"{(process_time() - start) * 1000:8.0f} ms  {what}")
    return made


def documents():
    """Yield the texts."""
    words = [
        word.strip("().,:;’‘")
        for name in ("actions-2020", "passages-2020")
        for one in fixture(name)
        for word in one["fields"]["body"].split()
    ]
    for number in range(TEXTS):
        yield Document(
            kind="acties",
            url=f"/{number}",
            title=" ".join(random.choices(words, k=6)),  # noqa: S311 -- no secret
            body=" ".join(_word(words) for _place in range(WORDS_IN_A_TEXT)),
            themes=("veilige-wijken",),
            year=2011 + number % 10,
        )


def fixture(name):
    """Return the objects of a fixture file."""
    return yaml.safe_load((ROOT / f"fixtures/{name}.yaml").read_text("utf-8"))


def _word(words):
    word = random.choice(words)  # noqa: S311 -- no secret
    if random.random() < MADE_UP:  # noqa: S311 -- no secret
        return word[:6] + random.choice(words).lower()  # noqa: S311 -- no secret
    return word


if __name__ == "__main__":
    main()
