"""Hostile requests: always the same ones for the same seed, and what is wrong with an answer."""

import random
import re
from io import BytesIO
from time import monotonic, process_time
from urllib.parse import quote, unquote_to_bytes, urlsplit

from tests.tooling.forms import posted
from veiligalmere.charset import without_charset

# For one answer; more is a fault. A machine that is busy with other things is none, so most of it
# is asked of the processor.
LONGEST = 10.0  # seconds of the processor
PATIENCE = 60.0  # seconds on the clock

PIECES = [
    *("", "0", "-1", "1", "2020", "9" * 30, "1e400", "NaN", "true", "null", "[]", "{}"),
    *("\x00", "\n\r", "\u2028", "\ud7ff", "\uffff", "ë́" * 50, "🔥" * 20, "\u202eomgekeerd"),
    *("../../../etc/passwd", "..%2f..%2f", "//kwaad.test", "\\\\kwaad.test", "%", "%00", "%zz"),
    *("' OR 1=1 --", '"><script>alert(1)</script>', "{{ 7*7 }}", "{% debug %}", "${7*7}"),
    *("a" * 5000, "<" * 2000, "[" * 3000, "*" * 2000, "(((" * 500, "=cmd()", "javascript:alert(1)"),
    *("0000-00-00", "9999-12-31T23:59:60", "٣٤", "1_000", "0x7f", "1,5e3", "²"),
]
# As they stand in an address: bytes that are no UTF-8, too long a form of a dot, half a pair of
# surrogates, beyond the last character, a character cut off, NUL, an escape of an escape.
ENCODED = [
    *("%ff%fe", "%c0%ae%c0%ae%2f", "%ed%a0%80", "%ed%a0%80%ed%b0%80", "%f4%90%80%80"),
    *("%e2%82", "%00", "%25%66%66", "%u0041", "%e9", "+%E0%80%80+", "%0d%0aX-A:%20b", "%fe%ff%00a"),
]
PARAMETERS = (
    *("q", "zoek", "woorden", "thema", "onderwerp", "werkwijze", "plaats", "pagina", "page"),
    *("van", "naar", "next", "e", "o", "p", "fields", "pageSize", "jaar", "stand", "wat", "soort"),
    *("_popup", "_to_field", "_changelist_filters", "ids"),
)
# Either of the two as likely.
IN_ADDRESS = [ENCODED, [quote(piece) for piece in PIECES]]
HEADERS = {
    "HTTP_HOST": ["kwaad.test", "", "127.0.0.1:99999", "a b", "[::1", "x" * 300],
    "HTTP_ACCEPT_ENCODING": ["gzip;q=nan", ",,,;;;", "\x7f", "*;q=2", "gzip," * 5000],
    "HTTP_ACCEPT_LANGUAGE": ["nl;q=x", "-" * 5000, "nl," * 5000, "\xff"],
    "HTTP_ACCEPT": ["*", "/", "a/b;q=nan," * 2000, "\xed\xa0\x80"],
    "HTTP_IF_NONE_MATCH": ["*", '"', 'W/"x", "y', "a" * 3000, '"a",' * 5000],
    "HTTP_IF_MODIFIED_SINCE": ["gisteren", "Mon, 99 Foo 9999 99:99:99 GMT"],
    "HTTP_RANGE": ["bytes=0-", "bytes=-1", "bytes=9-1", "x", "bytes=0-0," * 3000],
    "HTTP_COOKIE": [
        *("sessionid=x", "sessionid=" + "a" * 3000, "=;;=", 'a="\\', "csrftoken="),
        *("a=b; " * 5000, "sessionid=\xff\xfe", 'a="' + "\\" * 5000),
    ],
    "HTTP_ORIGIN": ["null", "https://kwaad.test", "x"],
    "HTTP_REFERER": ["https://kwaad.test/", "x", "//", "https://[::1"],
    "HTTP_X_FORWARDED_FOR": ["127.0.0.1", "x", "1.1.1.1, " * 200],
    "HTTP_X_FORWARDED_HOST": ["kwaad.test"],
    "HTTP_X_FORWARDED_PROTO": ["https", "javascript"],
    "HTTP_X_REQUEST_ID": ["a" * 5000, '"}\n{"', "\xff"],
    "HTTP_X_LARGE": ["a" * 200_000],
    "CONTENT_LENGTH": ["-1", "x", "99999999999"],
    "HTTP_AUTHORIZATION": ["Basic x", "Bearer ", "\xff"],
}
TOKEN = "t" * 32
FORM = "application/x-www-form-urlencoded"
PART = b'--x\r\nContent-Disposition: form-data; name="title"'
BODIES = [
    (b"", FORM),
    (b"a=%ff%fe&b[]=1&=", FORM),
    (b"username=%ed%a0%80&password=%c0%ae", FORM),
    (b"title=caf\xe9&body=\xff\xfe", FORM),
    (b"title=caf\xe9", f"{FORM}; charset=iso-8859-1"),
    (b"\xff\xfet\x00i\x00", f"{FORM}; charset=utf-16"),
    (b"title=+AGE-", f"{FORM}; charset=utf-7"),
    (b"title=a", f"{FORM}; charset=niet-bestaand"),
    (b"title=a", f"{FORM}; charset=undefined"),
    (b"title=a", f"{FORM}; charset=\xff"),
    (b"title=a", "x" * 5000),
    (b"&".join(b"a=1" for _ in range(3000)), FORM),
    (b"{", "application/json"),
    (b"[" * 5000, "application/json"),
    (b"--x\r\nkapot", "multipart/form-data; boundary=x"),
    (b"--x\r\nkapot", "multipart/form-data"),
    (PART + b"\r\n\r\nzonder eind", "multipart/form-data; boundary=x"),
    (PART + b"\r\n\r\n\xff\xfe\r\n--x--\r\n", "multipart/form-data; boundary=x"),
    (PART + b"; charset=niet-bestaand\r\n\r\na\r\n--x--\r\n", "multipart/form-data; boundary=x"),
    (
        PART + b"\r\nContent-Type: text/plain; charset=niet-bestaand\r\n\r\na\r\n--x--\r\n",
        "multipart/form-data; boundary=x",
    ),
    (
        PART + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n===a\r\n--x--\r\n",
        "multipart/form-data; boundary=x",
    ),
    (
        PART + b'; filename="../\x00\xff.png"\r\n\r\n\x89PNG\r\n--x--\r\n',
        "multipart/form-data; boundary=x",
    ),
    (
        PART + b"; filename*=utf-8''%ed%a0%80\r\n\r\na\r\n--x--\r\n",
        "multipart/form-data; boundary=x",
    ),
    (
        PART + b"\r\nX-A: " + b"a" * 50_000 + b"\r\n\r\na\r\n--x--\r\n",
        "multipart/form-data; boundary=x",
    ),
    (
        PART.replace(b"x", b"y" * 300, 1) + b"\r\n\r\na",
        "multipart/form-data; boundary=" + "y" * 300,
    ),
    (PART + b"\r\n\r\na\r\n--x--\r\n", "multipart/form-data; boundary=\xff"),
    ((PART + b"\r\n\r\n\r\n") * 2000, "multipart/form-data; boundary=x"),
    (b"\xff" * 2000, "text/plain; charset=niet-bestaand"),
    (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "text/xml"),
]
OURS = {"", "127.0.0.1", "testserver"}
TRACE = re.compile(r"Traceback|File &quot;|site-packages|django\.|OperationalError|SECRET_KEY")


