"""What the tests of changes to many objects share."""

import pytest

from plan.models import Action
from tests.tooling.forms import posted
from themes.models import Theme, ThemeLimit

LIST = "/beheer/plan/action/"


@pytest.fixture
def actions(jaarplan):
    """Three published actions of one theme."""
    return list(Action.objects.public().filter(theme=Theme.objects.first())[:3])


@pytest.fixture
def elsewhere(redacteur, actions):
    """A redacteur who is limited to another theme than that of `actions`."""
    limit = ThemeLimit.objects.create(user=redacteur.user)
    limit.themes.add(Theme.objects.exclude(pk=actions[0].theme_id).first())
    return redacteur


@pytest.fixture
def choose():
    """A function that selects objects in the list, and returns the page that asks what to do."""

    def select(client, objects):
        page = client.get(LIST, {"all": ""})
        data = posted(page, form="action", action="change_in_bulk", index="0")
        data["_selected_action"] = [str(one.pk) for one in objects]
        return client.post(LIST, data, follow=True)

    return select


@pytest.fixture
def preview(choose):
    """A function that selects objects, says what to do, and returns the page that shows it."""

    def show(client, objects, **fields):
        page = choose(client, objects)
        data = posted(page, form="step", **fields)
        return client.post(page.request["PATH_INFO"] + "?" + page.request["QUERY_STRING"], data)

    return show


@pytest.fixture
def confirm():
    """A function that presses the button on the page that shows what will change."""

    def press(client, shown):
        address = shown.context["carry_out_url"]
        return client.post(address, posted(shown), follow=True)

    return press


def text(response):
    """Return the page's source with single spaces."""
    return " ".join(response.content.decode().split())
