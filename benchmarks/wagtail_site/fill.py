"""Makes the tables of the Wagtail site and fills them with the content that BENCH_CONTENT holds.

The content is {"themes": [name], "actions": [{title, theme, lead, body, labels}]}.
"""

import json
import os
from pathlib import Path

import django
from django.core.management import call_command
from django.db import transaction

django.setup()

from wagtail.models import Page, Site  # noqa: E402 -- models exist only after setup
from wagtail_site.models import ContentPage, Label  # noqa: E402

call_command("migrate", verbosity=0)

content = json.loads(Path(os.environ["BENCH_CONTENT"]).read_text("utf-8"))


def fill():
    """Make the pages, and print the path of the one that is measured."""
    Page.objects.filter(depth=2).delete()
    root = Page.objects.get(depth=1)
    home = root.add_child(instance=ContentPage(title="Veilig Almere", slug="start"))
    Site.objects.all().delete()
    Site.objects.create(hostname="127.0.0.1", root_page=home, is_default_site=True)
    themes = {}
    for name in content["themes"]:
        page = ContentPage(title=name, show_in_menus=True)
        themes[name] = home.add_child(instance=page)
    for number, action in enumerate(content["actions"]):
        page = ContentPage(
            title=action["title"], slug=f"actie-{number}", lead=action["lead"], body=action["body"]
        )
        page.labels = [
            Label(kind=kind, name=name, sort_order=order)
            for order, (kind, name) in enumerate(action["labels"])
        ]
        themes[action["theme"]].add_child(instance=page)
        if action["measured"]:
            print(page.get_url_parts()[2])


with transaction.atomic():
    fill()
