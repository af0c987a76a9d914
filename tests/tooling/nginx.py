"""The real nginx, with the configuration of deploy/, before sites that a test started."""

import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import time
from contextlib import ExitStack
from http.client import HTTPConnection, HTTPSConnection
from pathlib import Path

from tests.tooling import debian
from tests.tooling.environment import ROOT
from tests.tooling.site import free_port

NAME = "www.veiligalmere.nl"
SITE_URL = f"https://{NAME}"
CONFIGURATION = ROOT / "deploy/nginx/veiligalmere.conf"
# What a distribution has around a site's own configuration.
AROUND = """
{user}
daemon off;
pid {folder}/pid;
error_log {folder}/error.log;
worker_processes 1;
events {{ worker_connections 2048; }}
http {{
    types {{ text/html html; text/css css; image/svg+xml svg; image/png png; }}
    default_type application/octet-stream;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/veiligalmere.conf;
}}
"""


def find_nginx():
    """Return the path of nginx, installed first where that may be; None if there is none."""
    path = "/usr/sbin:/usr/local/sbin:" + os.environ.get("PATH", "")
    found = shutil.which("nginx", path=path)
    if not found and debian.install("nginx-light", "openssl"):
        found = shutil.which("nginx", path=path)
    return found


class Nginx:
    """nginx before sites on `ports` of this machine; a context manager.

    Of deploy/nginx/veiligalmere.conf only ports and folders are replaced. `static` is the folder
    with collected static files; `also` is one more name to answer to.
    """

    def __init__(self, ports, static, also=""):
        self.ports = ports
        self.static = static
        self.also = also
        self.http_port = free_port()
        self.https_port = free_port()
        self._cleanup = ExitStack()

    def __enter__(self):
        with ExitStack() as stack:
            folder = Path(
                stack.enter_context(tempfile.TemporaryDirectory(prefix="veiligalmere-nginx-"))
            )
            folder.chmod(0o755)
            self.folder = folder
            self._make_certificate()
            (folder / "veiligalmere.conf").write_text(self._configuration(), "utf-8")
            user = "user root;" if os.geteuid() == 0 else ""
            (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=user), "utf-8")
            self._process = subprocess.Popen(
                [find_nginx(), "-c", folder / "nginx.conf", "-e", folder / "error.log"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            stack.callback(self._stop)
            self._wait()
            self._cleanup = stack.pop_all()
        return self

    def __exit__(self, *exception):
        self._cleanup.close()

    @property
    def pid(self):
        """The number of nginx' main process."""
        return self._process.pid

    def connect(self, timeout=30):
        """Return a new connection over TLS, that believes our certificate alone."""
        return _Connection(
            NAME, self.https_port, timeout=timeout, context=self._trust(), address="127.0.0.1"
        )

    def connect_without_tls(self):
        """Return a new connection to the port of plain HTTP."""
        return HTTPConnection("127.0.0.1", self.http_port, timeout=30)

    def get(self, path, **headers):
        """Return (status, headers, body) of one request."""
        return self.ask("GET", path, **headers)

    def ask(self, method, path, body=None, **headers):
        """Return (status, headers, body) of one request with this method."""
        connection = self.connect()
        try:
            connection.request(method, path, body, headers=headers)
            response = connection.getresponse()
            return response.status, dict(response.getheaders()), response.read()
        finally:
            connection.close()

    def log(self):
        """Return the lines of the access log, as text."""
        return (self.folder / "veiligalmere.log").read_text("utf-8")

    def errors(self):
        """Return the lines of the error log, as text."""
        return (self.folder / "error.log").read_text("utf-8")

    def _trust(self):
        return ssl.create_default_context(cafile=self.folder / "fullchain.pem")

    def _configuration(self):
        servers = "".join(f"    server 127.0.0.1:{port} max_fails=0;\n" for port in self.ports)
        replacements = {
            "    server 127.0.0.1:8000 max_fails=0;\n": servers,
            "    listen [::]:80 default_server;\n": "",
            "    listen [::]:80;\n": "",
            "    listen [::]:443 ssl http2 default_server;\n": "",
            "    listen [::]:443 ssl http2;\n": "",
            "listen 80;": f"listen 127.0.0.1:{self.http_port};",
            "listen 80 default": f"listen 127.0.0.1:{self.http_port} default",
            "listen 443 ssl": f"listen 127.0.0.1:{self.https_port} ssl",
            "/etc/letsencrypt/live/veiligalmere.nl/": f"{self.folder}/",
            "/var/cache/nginx/veiligalmere": f"{self.folder}/cache",
            "/var/log/nginx/": f"{self.folder}/",
            "/var/lib/veiligalmere/static/": f"{self.static}/",
            "/var/www/html": f"{self.folder}/acme",
            "/opt/veiligalmere/huidig": str(ROOT),
            f"    server_name {NAME};\n": f"    server_name {NAME} {self.also};\n",
        }
        text = CONFIGURATION.read_text("utf-8")
        for old, new in replacements.items():
            assert old in text, f"{CONFIGURATION.name} has no {old!r} any more"
            text = text.replace(old, new)
        return text

    def _make_certificate(self):
        command = ["openssl", "req", "-x509", "-newkey", "ec", "-nodes", "-days", "2"]
        command += ["-pkeyopt", "ec_paramgen_curve:prime256v1", "-subj", f"/CN={NAME}"]
        command += ["-addext", f"subjectAltName=DNS:{NAME},DNS:veiligalmere.nl"]
        command += ["-keyout", self.folder / "privkey.pem", "-out", self.folder / "fullchain.pem"]
        subprocess.run(command, capture_output=True, check=True)

    def _wait(self, seconds=20):
        deadline = time.monotonic() + seconds
        while self._process.poll() is None and time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", self.https_port), timeout=1).close()
            except OSError:
                time.sleep(0.05)
            else:
                return
        error = self.folder / "error.log"
        raise RuntimeError(f"nginx did not start:\n{error.read_text() if error.exists() else ''}")

    def _stop(self):
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


class _Connection(HTTPSConnection):
    """A connection to `host` that is found at `address`."""

    def __init__(self, host, port, *, address, **options):
        super().__init__(host, port, **options)
        self._address = address

    def connect(self):
        """Connect to the address, and ask for the host's certificate."""
        plain = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = self._context.wrap_socket(plain, server_hostname=self.host)
