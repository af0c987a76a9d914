"""The kept pages on disk, between a stop and a start."""

import os
import subprocess
import sys
from contextlib import suppress
from datetime import date
from errno import ENOSPC

import pytest

from tests.tooling.environment import ROOT, environment_for
from veiligalmere.page_cache.addresses import Address
from veiligalmere.page_cache.bodies import BodyLost
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


LARGE = "".join(f"<p>{number}</p>" for number in range(20_000))
ADDRESSES = [Address("veilig.test", path, "") for path in ("/", "/cafÃ©/", "/beeld/", "/volledig/")]


def make_pages():
    """Return pairs of address and page."""
    made = [
        page(),
        page("Caf\u00e9 " * 50, number=8),
        page("geen tekst", headers=[PNG]),
        page(LARGE),
    ]
    return list(zip(ADDRESSES, made, strict=True))


@pytest.fixture
def pages():
    """What a worker made."""
    return make_pages()


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


def test_pages_come_back_as_they_were(saved, pages):
    before = [answers(page) for _address, page in pages]
    saved.write(STATE, pages)
    known, again = SavedPages(saved.path, "a build").read()
    assert known == STATE._replace(number=8)
    for (address, page), (address_again, after), answered in zip(pages, again, before, strict=True):
        assert address_again == address
        assert answers(page) == answers(after) == answered
        assert (after.known, after.size) == (page.known, page.size)
    assert saved.path.stat().st_mode & 0o777 == 0o600


def test_pages_of_which_the_plain_body_is_not_at_hand_come_back_too(saved, monkeypatch):
    monkeypatch.setattr("veiligalmere.page_cache.bodies.ROOM", 0)
    saved.write(STATE, make_pages())
    expected = [answers(page) for _address, page in make_pages()]
    assert [answers(page) for _address, page in saved.read()[1]] == expected


def test_what_is_saved_is_read_from_the_file_and_not_kept_in_memory_too(saved, pages):
    before = [answers(page) for _address, page in pages]
    saved.write(STATE, pages)
    with saved.path.open("r+b") as file:
        whole = file.read()
        file.truncate(len(whole) - 10)
    last = pages[-1][1]
    with pytest.raises(BodyLost):
        answers(last)
    assert answers(pages[0][1]) == before[0]
    saved.path.write_bytes(whole)
    assert [answers(page) for _address, page in pages] == before


def test_a_body_stays_readable_when_another_file_takes_the_place_of_its_own(saved, pages):
    before = [answers(page) for _address, page in pages]
    saved.write(STATE, pages)
    elsewhere = SavedPages(saved.path, "a build")
    elsewhere.write(STATE._replace(number=9), [(ADDRESSES[0], page("Anders"))])
    assert [answers(page) for _address, page in pages] == before
    saved.path.unlink()
    assert [answers(page) for _address, page in pages] == before
    saved.write(STATE._replace(number=9), pages)
    assert [answers(page) for _address, page in saved.read()[1]] == before


def test_one_worker_goes_on_with_the_file_that_another_saved(saved, pages):
    saved.write(STATE, pages)
    saved.read()
    of_another = make_pages()
    SavedPages(saved.path, "a build").write(STATE, of_another)
    assert not saved.is_new()
    saved.path.write_bytes(b"")
    for _address, page in (*pages, *of_another):
        with pytest.raises(BodyLost):
            answers(page)


def test_what_is_asked_for_is_at_hand_as_long_as_there_is_room(saved, pages, monkeypatch):
    first, *others = (page for _address, page in pages)
    before = [answers(page) for _address, page in pages]
    monkeypatch.setattr("veiligalmere.page_cache.bodies.ROOM", 10_000)
    saved.write(STATE, pages)
    assert [answers(page) for _address, page in pages] == before
    assert answers(first) == before[0]
    saved.path.write_bytes(b"")
    assert answers(first) == before[0]
    lost = 0
    for page in others:
        with suppress(BodyLost):
            answers(page)
            continue
        lost += 1
    assert lost, "there is no room for all"


def test_nothing_was_saved_yet(saved, caplog):
    assert saved.read() == (None, [])
    assert not saved.is_new()
    assert not caplog.records


def test_pages_of_another_build_count_as_none(saved, pages):
    saved.write(STATE, pages)
    assert SavedPages(saved.path, "another build").read() == (None, [])


@pytest.mark.parametrize("size", [0, 1, 50, 200, 400, 600])
def test_a_file_that_is_broken_off_counts_as_none(saved, pages, size):
    saved.write(STATE, pages)
    os.truncate(saved.path, size)
    assert saved.read() == (None, [])


@pytest.mark.parametrize("place", [5, 160, 400, 600])
def test_a_file_in_which_something_changed_counts_as_none(saved, pages, place):
    saved.write(STATE, pages)
    change(saved.path, place)
    assert saved.read() == (None, [])