class Attacker:
    """Sends hostile requests by `send`, and notes in `problems` what is wrong with the answers.

    `send(method, path, environ, body)` returns (status, headers, body); names in `environ` are as
    in WSGI, and the path is as in an address.
    """

    def __init__(self, send, seed):
        self.send = send
        self.chance = random.Random(seed)  # noqa: S311 -- picks test cases
        self.problems = []

    def piece(self):
        """Return a hostile string."""
        return self.chance.choice(PIECES)

    def encoded(self):
        """Return a hostile string as it stands in an address."""
        return self.chance.choice(self.chance.choice(IN_ADDRESS))

    def fill(self, pattern):
        """Return the path of a pattern, each of its places hostile or likely."""

        def value(match):
            likely = ["1", "2020", "veilige-wijken", "cyber-24", "acties", "action", "plan"]
            choices = [quote(self.piece(), safe="%/"), *self.chance.sample(ENCODED, 1)]
            return self.chance.choice([*choices, self.chance.choice(likely)])

        path = re.sub(r"<[^>]+>|\(\?P<\w+>(?:[^()]|\([^()]*\))*\)|\([^)]*\)", value, pattern)
        return "/" + path.lstrip("/")

    def ask(self, path):
        """Send one request to `path`."""
        method = self.chance.choice(["GET", "GET", "POST", "HEAD", "PUT", "DELETE", "OPTIONS"])
        pairs = [f"{self.encoded()}={self.encoded()}" for _ in range(2)]
        pairs += [f"{self.chance.choice(PARAMETERS)}={self.encoded()}" for _ in range(4)]
        extra = {"QUERY_STRING": "&".join(self.chance.sample(pairs, 4))}
        for name in self.chance.sample(sorted(HEADERS), 2):
            extra[name] = self.chance.choice(HEADERS[name])
        body = b""
        if method in {"POST", "PUT"}:
            body, extra["CONTENT_TYPE"] = self.chance.choice(BODIES)
            extra.pop("CONTENT_LENGTH", None)
        self.note(method, path, extra, body)

    def note(self, method, path, extra, body):
        """Send this request; note a 500, a stack trace, a redirect elsewhere, or a long wait."""
        started, computing = monotonic(), process_time()
        status, headers, text = self.send(method, path, extra, body)
        taken, computed = monotonic() - started, process_time() - computing
        what = f"{method} {path[:200]}?{extra.get('QUERY_STRING', '')[:200]} {body[:100]}"
        if status >= 500 or (status >= 400 and TRACE.search(text.decode("utf-8", "replace"))):
            self.problems.append(f"{status} {what}")
        target = headers.get("Location", "")
        # As a browser reads it, to which a backslash is a slash.
        if urlsplit(target.replace("\\", "/")).netloc not in OURS:
            self.problems.append(f"leads to {target} from {what}")
        if taken > PATIENCE or computed > LONGEST:
            self.problems.append(f"took {taken:.0f} s, {computed:.0f} s of the processor: {what}")


