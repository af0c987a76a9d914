"""Prints the actions of all plans as JSON, for the Wagtail site (see wagtail_site/fill.py)."""

import json
import sys

import django

django.setup()

from plan.models import Action  # noqa: E402 -- models exist only after setup
from themes.models import Theme  # noqa: E402
from veiligalmere.editorial.markdown import render  # noqa: E402

actions = Action.objects.public().with_labels().select_related("plan")
content = {
    "themes": [theme.name for theme in Theme.objects.public()],
    "actions": [
        {
            "title": action.title,
            "theme": action.theme.name,
            "lead": action.summary,
            "body": render(action.body),
            "measured": action.slug == "cyber-24" and action.plan.year == 2020,
            "labels": [
                *(("onderwerp", one.name) for one in action.subtopics.all()),
                *(("werkwijze", one.name) for one in action.working_methods.all()),
                *(("plaats", one.name) for one in action.places.all()),
            ],
        }
        for action in actions
    ],
}
json.dump(content, sys.stdout)
