"""`manage.py serve`: what `make run` and `make dev` hand over to."""

import errno
import os
import secrets
import socket
import sys

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseError
from django.db import connection
from django.urls import reverse

HOST = "127.0.0.1"
FIRST_ACCOUNT = "beheer"


class Command(BaseCommand):
    """Make the database ready and serve the site, without touching what editors wrote."""

    help = (
        "Migrates, loads the Jaarplan and makes an account where there are none, "
        "and serves the site: with gunicorn, or with DEBUG on, Django's reloading server."
    )

    def handle(self, *args, **options):
        """Serve until interrupted; raise CommandError before changing anything if that can't be."""
        refuse_taken_port(settings.PORT)
        refuse_unreachable_database()
        call_command("migrate", interactive=False, verbosity=0)
        call_command("load_jaarplan", stdout=self.stdout)
        if settings.DEMO:
            call_command("load_example", stdout=self.stdout)
        self.make_first_account()
        url = f"http://{HOST}:{settings.PORT}"
        self.stdout.write(f"Site   {url}/")
        self.stdout.write(f"Admin  {url}{reverse('admin:index')}")
        self.stdout.flush()
        if settings.DEBUG:
            become(
                os.fspath(settings.BASE_DIR / "manage.py"), "runserver", f"{HOST}:{settings.PORT}"
            )
        call_command("collectstatic", interactive=False, verbosity=0)
        become(
            "-m", "gunicorn", "--config", os.fspath(settings.BASE_DIR / "deploy/gunicorn.conf.py")
        )

    def make_first_account(self):
        """Make the account `beheer` and show its password, if there is no account at all."""
        accounts = get_user_model().objects
        if accounts.exists():
            return
        password = secrets.token_urlsafe(12)
        accounts.create_superuser(FIRST_ACCOUNT, password=password)
        self.stdout.write(f"Made the account {FIRST_ACCOUNT} with the password {password}")
        self.stdout.write("This is shown once; change it after logging in.")


def refuse_taken_port(port):
    """Raise CommandError if `port` on this machine can't be listened on."""
    with socket.socket() as probe:
        # As the servers do themselves, so that a port that was just left counts as free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                reason = "is taken: stop what runs there, or choose another with PORT=…"
            else:
                reason = f"can't be used: {error.strerror}"
            raise CommandError(f"Port {port} {reason}.") from error


def refuse_unreachable_database():
    """Raise CommandError, with the first line of the driver's reason, if there's no database."""
    try:
        connection.ensure_connection()
    except (DatabaseError, OSError) as error:
        reason = str(error).strip().splitlines()[0]
        raise CommandError(f"The database can't be reached: {reason}") from error


def become(*arguments):
    """Replace this process by another Python, so that signals and exit codes are its own."""
    connection.close()
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, *arguments])  # noqa: S606