def by_client(client):
    """Return a `send` by Django's test client, which may post without the token of a form.

    It hands a request to Django as the layers around it do.
    """
    client.raise_request_exception = False

    def send(method, path, environ, body):
        kind = without_charset(environ.get("CONTENT_TYPE", "application/octet-stream"))
        extra = {name: value for name, value in environ.items() if name != "CONTENT_TYPE"}
        response = client.generic(method, path, body, kind, **extra)
        return response.status_code, response.headers, b"".join(response)

    return send


def by_wsgi(application, client):
    """Return a `send` to the application that gunicorn runs, with all that is around Django.

    It comes with the session of `client`, and with the token that a form would send.
    """
    cookies = [f"{cookie.key}={cookie.value}" for cookie in client.cookies.values()]
    own = {"HTTP_COOKIE": "; ".join([*cookies, f"csrftoken={TOKEN}"]), "HTTP_X_CSRFTOKEN": TOKEN}

    def send(method, path, environ, body):
        answer = {}

        def start_response(status, headers, exc_info=None):
            answer["status"], answer["headers"] = int(status[:3]), dict(headers)

        response = application(
            {
                "SCRIPT_NAME": "",
                "SERVER_NAME": "127.0.0.1",
                "SERVER_PORT": "8000",
                "SERVER_PROTOCOL": "HTTP/1.1",
                "REMOTE_ADDR": "127.0.0.1",
                "HTTP_HOST": "127.0.0.1",
                "QUERY_STRING": "",
                "CONTENT_LENGTH": str(len(body)),
                "wsgi.version": (1, 0),
                "wsgi.url_scheme": "http",
                "wsgi.input": BytesIO(body),
                "wsgi.errors": BytesIO(),
                "wsgi.multithread": True,
                "wsgi.multiprocess": True,
                "wsgi.run_once": False,
                **own,
                **environ,
                "REQUEST_METHOD": method,
                "PATH_INFO": unquote_to_bytes(path).decode("latin-1"),
            },
            start_response,
        )
        try:
            text = b"".join(response)
        finally:
            if hasattr(response, "close"):
                response.close()
        return answer["status"], answer["headers"], text

    return send


def hostile_posts(attacker, page, *, singly):
    """Yield what to post of the form on the answer `page`: its own fields, with hostile values.

    First all fields at once, and then, `singly`, each field with the others as they were.
    """
    data = posted(page, form="csrfmiddlewaretoken")
    fields = [name for name in data if name != "csrfmiddlewaretoken"]
    yield {name: attacker.piece() for name in fields}
    for name in fields if singly else ():
        yield {**data, name: attacker.piece()}
