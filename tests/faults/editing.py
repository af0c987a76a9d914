"""Saving in the back-office over HTTP, as an editor's browser does."""

import json
from contextlib import closing
from http.client import HTTPException
from urllib.parse import urlencode

from tests.tooling.nginx import NAME, SITE_URL

SESSION = """
import django
django.setup()
from django.contrib.auth import get_user_model
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_totp.models import TOTPDevice
user = get_user_model().objects.get(username="beheerder")
client = Client()
client.force_login(user)
session = client.session
device = TOTPDevice.objects.create(user=user, name="proef", confirmed=True)
session[DEVICE_ID_SESSION_KEY] = device.persistent_id
session.save()
print(session.session_key)
"""
PATHS = """
import django
django.setup()
from veiligalmere.editorial.addresses import ShortAddress
print(*ShortAddress.objects.values_list("path", flat=True))
"""
# Per title: how much there is of each part of what one save writes.
ACTIONS = """
import json, django
django.setup()
from plan.models import Action
from veiligalmere.editorial.versions import Version
parts = {}
for action in Action.objects.filter(title__startswith="Proef"):
    versions = Version.objects.of(action)
    parts[action.title] = [
        len(action.body), action.working_methods.count(), action.places.count(),
        action.subtopics.count(), versions.count(), versions.drafts().count(),
    ]
labels = Version.objects.filter(label__startswith="Proef").values_list("label", flat=True)
print(json.dumps([parts, sorted(labels)]))
"""
CHOICES = """
import json, django
django.setup()
from plan.models import AnnualPlan
from themes.models import Place, Subtopic, Theme, WorkingMethod
theme = Theme.objects.get(number=1)
print(json.dumps({
    "plan": AnnualPlan.objects.get(year=2020).pk,
    "theme": theme.pk,
    "subtopics": list(Subtopic.objects.filter(theme=theme).values_list("pk", flat=True)),
    "working_methods": list(WorkingMethod.objects.values_list("pk", flat=True)),
    "places": list(Place.objects.values_list("pk", flat=True)),
}))
"""
ADD = "/beheer/editorial/shortaddress/add/"
ADD_ACTION = "/beheer/plan/action/add/"
TOKEN = "t" * 32


class Editor:
    """Someone who is logged in, and adds things.

    A short address is a row of its own; an action is many: itself, what it belongs to, its draft.
    """

    def __init__(self, site):
        self.site = site
        self.session = site.run("-c", SESSION).split()[-1]
        self._choices = None

    def headers(self):
        """Return what the browser of someone who is logged in sends along."""
        return {
            "Host": NAME,
            "Cookie": f"__Host-sessionid={self.session}; __Host-csrftoken={TOKEN}",
            "Referer": SITE_URL + ADD,
        }

    def add(self, path):
        """Save a short address; return (status, text), see `post`."""
        return self.post(ADD, path=path, target="/themas/")

    def add_action(self, number):
        """Save the draft of a new action; return (status, text), see `post`."""
        if self._choices is None:
            self._choices = json.loads(self.site.run("-c", CHOICES).splitlines()[-1])
        return self.post(
            ADD_ACTION,
            **self._choices,
            title=f"Proef {number}",
            slug=f"proef-{number}",
            position=number + 1000,
            source="new",
            body="Een alinea die er helemaal is, of helemaal niet. " * 100,
        )

    def actions(self):
        """Return {title: how much there is of each part} and the titles of all versions."""
        return json.loads(self.site.run("-c", ACTIONS).splitlines()[-1])

    def post(self, address, /, **fields):
        """Send a form; return (status, text), with status 0 if the connection was lost."""
        fields["csrfmiddlewaretoken"] = TOKEN
        headers = {**self.headers(), "Content-Type": "application/x-www-form-urlencoded"}
        with closing(self.site.nginx.connect(timeout=60)) as connection:
            try:
                connection.request("POST", address, urlencode(fields, doseq=True), headers)
                response = connection.getresponse()
                return response.status, response.read().decode()
            except (OSError, HTTPException):
                return 0, ""

    def saved(self):
        """Return the paths that are in the database."""
        return set(self.site.run("-c", PATHS).split())
