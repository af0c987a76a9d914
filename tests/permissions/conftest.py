"""What the tests of rights share: words that are secret, and accounts that may not see them."""

import pytest

from plan.models import Action
from tests.tooling.drafts import writing
from themes.models import Theme, ThemeLimit
from veiligalmere.editorial.publish import save_draft, submit

SECRET = "Geheime titel van het concept"


@pytest.fixture
def action(jaarplan):
    """A published action with a secret draft that waits for judgement."""
    action = Action.objects.public().first()

    save_draft(action, writing(title=SECRET))
    submit(action)
    return action


@pytest.fixture
def own_theme(redacteur, action):
    """A redacteur who is limited to the theme of the action."""
    return limited(redacteur, action.theme)


@pytest.fixture
def elsewhere(redacteur, action):
    """A redacteur who is limited to another theme than the action's."""
    return limited(redacteur, Theme.objects.exclude(pk=action.theme_id).first())


@pytest.fixture
def chief_elsewhere(eindredacteur, action):
    """An eindredacteur who is limited to another theme than the action's."""
    return limited(eindredacteur, Theme.objects.exclude(pk=action.theme_id).first())


def limited(client, *themes):
    """Limit the account of `client` to `themes`; return the client."""
    ThemeLimit.objects.create(user=client.user).themes.add(*themes)
    return client
