"""The page with the whole plan says what the plan says, word for word, and nothing else."""

import re

import pytest

from tests.transcription.compare import assert_same_text, blocks_of_html
from tests.transcription.source import parse_source, read_source


@pytest.fixture
def html(bezoeker, jaarplan):
    """The HTML of the page with the whole plan of 2020."""
    response = bezoeker.get("/jaarplan/2020/volledig/")
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_has_every_sentence_of_the_source_in_its_order_and_no_other(html):
    assert_same_text(blocks_of_html(html), parse_source(read_source()))


def test_a_word_changed_on_the_page_is_found(html):
    assert html.count("kweekvijver") == 1
    changed = html.replace("kweekvijver", "broedplaats")
    with pytest.raises(AssertionError, match="broedplaats"):
        assert_same_text(blocks_of_html(changed), parse_source(read_source()))


def test_a_list_item_dropped_from_the_page_is_found(html):
    changed, dropped = re.subn(
        r"<li>(?:(?!<li>).)*Voedingsbodems.*?</li>", "", html, flags=re.DOTALL
    )
    assert dropped == 1
    with pytest.raises(AssertionError, match="Voedingsbodems"):
        assert_same_text(blocks_of_html(changed), parse_source(read_source()))
