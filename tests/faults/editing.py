"""Saving in the back-office over HTTP, as an editor's browser does."""

from contextlib import closing
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
ADD = "/beheer/editorial/shortaddress/add/"
TOKEN = "t" * 32


class Editor:
    """Someone who is logged in, and adds short addresses, each a row of its own."""

    def __init__(self, site):
        self.site = site
        self.session = site.run("-c", SESSION).split()[-1]

    def headers(self):
        """Return what the browser of someone who is logged in sends along."""
        return {
            "Host": NAME,
            "Cookie": f"__Host-sessionid={self.session}; __Host-csrftoken={TOKEN}",
            "Referer": SITE_URL + ADD,
        }

    def add(self, path):
        """Save one; return (status, text), with status 0 if the connection was lost."""
        fields = {"path": path, "target": "/themas/", "csrfmiddlewaretoken": TOKEN}
        headers = {**self.headers(), "Content-Type": "application/x-www-form-urlencoded"}
        with closing(self.site.nginx.connect(timeout=60)) as connection:
            try:
                connection.request("POST", ADD, urlencode(fields), headers)
                response = connection.getresponse()
                return response.status, response.read().decode()
            except OSError:
                return 0, ""

    def saved(self):
        """Return the paths that are in the database."""
        return set(self.site.run("-c", PATHS).split())
