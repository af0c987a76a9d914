"""A mail server on this machine that takes mails, and does wrong what a test asks of it."""

from contextlib import contextmanager
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

BREAKS = "breaks the connection"


class MailServer(ThreadingTCPServer):
    """`mails` are the bytes that it took; `does` is {command: BREAKS or what it answers}.

    "." is the command that ends a mail.
    """

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Conversation)
        self.mails, self.does = [], {}


class Conversation(StreamRequestHandler):
    """One connection: as much of SMTP (RFC 5321) as it takes to get a mail."""

    def handle(self):
        """Answer commands, until there are none or one is to break off."""
        self._say("220 here")
        for line in self.rfile:
            command = line[:4].decode("ascii").strip().upper()
            if not self._answer(command, "354 go on" if command == "DATA" else "250 fine"):
                return
            if command == "DATA" and not self._take():
                return

    def _take(self):
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                self.server.mails.append(b"".join(lines))
                return self._answer(".", "250 taken")
            lines.append(line.removeprefix(b"."))
        return False

    def _answer(self, command, usual):
        what = self.server.does.get(command, usual)
        if what != BREAKS:
            self._say(what)
        return what != BREAKS

    def _say(self, text):
        self.wfile.write(f"{text}\r\n".encode())


@contextmanager
def serving(settings):
    """Yield a MailServer, to which the site with these `settings` sends its mails."""
    with MailServer() as server:
        Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address
        yield server
        server.shutdown()
