"""How requests are answered from the cache, with an application behind it that the test scripts."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import OperationalError

from veiligalmere.page_cache import versions
from veiligalmere.page_cache.application import OUTCOME, PageCache
from veiligalmere.page_cache.rendering import KEY
from veiligalmere.page_cache.saved import SavedPages
from veiligalmere.page_cache.versions import Known

HTML = ("Content-Type", "text/html; charset=utf-8")
DAY = date(2020, 4, 14)


class Application:
    """Stands for Django: counts its pages and answers as the test says."""

    def __init__(self):
        self.version = 1
        self.status = "200 OK"
        self.headers = [HTML]
        self.text = "pagina"
        self.requests = []
        self.may_answer = threading.Event()
        self.may_answer.set()

    def __call__(self, environ, start_response):
        """Answer one request, as WSGI asks."""
        self.requests.append(environ)
        self.may_answer.wait(10)
        if KEY in environ:
            environ[KEY].version = self.version
        start_response(self.status, self.headers)
        return [self.text.encode()]


class Versions:
    """A state of the site that the test sets."""

    def __init__(self):
        self.number = 1
        self.database_is_away = False

    def current(self):
        """Return the state."""
        return Known(0, self.number, DAY)

    def after_waiting(self):
        """Return the state."""
        return self.current()


class Setting:
    """A cache with both, and a way to ask it."""

    def __init__(self, **options):
        self.django = Application()
        self.versions = Versions()
        self.cache = PageCache(
            self.django,
            self.versions,
            hosts={"veilig.test"},
            limit=10**6,
            away=lambda environ, reason: ("503 Service Unavailable", [HTML], reason.encode()),
            **options,
        )

    def ask(self, path="/", query="", method="GET", **more):
        """Return (outcome, status, headers, body) of one request."""
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "HTTP_HOST": "veilig.test",
            "wsgi.url_scheme": "http",
            **more,
        }
        answer = []
        body = self.cache(
            environ, lambda status, headers, exc_info=None: answer.extend([status, headers])
        )
        return environ[OUTCOME], int(answer[0][:3]), dict(answer[1]), b"".join(body).decode()


@pytest.fixture
def setting():
    """A cache before a scripted application."""
    return Setting()


def test_a_page_is_made_once_and_then_answered_from_memory(setting):
    assert setting.ask()[0] == "miss"
    for _ in range(5):
        outcome, status, _headers, body = setting.ask()
        assert (outcome, status, body) == ("hit", 200, "pagina")
    assert len(setting.django.requests) == 1


def test_head_and_get_share_a_page(setting):
    assert setting.ask(method="HEAD")[0::3] == ("miss", "")
    assert setting.ask()[0::3] == ("hit", "pagina")
    assert setting.django.requests[0]["REQUEST_METHOD"] == "GET"


@pytest.mark.parametrize("path", ["/beheer/login/", "/static/nergens.css"])
def test_head_of_what_is_not_kept_has_no_body_either(setting, path):
    assert setting.ask(path, method="HEAD")[0::3] == ("pass", "")
    assert setting.ask(path)[0::3] == ("pass", "pagina")


def test_a_visitor_who_has_the_page_gets_a_304(setting):
    tag = setting.ask()[2]["ETag"]
    assert setting.ask(HTTP_IF_NONE_MATCH=tag)[:2] == ("not-modified", 304)
    setting.versions.number = setting.django.version = 2
    setting.django.text = "nieuw"
    assert setting.ask(HTTP_IF_NONE_MATCH=tag)[:2] == ("miss", 200)


def test_a_new_version_makes_every_page_anew(setting):
    setting.ask("/")
    setting.ask("/themas/")
    setting.versions.number = setting.django.version = 2
    assert setting.ask("/")[0] == "miss"
    assert setting.ask("/themas/")[0] == "miss"
    assert setting.ask("/")[0] == "hit"


def test_a_page_that_is_newer_than_what_is_known_is_kept(setting):
    setting.django.version = 5
    setting.ask()
    assert setting.ask()[0] == "hit"
    setting.versions.number = 5
    assert setting.ask()[0] == "hit"


def test_unknown_parameters_neither_reach_the_page_nor_fill_the_cache(setting):
    setting.ask()
    for number in range(50):
        assert setting.ask(query=f"utm_source={number}")[0] == "hit"
    path = "/jaarplan/2020/acties/"
    setting.ask(path, "b=1&werkwijze=x&thema=y")
    assert setting.ask(path, "thema=y&werkwijze=x")[0] == "hit"
    assert setting.django.requests[-1]["QUERY_STRING"] == "thema=y&werkwijze=x"
    assert len(setting.cache.pages) + len(setting.cache.pages_with_query) == 2


def test_pages_with_a_query_never_push_out_the_pages_without_one(setting):
    setting.django.text = "x" * 20_000
    setting.ask()
    for number in range(200):
        setting.ask("/jaarplan/2020/acties/", f"thema={number}")
    assert setting.ask()[0] == "hit"


def test_a_page_is_made_of_its_address_alone(setting):
    setting.ask(
        HTTP_COOKIE="sessionid=geheim",
        HTTP_X_FORWARDED_HOST="kwaad.test",
        HTTP_ACCEPT_LANGUAGE="en",
        HTTP_AUTHORIZATION="Basic x",
        HTTP_RANGE="bytes=0-1",
        REMOTE_ADDR="192.0.2.1",
    )
    seen = setting.django.requests[0]
    assert {name for name in seen if name.startswith("HTTP_")} == {"HTTP_HOST"}
    assert not seen["REMOTE_ADDR"]


@pytest.mark.parametrize(
    ("method", "path", "query"),
    [
        ("POST", "/", ""),
        ("PUT", "/", ""),
        ("GET", "/beheer/", ""),
        ("GET", "/media/x.png", ""),
        ("GET", "/woninginbraken", ""),
        ("GET", "/jaarplan/2020/acties/", "woorden=overlast"),
    ],
)
def test_what_is_not_kept_goes_to_django_as_it_came(setting, method, path, query):
    for _ in range(2):
        outcome, _status, headers, body = setting.ask(path, query, method, HTTP_COOKIE="a=b")
        assert (outcome, body) == ("pass", "pagina")
        assert headers["Cache-Control"] == "no-cache"
    assert len(setting.django.requests) == 2
    assert setting.django.requests[0]["HTTP_COOKIE"] == "a=b"
    assert setting.django.requests[0]["QUERY_STRING"] == query


@pytest.mark.parametrize("host", ["kwaad.test", "veilig.test:81", ""])
def test_another_host_goes_to_django(setting, host):
    assert setting.ask(HTTP_HOST=host)[0] == "pass"
    assert len(setting.cache.pages) == 0


def test_the_host_is_the_same_in_capitals(setting):
    setting.ask()
    assert setting.ask(HTTP_HOST="Veilig.Test")[0] == "hit"


@pytest.mark.parametrize(
    ("status", "header"),
    [
        ("200 OK", ("Set-Cookie", "a=b")),
        ("200 OK", ("Cache-Control", "max-age=0, no-store")),
        ("200 OK", ("Cache-Control", "private")),
        ("200 OK", ("Vary", "Accept-Encoding, Cookie")),
        ("200 OK", ("Content-Encoding", "br")),
        ("404 Not Found", HTML),
        ("410 Gone", HTML),
        ("302 Found", ("Location", "/")),
        ("500 Internal Server Error", HTML),
    ],
)
def test_errors_and_what_is_meant_for_one_visitor_are_not_kept(setting, status, header):
    setting.django.status, setting.django.headers = status, [HTML, header]
    for _ in range(2):
        outcome, answered, headers, body = setting.ask()
        assert (outcome, answered, body) == ("miss", int(status[:3]), "pagina")
        assert headers.get(header[0]) == header[1]
        assert "s-maxage" not in headers["Cache-Control"]
    assert len(setting.django.requests) == 2


def test_a_thousand_visitors_at_once_have_a_page_made_once(setting):
    setting.django.may_answer.clear()
    with ThreadPoolExecutor(32) as visitors:
        answers = [visitors.submit(setting.ask) for _ in range(1000)]
        while not setting.django.requests:
            pass
        setting.django.may_answer.set()
        assert {answer.result()[1::2] for answer in answers} == {(200, "pagina")}
    assert len(setting.django.requests) == 1


def test_an_error_of_the_one_that_makes_the_page_reaches_who_waits_as_a_storing(setting):
    class BugError(Exception):
        """Something that Django itself did not catch."""

    def fail(environ, start_response):
        raise BugError

    setting.cache.application = fail
    with pytest.raises(BugError):
        setting.ask()
    setting.cache.application = setting.django
    assert setting.ask()[:2] == ("miss", 200)


def test_pages_go_on_as_they_last_were_while_the_database_is_away(setting):
    setting.ask()
    setting.versions.number = 2
    setting.django.status = "503 Service Unavailable"
    setting.django.version = None
    assert setting.ask()[0::3] == ("stale", "pagina")
    made = len(setting.django.requests)
    setting.versions.database_is_away = True
    assert setting.ask()[0::3] == ("stale", "pagina")
    assert setting.ask("/themas/")[:2] == ("away", 503)
    assert len(setting.django.requests) == made, "no request waits for a database that is away"
    setting.versions.database_is_away = False
    setting.django.status, setting.django.version, setting.django.text = "200 OK", 2, "nieuw"
    assert setting.ask()[0::3] == ("miss", "nieuw")
    assert setting.ask("/themas/")[:2] == ("miss", 200)


@pytest.mark.parametrize(("path", "outcome"), [("/themas/", "miss"), ("/zoeken/", "pass")])
def test_a_database_that_returned_in_a_quiet_hour_answers_the_first_visitor(
    setting, path, outcome, monkeypatch
):
    is_there = True

    def read():
        if not is_there:
            raise OperationalError("gone")
        return 1

    monkeypatch.setattr(versions, "INTERVAL", 0)
    monkeypatch.setattr(versions, "PATIENCE", 10)
    setting.cache.versions = versions.Versions(read)
    setting.ask()
    is_there = False
    assert setting.ask(path)[:2] == ("away", 503)
    is_there = True
    assert setting.ask(path)[:2] == (outcome, 200)


def test_a_page_that_fails_is_answered_as_it_last_was(setting):
    setting.ask()
    setting.versions.number = setting.django.version = 2
    setting.django.status = "500 Internal Server Error"
    assert setting.ask()[0::3] == ("stale", "pagina")
    assert setting.ask("/themas/")[:2] == ("miss", 500)


def test_with_https_nothing_is_answered_over_http():
    setting = Setting(https=True)
    assert setting.ask(**{"wsgi.url_scheme": "https"})[0] == "miss"
    assert setting.ask(**{"wsgi.url_scheme": "https"})[0] == "hit"
    assert setting.ask()[0] == "pass"


SEARCH = ("/zoeken/", "woorden=overlast")


def stuck_in_django(setting, visitors):
    """Have as many requests hang in Django as are let in; return what they will give."""
    setting.django.may_answer.clear()
    room = setting.cache.gate.room
    hanging = [visitors.submit(setting.ask, *SEARCH) for _ in range(room)]
    while len(setting.django.requests) < room:
        pass
    return hanging


def test_requests_that_hang_in_django_hold_up_neither_memory_nor_each_other(setting):
    setting.ask("/themas/")
    setting.ask("/")
    setting.versions.number = setting.django.version = 2
    setting.ask("/")
    setting.django.requests.clear()
    setting.cache.gate.patience = 0.05
    with ThreadPoolExecutor(8) as visitors:
        hanging = stuck_in_django(setting, visitors)
        # The first waits a moment; once those inside are known to be stuck, no other does.
        assert setting.ask(*SEARCH)[0::3] == ("busy", "busy")
        assert setting.ask("/beheer/", method="POST")[:2] == ("busy", 503)
        assert setting.ask("/werkwijzen/")[0::3] == ("busy", "busy")
        assert setting.ask("/themas/")[0::3] == ("stale", "pagina")
        assert setting.ask("/")[0::3] == ("hit", "pagina")
        assert len(setting.django.requests) == len(hanging)
        setting.django.may_answer.set()
        assert {one.result()[0] for one in hanging} == {"pass"}
    assert setting.ask(*SEARCH)[0] == "pass"
    assert setting.ask("/themas/")[0] == "miss"


def test_under_load_everyone_waits_for_a_turn(setting):
    inside, most, lock = [0], [0], threading.Lock()

    def slowly(environ, start_response):
        with lock:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        setting.django.may_answer.wait(0.01)
        with lock:
            inside[0] -= 1
        return setting.django(environ, start_response)

    setting.cache.application = slowly
    setting.django.may_answer.clear()
    threading.Timer(0.2, setting.django.may_answer.set).start()
    with ThreadPoolExecutor(32) as visitors:
        answers = list(visitors.map(lambda _number: setting.ask(*SEARCH), range(200)))
    assert {outcome for outcome, *_rest in answers} == {"pass"}
    assert most[0] <= setting.cache.gate.room


def test_what_came_out_by_an_error_is_out(setting):
    class BugError(Exception):
        """Something that Django itself did not catch."""

    def fail(environ, start_response):
        raise BugError

    setting.cache.application = fail
    for _ in range(10):
        with pytest.raises(BugError):
            setting.ask(*SEARCH)
    setting.cache.application = setting.django
    assert setting.ask(*SEARCH)[0] == "pass"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nothing_goes_to_a_database_that_is_away(setting, method):
    setting.versions.database_is_away = True
    for path in ("/beheer/", "/zoeken/", "/open-data/acties.csv"):
        assert setting.ask(path, method=method)[0::3] == ("away", "database")
    assert not setting.django.requests
    setting.versions.database_is_away = False
    assert setting.ask("/zoeken/", method=method)[0] == "pass"


@pytest.mark.parametrize(
    "path", ["/gezond/", "/gezond/gereed/", "/static/css/site.css", "/media/a.png"]
)
def test_what_needs_no_database_is_answered_whatever_is_the_matter_with_it(setting, path):
    setting.versions.database_is_away = True
    assert setting.ask(path)[:2] == ("pass", 200)
    setting.versions.database_is_away = False
    setting.cache.gate.patience = 0.05
    with ThreadPoolExecutor(4) as visitors:
        stuck_in_django(setting, visitors)
        assert setting.ask(*SEARCH)[0] == "busy"
        asked = visitors.submit(setting.ask, path)
        setting.django.may_answer.set()
        assert asked.result()[0] == "pass"


@pytest.mark.parametrize("path", ["/gezond/", "/static/css/site.css", "/media/a.png"])
def test_what_is_sent_there_is_refused_by_a_page_that_does_need_it(setting, path):
    setting.versions.database_is_away = True
    assert setting.ask(path, method="POST")[0::3] == ("away", "database")


def test_who_waits_for_a_page_does_not_wait_for_a_database_that_went_away(setting):
    setting.django.may_answer.clear()
    with ThreadPoolExecutor(4) as visitors:
        first = visitors.submit(setting.ask)
        while not setting.django.requests:
            pass
        second = visitors.submit(setting.ask)
        setting.versions.database_is_away = True
        assert second.result(5)[:2] == ("away", 503)
        setting.django.may_answer.set()
        assert first.result()[:2] == ("miss", 200)


@pytest.mark.parametrize("status", ["410 Gone", "404 Not Found", "301 Moved Permanently"])
@pytest.mark.parametrize("trouble", ["the database", "the site"])
def test_a_page_that_is_gone_does_not_come_back_in_trouble(setting, status, trouble):
    assert setting.ask("/themas/")[0::3] == ("miss", "pagina")
    setting.versions.number = setting.django.version = 2
    setting.django.status, setting.django.text = status, "weg"
    _outcome, _status, headers, body = setting.ask("/themas/")
    assert body == "weg"
    assert "s-maxage=1" in headers["Cache-Control"], "nginx has to forget the page as well"
    assert "stale-if-error" not in headers["Cache-Control"]
    if trouble == "the database":
        setting.versions.database_is_away = True
    else:
        setting.django.status = "500 Internal Server Error"
    assert setting.ask("/themas/")[1] in {500, 503}


HELD = {"HTTP_IF_NONE_MATCH": '"of a page that nginx has"'}


@pytest.mark.parametrize("status", ["410 Gone", "404 Not Found", "301 Moved Permanently"])
def test_nginx_forgets_a_page_that_is_gone_whichever_worker_it_asks(setting, status):
    # One that never had the page, after a restart say, or that told so before.
    setting.django.status = status
    for _ in range(2):
        headers = setting.ask("/themas/", **HELD)[2]
        assert "s-maxage=1" in headers["Cache-Control"]
        assert "stale-if-error" not in headers["Cache-Control"]
    assert setting.ask("/themas/")[2]["Cache-Control"] == "no-cache", "who has none keeps none"


@pytest.mark.parametrize(
    ("path", "query", "method", "status", "header"),
    [
        ("/themas/", "", "GET", "500 Internal Server Error", HTML),
        ("/themas/", "", "GET", "200 OK", ("Vary", "Cookie")),
        ("/themas/", "", "GET", "200 OK", ("Set-Cookie", "a=b")),
        ("/themas/", "", "GET", "404 Not Found", ("Cache-Control", "private, no-store")),
        ("/zoeken/", "woorden=overlast", "GET", "200 OK", HTML),
        ("/jaarplan/2020/acties/", "woorden=overlast", "GET", "404 Not Found", HTML),
        ("/voorbeeld/abc/", "", "GET", "404 Not Found", HTML),
        ("/beheer/", "", "GET", "302 Found", ("Location", "/beheer/login/")),
        ("/volgen/", "", "POST", "200 OK", HTML),
    ],
)
def test_no_other_answer_is_kept_for_who_says_to_have_a_page(
    setting, path, query, method, status, header
):
    setting.django.status, setting.django.headers = status, [header]
    headers = setting.ask(path, query, method, **HELD)[2]
    assert headers["Cache-Control"] in {"no-cache", "private, no-store"}


def test_nor_is_that_the_site_is_away(setting):
    setting.versions.database_is_away = True
    assert "s-maxage" not in setting.ask("/themas/", **HELD)[2].get("Cache-Control", "")


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone", "301 Moved Permanently"])
def test_an_address_where_no_page_was_is_kept_nowhere(setting, status):
    setting.django.status = status
    assert setting.ask("/themas/verzonnen/woninginbraken/")[2]["Cache-Control"] == "no-cache"


def test_what_is_meant_for_one_visitor_is_kept_nowhere_in_the_place_of_a_page_either(setting):
    setting.ask("/themas/")
    setting.versions.number = setting.django.version = 2
    setting.django.status, setting.django.headers = "302 Found", [("Cache-Control", "no-store")]
    assert setting.ask("/themas/")[2]["Cache-Control"] == "no-store"


def test_an_answer_of_before_takes_away_no_newer_page(setting):
    assert setting.ask("/themas/")[0] == "miss"
    setting.versions.number = 2
    setting.django.status, setting.django.version = "404 Not Found", 0
    setting.ask("/themas/")
    setting.versions.database_is_away = True
    assert setting.ask("/themas/")[0::3] == ("stale", "pagina")


def test_pages_of_before_a_restart_go_on_as_the_pages_they_were(setting):
    tag = setting.ask("/themas/")[2]["ETag"]
    after = Setting()
    after.versions.begin_at = lambda known: setattr(after.versions, "number", known.number)
    after.ask("/begrippen/")
    after.cache.begin_with(Known(0, 1, DAY), setting.cache.pages.items())
    after.django.requests.clear()
    assert after.ask("/themas/")[0::3] == ("hit", "pagina")
    assert after.ask("/themas/", HTTP_IF_NONE_MATCH=tag)[:2] == ("not-modified", 304)
    assert after.ask("/begrippen/")[0] == "miss"
    after.versions.number = 2
    after.versions.database_is_away = True
    assert after.ask("/themas/")[0::3] == ("stale", "pagina")
    after.versions.database_is_away = False
    after.django.version, after.django.text = 2, "nieuw"
    assert after.ask("/themas/")[0::3] == ("miss", "nieuw")


def test_nothing_of_before_leaves_nothing_kept(setting):
    setting.ask()
    setting.cache.begin_with(None, [])
    assert setting.ask()[0] == "miss"


def test_a_page_that_cannot_be_read_from_its_file_any_more_is_made_anew(setting, tmp_path, caplog):
    setting.ask("/themas/")
    saved = SavedPages(tmp_path / "pages", "a build")
    saved.write(Known(0, 1, DAY), setting.cache.pages.items())
    assert setting.ask("/themas/")[0::3] == ("hit", "pagina")
    saved.write(Known(0, 2, DAY), setting.cache.pages.items())
    os.truncate(saved.path, 0)
    assert setting.ask("/themas/")[0::3] == ("miss", "pagina")
    assert "could not be read" in caplog.text
    assert setting.ask("/themas/")[0::3] == ("hit", "pagina")


def test_a_page_that_is_old_and_lost_is_refused_while_the_database_is_away(setting, tmp_path):
    setting.ask("/themas/")
    saved = SavedPages(tmp_path / "pages", "a build")
    saved.write(Known(0, 1, DAY), setting.cache.pages.items())
    setting.versions.number = 2
    setting.versions.database_is_away = True
    assert setting.ask("/themas/")[0::3] == ("stale", "pagina")
    saved.write(Known(0, 2, DAY), setting.cache.pages.items())
    whole = saved.path.read_bytes()
    os.truncate(saved.path, 0)
    assert setting.ask("/themas/", method="HEAD")[0] == "stale"
    assert setting.ask("/themas/")[:2] == ("away", 503)
    saved.path.write_bytes(whole)
    assert setting.ask("/themas/")[0::3] == ("stale", "pagina")
    setting.versions.database_is_away = False
    setting.django.version = 2
    assert setting.ask("/themas/")[0] == "miss"
