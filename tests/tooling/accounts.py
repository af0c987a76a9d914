"""The cast: one account for each role of the back-office.

As a program, `python -m tests.tooling.accounts PASSWORD`, it makes them in the database that the
environment names, all with that password.
"""

import sys

import django
from django.apps import apps

ROLES = ("redacteur", "eindredacteur", "beheerder")


def make_account(role, password=None, name=None):
    """Make an account in the group of `role`, named so or `name`; without a password, unusable."""
    user = apps.get_model("auth.User").objects.create_user(
        name or role, password=password, is_staff=True
    )
    user.groups.add(apps.get_model("auth.Group").objects.get(name=role.capitalize()))
    return user


if __name__ == "__main__":
    django.setup()
    for role in ROLES:
        make_account(role, password=sys.argv[1])
