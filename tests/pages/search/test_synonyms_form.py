"""The form of synonyms refuses what the search would never use."""

import pytest

from themes.models import Synonym

pytestmark = pytest.mark.django_db
ADD = "/beheer/themes/synonym/add/"
OVER = "De zoekfunctie slaat dit over, omdat het op bijna elke pagina staat: "
LONG = "Een woord mag hooguit 60 letters hebben. Dit is te lang: "


@pytest.mark.parametrize(
    ("words", "errors"),
    [
        ("de\nhet", [f"{OVER}“de”, “het”."]),
        ("buurman\nDé\n’t", [f"{OVER}“Dé”, “’t”."]),
        ("buurman\nop de", [f"{OVER}“op de”."]),
        ("buurman\n" + "x" * 61, [f"{LONG}“{'x' * 29}…”."]),
        ("buurman\n– !", ["Hierin staat geen woord: “– !”."]),
        ("de\n" + "x" * 61, [f"{LONG}“{'x' * 29}…”.", f"{OVER}“de”."]),
    ],
)
def test_words_that_never_work_are_refused(beheerder, words, errors):
    before = Synonym.objects.count()
    answer = beheerder.post(ADD, {"words": words})
    assert answer.context["adminform"].form.errors["words"] == errors
    assert "x" * 61 not in str(answer.context["errors"])
    assert Synonym.objects.count() == before


def test_a_phrase_with_such_a_word_in_it_is_taken(beheerder):
    words = f"op de hoek\n{'x' * 60}"
    assert beheerder.post(ADD, {"words": words}).status_code == 302
    assert Synonym.objects.filter(words=words).exists()


def test_the_synonyms_that_are_there_can_be_saved():
    for synonym in Synonym.objects.all():
        synonym.full_clean()