def test_a_body_that_changed_in_the_file_is_lost_and_the_others_are_not(saved, pages):
    before = [answers(page) for _address, page in pages]
    saved.write(STATE, pages)
    change(saved.path, -1)
    *others, (_address, last) = saved.read()[1]
    assert [answers(page) for _address, page in others] == before[:-1]
    with pytest.raises(BodyLost):
        answers(last)
    saved.write(STATE._replace(number=9), saved.read()[1])
    assert [address for address, _page in saved.read()[1]] == ADDRESSES[:-1]


def test_a_page_that_was_made_anew_takes_the_place_of_the_damaged_one(saved, pages):
    before = [answers(page) for _address, page in pages]
    saved.write(STATE, pages)
    change(saved.path, -1)
    *others, (address, _lost) = saved.read()[1]
    saved.write(STATE, [*others, (address, make_pages()[-1][1])])
    assert [answers(page) for _address, page in saved.read()[1]] == before


def change(path, place):
    """Change one bit of the byte at `place` in the file at `path`."""
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("content", [b"[]\n", b"{}\n", b'{"build": "a build"}\n', b"\xff\n", b"7"])
def test_a_file_of_something_else_counts_as_none(saved, pages, content):
    saved.path.parent.mkdir()
    saved.path.write_bytes(content)
    assert saved.read() == (None, [])
    saved.write(STATE, pages)
    assert len(saved.read()[1]) == 4


def test_what_is_there_already_is_not_written_again(saved, pages):
    saved.write(STATE, pages)
    assert len(saved.read()[1]) == 4
    assert not saved.is_new()
    saved.write(STATE, pages)
    saved.write(STATE, pages[:2])
    assert not saved.is_new()
    saved.write(STATE._replace(number=9), pages[:1])
    assert saved.is_new()
    assert len(saved.read()[1]) == 1
    saved.write(STATE._replace(number=9), pages)
    assert len(saved.read()[1]) == 4
    saved.write(STATE._replace(number=9, day=date(2020, 4, 15)), pages[:1])
    assert len(saved.read()[1]) == 1


def test_what_was_saved_half_way_to_another_state_is_written_again(saved):
    """A withdrawal came while pages were made: those made before may have what it took away."""
    old, new = page("Met een naam erin.", number=7), page("Zonder.", number=8)
    saved.write(STATE, zip(ADDRESSES[:2], (old, new), strict=True))
    saved.write(STATE._replace(number=8), zip(ADDRESSES[:2], (new, new), strict=True))
    assert [page.known.number for _address, page in saved.read()[1]] == [8, 8]


def test_what_a_process_left_that_was_killed_goes_and_what_another_writes_stays(saved, pages):
    saved.path.parent.mkdir()
    left, written = (saved.path.with_name(f"pages.{number}") for number in (1, 2))
    for file in (left, written):
        file.write_bytes(b"half")
    long_ago = left.stat().st_mtime - LEFT_BEHIND - 1
    os.utime(left, (long_ago, long_ago))
    saved.write(STATE, pages)
    assert sorted(saved.path.parent.iterdir()) == [saved.path, written]


def test_what_could_not_be_saved_leaves_nothing_older(saved, pages, monkeypatch, caplog):
    def fail(parts):
        raise OSError(ENOSPC, "No space left on device")

    saved.write(STATE, pages)
    monkeypatch.setattr(saved, "_replace", fail)
    saved.write(STATE._replace(number=9), pages[1:])
    assert "could not save the pages" in caplog.text
    assert saved.read() == (None, [])


def test_a_file_that_has_gone_is_news_to_who_read_it(saved, pages):
    saved.write(STATE, pages)
    saved.read()
    saved.path.unlink()
    assert saved.is_new()


def test_pages_of_a_day_to_come_count_as_none(saved, pages, monkeypatch):
    saved.write(STATE, pages)
    monkeypatch.setattr("veiligalmere.page_cache.saved.timezone.localdate", lambda: DAY)
    assert len(saved.read()[1]) == 4
    monkeypatch.setattr("veiligalmere.page_cache.saved.timezone.localdate", lambda: EVE)
    assert saved.read() == (None, [])


def test_the_state_is_that_of_the_newest_page(saved, pages):
    """Or a database that lost its last publication would seem to be that far."""
    saved.write(STATE, pages)
    known, _pages = saved.read()
    assert known.number == max(page.known.number for _address, page in pages) == 8


def test_a_number_that_came_back_after_an_older_database_is_of_other_pages(saved, pages):
    saved.write(STATE, pages)
    again = STATE._replace(epoch=1)
    other = [(address, Page([HTML], b"anders", again)) for address, _page in pages]
    saved.write(again, other)
    assert answers(saved.read()[1][0][1]) == answers(other[0][1])
    saved.write(again._replace(epoch=2), other[:2])
    assert [address for address, _page in saved.read()[1]] == ADDRESSES[:2]


def test_a_disk_that_takes_nothing_is_logged_and_no_more(tmp_path, pages, caplog):
    (tmp_path / "var").write_text("no folder")
    saved = SavedPages(tmp_path / "var" / "pages", "a build")
    saved.write(STATE, pages)
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
