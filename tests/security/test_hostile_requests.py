"""Whatever is sent to any address: no 500, no stack trace, and an answer in bounded time."""

import random
import re
from urllib.parse import quote

import pytest

from tests.security.addresses import forms, routes

SEED = 20200414
PIECES = [
    *("", "0", "-1", "1", "2020", "9" * 30, "1e400", "NaN", "true", "null", "[]", "{}"),
    *("\x00", "\n\r", "\u2028", "\ud7ff", "\uffff", "ë́" * 50, "🔥" * 20, "\u202eomgekeerd"),
    *("../../../etc/passwd", "..%2f..%2f", "//kwaad.test", "\\\\kwaad.test", "%", "%00", "%zz"),
    *("' OR 1=1 --", '"><script>alert(1)</script>', "{{ 7*7 }}", "{% debug %}", "${7*7}"),
    *("a" * 5000, "<" * 2000, "[" * 3000, "*" * 2000, "(((" * 500, "=cmd()", "javascript:alert(1)"),
]
HEADERS = {
    "HTTP_HOST": ["kwaad.test", "", "127.0.0.1:99999", "a b", "[::1", "x" * 300],
    "HTTP_ACCEPT_ENCODING": ["gzip;q=nan", ",,,;;;", "\x7f", "*;q=2"],
    "HTTP_IF_NONE_MATCH": ["*", '"', 'W/"x", "y', "a" * 3000],
    "HTTP_IF_MODIFIED_SINCE": ["gisteren", "Mon, 99 Foo 9999 99:99:99 GMT"],
    "HTTP_RANGE": ["bytes=0-", "bytes=-1", "bytes=9-1", "x"],
    "HTTP_COOKIE": ["sessionid=x", "sessionid=" + "a" * 3000, "=;;=", 'a="\\', "csrftoken="],
    "HTTP_ORIGIN": ["null", "https://kwaad.test", "x"],
    "HTTP_REFERER": ["https://kwaad.test/", "x", "//"],
    "HTTP_X_FORWARDED_FOR": ["127.0.0.1", "x", "1.1.1.1, " * 200],
    "HTTP_X_FORWARDED_HOST": ["kwaad.test"],
    "CONTENT_LENGTH": ["-1", "x", "99999999999"],
    "HTTP_AUTHORIZATION": ["Basic x", "Bearer ", "\xff"],
}
BODIES = [
    (b"", "application/x-www-form-urlencoded"),
    (b"a=%ff%fe&b[]=1&=", "application/x-www-form-urlencoded"),
    (b"&".join(b"a=1" for _ in range(3000)), "application/x-www-form-urlencoded"),
    (b"{", "application/json"),
    (b"[" * 5000, "application/json"),
    (b"--x\r\nkapot", "multipart/form-data; boundary=x"),
    (b"--x\r\nkapot", "multipart/form-data"),
    (b"\xff" * 2000, "text/plain; charset=niet-bestaand"),
    (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "text/xml"),
]
TRACE = re.compile(r"Traceback|File &quot;|site-packages|django\.|OperationalError|SECRET_KEY")


class Attacker:
    """Sends hostile requests, always the same ones for the same seed."""

    def __init__(self, client, seed):
        self.client = client
        self.client.raise_request_exception = False
        self.chance = random.Random(seed)  # noqa: S311 -- picks test cases
        self.problems = []

    def piece(self):
        """Return a hostile string."""
        return self.chance.choice(PIECES)

    def fill(self, pattern):
        """Return the path of a pattern, each of its places hostile or likely."""

        def value(match):
            likely = ["1", "2020", "veilige-wijken", "cyber-24", "acties", "action", "plan"]
            return quote(self.chance.choice([self.piece(), self.chance.choice(likely)]), safe="%/")

        path = re.sub(r"<[^>]+>|\(\?P<\w+>(?:[^()]|\([^()]*\))*\)|\([^)]*\)", value, pattern)
        return "/" + path.lstrip("/")

    def ask(self, path):
        """Send one request to `path`, and note what is wrong with the answer."""
        method = self.chance.choice(["get", "get", "post", "head", "put", "delete", "options"])
        pairs = [f"{quote(self.piece())}={quote(self.piece())}" for _ in range(3)]
        names = [
            "q",
            "zoek",
            "woorden",
            "thema",
            "pagina",
            "van",
            "naar",
            "next",
            "e",
            "o",
            "p",
            "fields",
        ]
        pairs += [f"{self.chance.choice(names)}={quote(self.piece())}" for _ in range(3)]
        extra = {"QUERY_STRING": "&".join(self.chance.sample(pairs, 3))}
        for name in self.chance.sample(sorted(HEADERS), 2):
            extra[name] = self.chance.choice(HEADERS[name])
        if method in {"post", "put"}:
            body, kind = self.chance.choice(BODIES)
            extra |= {"data": body, "content_type": kind}
            extra.pop("CONTENT_LENGTH", None)
        self.judge(method, path, self.client.generic(method.upper(), path, **extra))

    def judge(self, method, path, response):
        """Note a 500, a stack trace, or a redirect to another site."""
        text = b"".join(response).decode("utf-8", "replace") if response.status_code >= 400 else ""
        if response.status_code >= 500 or TRACE.search(text):
            self.problems.append(f"{response.status_code} {method} {path[:200]}")
        target = response.get("Location", "")
        if "kwaad.test" in target.split("?")[0] or target.startswith("//"):
            self.problems.append(f"leads to {target} from {path[:200]}")


def attack(client, rounds, seed=SEED):
    """Send `rounds` requests to every address; return what was wrong."""
    attacker = Attacker(client, seed)
    for _ in range(rounds):
        for _name, pattern in routes():
            attacker.ask(attacker.fill(pattern))
        for address in forms():
            attacker.ask(address)
    return attacker.problems


def test_no_address_breaks_for_a_visitor(bezoeker, db):
    assert not attack(bezoeker, 1)


def test_no_address_breaks_for_someone_who_may_do_everything(beheerder):
    assert not attack(beheerder, 1)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(8))
def test_no_address_breaks_in_many_rounds(beheerder, bezoeker, seed):
    assert not attack(beheerder, 6, seed)
    assert not attack(bezoeker, 3, seed)
