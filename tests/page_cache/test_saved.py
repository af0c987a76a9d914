"""The kept pages on disk, between a stop and a start."""

import os
import subprocess
import sys
from datetime import date
from errno import ENOSPC

import pytest

from tests.tooling.environment import ROOT, environment_for
from veiligalmere.page_cache.addresses import Address
from veiligalmere.page_cache.page import Page
from veiligalmere.page_cache.saved import CODE, LEFT_BEHIND, SavedPages, this_build
from veiligalmere.page_cache.versions import Known

DAY, EVE = date(2020, 4, 14), date(2020, 4, 13)
STATE = Known(0, 7, DAY)
HTML = ("Content-Type", "text/html; charset=utf-8")
PNG = ("Content-Type", "image/png")


def page(text="Almere" * 100, number=7, headers=(HTML, ("X-Frame-Options", "DENY"))):
    """Return a page of content version `number`."""
    return Page(list(headers), text.encode(), Known(0, number, DAY))


PAGES = [
    (Address("veilig.test", "/", ""), page()),
    (Address("veilig.test", "/cafÃ©/", ""), page("Caf\u00e9 " * 50, number=8)),
    (Address("veilig.test", "/beeld/", ""), page("geen tekst", headers=[PNG])),
]


@pytest.fixture
def saved(tmp_path):
    """Where pages of one build are saved."""
    return SavedPages(tmp_path / "var" / "pages", "a build")


def answers(page):
    """Return all that a page can answer with."""
    return [
        page.answer({"REQUEST_METHOD": method, "HTTP_ACCEPT_ENCODING": encoding})
        for method in ("GET", "HEAD")
        for encoding in ("", "gzip")
    ]


def test_pages_come_back_as_they_were(saved):
    saved.write(STATE, PAGES)
    known, pages = SavedPages(saved.path, "a build").read()
    assert known == STATE._replace(number=8)
    assert [address for address, _page in pages] == [address for address, _page in PAGES]
    for (_address, before), (_again, after) in zip(PAGES, pages, strict=True):
        assert answers(after) == answers(before)
        assert (after.known, after.size) == (before.known, before.size)
    assert saved.path.stat().st_mode & 0o777 == 0o600


def test_nothing_was_saved_yet(saved, caplog):
    assert saved.read() == (None, [])
    assert not saved.is_new()
    assert not caplog.records


def test_pages_of_another_build_count_as_none(saved):
    saved.write(STATE, PAGES)
    assert SavedPages(saved.path, "another build").read() == (None, [])


@pytest.mark.parametrize("size", [0, 1, 50, 200, 400, 600])
def test_a_file_that_is_broken_off_counts_as_none(saved, size):
    saved.write(STATE, PAGES)
    os.truncate(saved.path, size)
    assert saved.read() == (None, [])


@pytest.mark.parametrize("place", [5, 160, 400, -300, -1])
def test_a_file_in_which_something_changed_counts_as_none(saved, place):
    saved.write(STATE, PAGES)
    content = bytearray(saved.path.read_bytes())
    content[place] ^= 1
    saved.path.write_bytes(content)
    assert saved.read() == (None, [])


@pytest.mark.parametrize("content", [b"[]\n", b"{}\n", b'{"build": "a build"}\n', b"\xff\n", b"7"])
def test_a_file_of_something_else_counts_as_none(saved, content):
    saved.path.parent.mkdir()
    saved.path.write_bytes(content)
    assert saved.read() == (None, [])
    saved.write(STATE, PAGES)
    assert len(saved.read()[1]) == 3


def test_what_is_there_already_is_not_written_again(saved):
    saved.write(STATE, PAGES)
    assert len(saved.read()[1]) == 3
    assert not saved.is_new()
    saved.write(STATE, PAGES)
    saved.write(STATE, PAGES[:2])
    assert not saved.is_new()
    saved.write(STATE._replace(number=9), PAGES[:1])
    assert saved.is_new()
    assert len(saved.read()[1]) == 1
    saved.write(STATE._replace(number=9), PAGES)
    assert len(saved.read()[1]) == 3
    saved.write(STATE._replace(number=9, day=date(2020, 4, 15)), PAGES[:1])
    assert len(saved.read()[1]) == 1


