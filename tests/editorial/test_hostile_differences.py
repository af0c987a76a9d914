"""The differences between two texts: nothing lost, readable, and no endless work."""

from datetime import timedelta

import pytest

from plan.models import Action
from tests.tooling.deadline import ended_within
from veiligalmere.editorial.differences import Part, words
from veiligalmere.editorial.markdown import MAX_LENGTH
from veiligalmere.editorial.publish import publish, save_draft

pytestmark = pytest.mark.django_db

FAULT = timedelta(seconds=20)  # the slowest takes half a second
# Pieces of an old and a new text that are alike in a way that invites endless comparing.
ALIKE = {
    "paragraphs": ("a\n\n", "b\n\n"),
    "paragraphs of which half stayed": ("a\n\nc\n\n", "b\n\nc\n\n"),
    "lines with spaces between": ("a\n \n", "b\n \n"),
    "words": ("a ", "b "),
    "words of which half stayed": ("a c ", "b c "),
    "a list": ("1 maart: 7\n", "1 april: 5\n"),
    "many changed lines": ("x\n" + "a c " * 100 + "\n", "x\n" + "b c " * 100 + "\n"),
    "blank lines": ("\n", "\n\n"),
    "white space": (" ", " \n"),
    "signs": ("|-", "|*"),
    "images": ("![", "![a](afbeelding:1"),
    "the same": ("de kat\n", "de kat\n\n"),
}


def sides(parts):
    """Return the old and the new text that `parts` lead from and to."""
    return tuple(
        "".join(part.text for part in parts if part.kind != other) for other in ("added", "removed")
    )


@pytest.mark.parametrize(("old", "new"), ALIKE.values(), ids=ALIKE)
@pytest.mark.parametrize("length", [2_400, 10_000, MAX_LENGTH])
def test_texts_that_are_much_alike_are_compared_in_the_end(old, new, length):
    old, new = (piece * (length // len(piece)) for piece in (old, new))
    with ended_within(FAULT):
        assert sides(words(old, new)) == (old, new)


@pytest.mark.parametrize("lines", [100, 1_000, 10_000])
def test_many_short_lines_that_were_all_replaced_are_compared_in_the_end(lines):
    old, new = "a\n" * lines, "b\n" * (lines - 1)
    with ended_within(FAULT):
        assert sides(words(old, new)) == (old, new)


def test_pages_with_such_texts_answer(eindredacteur, bezoeker, jaarplan):
    action = Action.objects.public().first()
    old, new = (piece * (MAX_LENGTH // len(piece)) for piece in ALIKE["paragraphs"])
    for text in (old, new):
        save_draft(action, lambda row, text=text: write(row, text))
        with ended_within(FAULT):
            answer = eindredacteur.get(f"/beheer/plan/action/{action.pk}/change/")
        assert answer.status_code == 200
        publish(action)
    with ended_within(FAULT):
        assert bezoeker.get(f"{action.get_absolute_url()}wijzigingen/").status_code == 200


def write(row, text):
    row.body = text
    row.save()


@pytest.mark.parametrize(
    ("old", "new", "parts"),
    [
        ("Het oude plan.", "Het nieuwe plan.", "Het -oude-+nieuwe+ plan."),
        ("Het plan.", "Het nieuwe plan.", "Het +nieuwe +plan."),
        ("Eerst dit.", "Eerst dit.\n\nDan dat.", "Eerst dit.+\n\nDan dat.+"),
        ("Een.\n\nTwee.\n\nDrie.", "Een.\n\nDrie.", "Een.\n\n-Twee.\n\n-Drie."),
        ("Een.\nTwee.", "Een.\n\nTwee.", "Een.\n+\n+Twee."),
        ("Kop\n\nTekst.", "Kop (van ons)\n\nTekst.", "Kop+ (van ons)+\n\nTekst."),
        ("In 8.000 wijken", "In 9.000 wijken", "In -8.000-+9.000+ wijken"),
        ("een oud plan", "de nieuwe plannen", "-een oud plan-+de nieuwe plannen+"),
        ("", "Nieuw.", "+Nieuw.+"),
        ("\n\n  Oud.", "Oud.", "-\n\n  -Oud."),
    ],
)
def test_what_changed_is_told_word_by_word(old, new, parts):
    marks = {"same": "", "removed": "-", "added": "+"}
    told = "".join(f"{marks[kind]}{text}{marks[kind]}" for kind, text in words(old, new))
    assert told == parts
    assert sides(words(old, new)) == (old, new)


@pytest.mark.parametrize(
    ("line", "was", "now"),
    [
        ("Regel {} over de veiligheid van wijk {}.\n\n", "veiligheid", "leefbaarheid"),
        ("{} maart: 7\n", "maart", "april"),
        ("| {} | zeer | vaak |\n", "zeer", "niet"),
    ],
)
def test_one_word_may_change_in_each_line_of_a_long_text(line, was, now):
    """That is told of each, and not that all was replaced."""
    old = "".join(line.format(number, number) for number in range(600))
    parts = words(old, old.replace(was, now))
    assert parts.count(Part("removed", was)) == parts.count(Part("added", now)) == 600


def test_line_that_moved_up_is_compared_with_itself():
    """Not with the one that stood in its place, although as many stand there now."""
    old = "De wijkagent komt langs.\nDe brug gaat dicht.\nEr is een nieuwe school."
    new = "De brug gaat altijd dicht.\nEr is een oude school.\nHet zwembad is open."
    kept = "".join(text for kind, text in words(old, new) if kind == "same")
    assert "De brug gaat " in kept
    assert "Er is een " in kept


NEWS = (
    "In 2020 doen wij onderzoek naar inbraken in de wijken waar veel wordt ingebroken.\n\n",
    "Samen met bewoners en de politie bekijken wij elk kwartaal welke straten aandacht vragen.\n\n",
)


@pytest.mark.parametrize(
    ("old", "new", "stays"),
    [
        (
            "Daarom starten wij met vijf buurten in het centrum.\n",
            "Daarom starten wij met zes buurten in het centrum.\n",
            "Daarom starten wij met ",
        ),
        (
            "- 1 maart 2020: start\n- 1 april 2020: verslag\n- 1 juni 2020: einde\n",
            "- 1 maart 2021: start\n- 1 april 2021: verslag\n- mei: feest\n- 1 juni 2021: einde\n",
            "- 1 juni ",
        ),
    ],
    ids=["a sentence", "a list that grew"],
)
def test_a_paragraph_that_was_written_anew_takes_no_line_beside_it_along(old, new, stays):
    parts = words(NEWS[0] + old, NEWS[1] + new)
    assert any(part.kind == "same" and stays in part.text for part in parts), parts
    assert sides(parts) == (NEWS[0] + old, NEWS[1] + new)
