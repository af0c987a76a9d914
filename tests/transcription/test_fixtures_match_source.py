"""The fixtures hold the whole plan, word for word and in its order, and nothing else."""

import pytest

from tests.transcription.compare import assert_same_text, blocks_of_html
from tests.transcription.fixture_content import plan_html, records
from tests.transcription.source import EXTRA, parse_source, read_source


@pytest.fixture(scope="module")
def themes():
    return records("themes")


@pytest.fixture(scope="module")
def subtopics():
    return records("subtopics")


@pytest.fixture(scope="module")
def passages():
    return records("passages-2020")


@pytest.fixture(scope="module")
def actions():
    return records("actions-2020")


def test_fixtures_have_every_sentence_of_the_source_in_its_order_and_no_other(
    themes, passages, actions
):
    content = blocks_of_html(plan_html(themes, passages, actions))
    assert_same_text(content, parse_source(read_source()))


def test_there_are_four_themes_in_the_order_of_the_plans_list(themes):
    listed = [
        block.text.partition(" (")[0]
        for block in parse_source(read_source()).before
        if block.mark[0].isdigit()
    ]
    assert [theme["name"] for theme in themes] == listed[:4]
    assert [theme["number"] for theme in themes] == [1, 2, 3, 4]


def test_there_are_six_working_methods_with_the_names_of_the_plans_list():
    listed = [block.text for block in parse_source(read_source()).before if block.mark[0].isdigit()]
    methods = records("working_methods")
    assert [method["name"] for method in methods] == listed[4:]
    assert [method["number"] for method in methods] == [1, 2, 3, 4, 5, 6]


def test_short_names_of_working_methods_are_labels_of_the_overview():
    labels = parse_source(read_source()).labels
    short_names = [method["short_name"] for method in records("working_methods")]
    assert set(short_names[:5]) <= set(labels)
    assert short_names[5] == "Samenwerkingsafspraken in convenanten"  # not in the overview


@pytest.mark.parametrize(
    ("theme", "top", "below"),
    [
        ("veilige-wijken", 6, 6),
        ("ondermijning", 3, 10),
        ("zorg-en-veiligheid", 6, 1),
        ("rampenbestrijding", 4, 0),
    ],
)
def test_each_theme_has_its_subtopics_in_two_levels(subtopics, theme, top, below):
    of_theme = [subtopic for subtopic in subtopics if subtopic["theme"] == [theme]]
    assert sum(subtopic["parent"] is None for subtopic in of_theme) == top
    assert sum(subtopic["parent"] is not None for subtopic in of_theme) == below


def test_the_subtopics_are_those_of_the_overview_in_its_groups(subtopics, passages):
    (overview,) = [passage for passage in passages if passage["kind"] == "overzicht"]
    drawn = _tree_of_overview(overview["body"])
    stored = {}
    for subtopic in subtopics:
        words = {subtopic["name"], *subtopic["other_names"].splitlines()}
        group = subtopic["parent"] or [subtopic["slug"]]
        stored.setdefault(group[0], []).append({word.casefold() for word in words})
    groups = list(stored.values())
    assert [len(group) for group in groups] == [len(group) for group in drawn]
    for group, labels in zip(groups, drawn, strict=True):
        for words, label in zip(group, labels, strict=True):
            assert label.casefold() in words


def test_the_plans_remark_stands_with_the_two_subtopics_that_it_marks(subtopics):
    (remark,) = [label for label in parse_source(read_source()).labels if label.startswith("* ")]
    marked = {subtopic["slug"]: subtopic["remark"] for subtopic in subtopics if subtopic["remark"]}
    assert set(marked) == {"huiselijk-geweld", "personen-met-verward-gedrag"}
    assert set(marked.values()) == {remark.removeprefix("* ")}


def test_there_are_29_actions_by_theme_as_the_plan_has_them(actions):
    by_theme = [action["theme"][0] for action in actions]
    assert by_theme == (
        ["veilige-wijken"] * 8
        + ["ondermijning"] * 7
        + ["zorg-en-veiligheid"] * 9
        + ["rampenbestrijding"] * 5
    )


def test_a_title_is_the_plans_own_heading_but_for_the_one_that_the_plan_lacks(actions):
    (ours,) = [action["title"] for action in actions if not action["heading"]]
    assert ours == "Alternatief voor het Festivalplein"
    for action in actions:
        assert not action["heading"] or action["heading"].endswith(action["title"])


def test_there_are_two_kaders(passages):
    kaders = [passage["heading"] for passage in passages if passage["kind"] == "kader"]
    assert kaders == ["Experiment gesloten coffeeshopketen", "Drill rap"]


def test_the_question_what_is_done_extra_stands_eight_times_and_never_in_theme_4(passages):
    asked = [passage for passage in passages if passage["heading"].upper() == EXTRA]
    assert len(asked) == read_source().count(EXTRA) == 8
    assert ["rampenbestrijding"] not in [passage["theme"] for passage in asked]


def test_passages_and_actions_share_positions_and_anchors_without_a_double(passages, actions):
    pieces = [*passages, *actions]
    assert sorted(piece["position"] for piece in pieces) == list(range(10, 570, 10))
    assert len({piece["slug"] for piece in pieces}) == len(pieces)


def test_each_name_that_a_fixture_gives_exists(themes, subtopics, passages, actions):
    known = {
        "theme": {(theme["slug"],) for theme in themes},
        "subtopic": {(subtopic["slug"],) for subtopic in subtopics},
        "working_methods": {(method["slug"],) for method in records("working_methods")},
        "places": {(place["slug"],) for place in records("places")},
        "actions": {(2020, action["slug"]) for action in actions},
    }
    known["subtopics"] = known["parent"] = known["subtopic"]
    for record in [*subtopics, *passages, *actions]:
        for field, keys in known.items():
            value = record.get(field) or []
            named = value if value and isinstance(value[0], list) else [value] if value else []
            assert {tuple(key) for key in named} <= keys, (record["slug"], field)


def test_a_governing_passage_stands_in_the_theme_of_its_actions(passages, actions):
    theme_of = {action["slug"]: action["theme"] for action in actions}
    governed = {
        passage["slug"]: [slug for _, slug in passage["actions"]]
        for passage in passages
        if passage["actions"]
    }
    assert [len(slugs) for slugs in governed.values()] == [2, 2, 3, 5]
    for passage in passages:
        for _, slug in passage["actions"]:
            assert theme_of[slug] == passage["theme"]


def test_the_period_and_the_partners_are_words_of_the_plan(passages, actions):
    """Each word of a period or a partner stands in the action, its heading or its lead-in."""
    lead_ins = {action["slug"]: "" for action in actions}
    for passage in passages:
        for _, slug in passage["actions"]:
            lead_ins[slug] += passage["body"]
    for action in actions:
        text = f"{action['heading']} {action['body']} {lead_ins[action['slug']]}".casefold()
        assert action["period"] in text, action["slug"]
        for word in action["partners"].casefold().split():
            assert word in text, (action["slug"], word)


def _tree_of_overview(body):
    """The labels of the overview's subtopics as groups: the first, then what falls under it."""
    groups = []
    for line in body.partition("**Werkwijzen**")[0].splitlines():
        indent = len(line) - len(line.lstrip())
        label = line.strip().removeprefix("- ").removesuffix("\\*")
        if not line.strip().startswith("- ") or indent == 0:
            continue
        if indent == 2:
            first, _, below = label.partition(": ")
            groups.append([first, *(below.split(", ") if below else [])])
        else:
            groups[-1].append(label)
    return groups