def test_what_was_saved_half_way_to_another_state_is_written_again(saved):
    """A withdrawal came while pages were made: those made before may have what it took away."""
    old, new = page("Met een naam erin.", number=7), page("Zonder.", number=8)
    addresses = [address for address, _page in PAGES[:2]]
    saved.write(STATE, zip(addresses, (old, new), strict=True))
    saved.write(STATE._replace(number=8), zip(addresses, (new, new), strict=True))
    assert [page.known.number for _address, page in saved.read()[1]] == [8, 8]


def test_what_a_process_left_that_was_killed_goes_and_what_another_writes_stays(saved):
    saved.path.parent.mkdir()
    left, written = (saved.path.with_name(f"pages.{number}") for number in (1, 2))
    for file in (left, written):
        file.write_bytes(b"half")
    long_ago = left.stat().st_mtime - LEFT_BEHIND - 1
    os.utime(left, (long_ago, long_ago))
    saved.write(STATE, PAGES)
    assert sorted(saved.path.parent.iterdir()) == [saved.path, written]


def test_what_could_not_be_saved_leaves_nothing_older(saved, monkeypatch, caplog):
    def fail(parts):
        raise OSError(ENOSPC, "No space left on device")

    saved.write(STATE, PAGES)
    monkeypatch.setattr(saved, "_replace", fail)
    saved.write(STATE._replace(number=9), PAGES[1:])
    assert "could not save the pages" in caplog.text
    assert saved.read() == (None, [])


def test_a_file_that_has_gone_is_news_to_who_read_it(saved):
    saved.write(STATE, PAGES)
    saved.read()
    saved.path.unlink()
    assert saved.is_new()


def test_pages_of_a_day_to_come_count_as_none(saved, monkeypatch):
    saved.write(STATE, PAGES)
    monkeypatch.setattr("veiligalmere.page_cache.saved.timezone.localdate", lambda: DAY)
    assert len(saved.read()[1]) == 3
    monkeypatch.setattr("veiligalmere.page_cache.saved.timezone.localdate", lambda: EVE)
    assert saved.read() == (None, [])


def test_the_state_is_that_of_the_newest_page(saved):
    """Or a database that lost its last publication would seem to be that far."""
    saved.write(STATE, PAGES)
    known, _pages = saved.read()
    assert known.number == max(page.known.number for _address, page in PAGES) == 8


def test_a_number_that_came_back_after_an_older_database_is_of_other_pages(saved):
    saved.write(STATE, PAGES)
    again = STATE._replace(epoch=1)
    other = [(address, Page([HTML], b"anders", again)) for address, _page in PAGES]
    saved.write(again, other)
    assert answers(saved.read()[1][0][1]) == answers(other[0][1])


def test_a_disk_that_takes_nothing_is_logged_and_no_more(tmp_path, caplog):
    (tmp_path / "var").write_text("no folder")
    saved = SavedPages(tmp_path / "var" / "pages", "a build")
    saved.write(STATE, PAGES)
    assert "could not save the pages" in caplog.text
    assert saved.read() == (None, [])


def build_of(folder, **settings):
    """Return the build that a process of its own names, with these settings."""
    code = (
        "import django; django.setup();"
        "from veiligalmere.page_cache.saved import this_build; print(this_build())"
    )
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment_for(folder, **settings),
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def test_each_start_of_one_build_gives_it_the_same_name_and_another_setting_another(tmp_path):
    build = build_of(tmp_path)
    assert build_of(tmp_path, PYTHONHASHSEED="1") == build
    assert build_of(tmp_path, SITE_URL="https://ander.test") != build
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "staticfiles.json").write_text("{}")
    assert build_of(tmp_path) != build


def test_another_version_of_a_file_is_another_build(tmp_path, settings):
    for name in CODE:
        (tmp_path / name / "deep" / "__pycache__").mkdir(parents=True)
    settings.BASE_DIR = tmp_path
    template = tmp_path / "templates" / "deep" / "page.html"
    template.write_text("een")
    builds = [this_build()]
    (tmp_path / "plan" / "deep" / "__pycache__" / "module.pyc").write_text("compiled")
    (template.parent / ".#page.html").symlink_to("me@here.42")  # an editor's lock
    assert this_build() == builds[0]
    template.write_text("twee")
    builds.append(this_build())
    (tmp_path / "plan" / "deep" / "new.py").touch()
    builds.append(this_build())
    assert len(set(builds)) == 3
