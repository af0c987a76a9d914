"""What a template leaves behind in memory."""

import gc
import weakref
from contextlib import contextmanager

import pytest
from django.template import TemplateDoesNotExist, engines
from django.template.loader import render_to_string
from django.test import RequestFactory

pytestmark = pytest.mark.only_on_sqlite


class Value:
    """Something that a page is made of."""


@contextmanager
def without_garbage_collection():
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def test_what_a_page_was_made_of_goes_when_it_is_made(db):
    value = Value()
    known = weakref.ref(value)
    with without_garbage_collection():
        assert "<html" in render_to_string(
            "404.html", {"value": value}, request=RequestFactory().get("/")
        )
        del value
        assert known() is None


def test_the_same_for_a_template_in_a_text_and_one_that_fails():
    value = Value()
    known = weakref.ref(value)
    made = engines.all()[0].from_string("{{ value.name }}{% include other %}")
    with without_garbage_collection():
        with pytest.raises(TemplateDoesNotExist, match=r"elders\.html"):
            made.render({"value": value, "other": "elders.html"})
        del value
        assert known() is None


def test_a_template_that_is_not_there():
    with pytest.raises(TemplateDoesNotExist, match=r"nergens\.html"):
        render_to_string("nergens.html")
