"""The memory of the page cache is bounded."""

import sys
import threading

from veiligalmere.page_cache.page import Page
from veiligalmere.page_cache.store import Store
from veiligalmere.page_cache.versions import Known


def page(number=1, length=1000):
    """Return a page made in content version `number`, of `length` bytes."""
    return Page([("Content-Type", "text/html")], b"x" * length, Known(0, number, None))


def test_it_never_holds_more_than_its_limit_and_drops_what_was_asked_for_least_recently():
    one = page()
    store = Store(one.size * 10)
    for number in range(10):
        store.put(number, page())
    assert len(store) == 10
    store.get(0)
    store.put("new", page())
    assert store.size <= store.limit
    assert store.get(0)
    assert store.get("new")
    assert store.get(1) is None


def test_a_page_that_is_replaced_counts_once():
    store = Store(10**6)
    for number in range(5):
        store.put("home", page(number))
    assert (len(store), store.size) == (1, page().size)


def test_a_page_that_would_push_out_many_others_is_not_kept():
    store = Store(100_000)
    store.put("home", page())
    store.put("huge", page(length=99_000))
    assert store.get("huge") is None
    assert store.get("home")


def test_a_page_that_took_long_to_make_does_not_replace_a_newer_one():
    store = Store(10**6)
    newer = page(8)
    store.put("home", newer)
    store.put("home", page(7))
    assert store.get("home") is newer


def test_pages_are_pushed_out_while_others_are_read():
    one = page()
    store = Store(one.size * 10)
    is_over = threading.Event()

    def read():
        while not is_over.is_set():
            for number in range(12):
                store.get(number)

    readers = [threading.Thread(target=read) for _ in range(3)]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)  # or threads would hardly ever meet
    try:
        for reader in readers:
            reader.start()
        for number in range(100_000):
            store.put(number % 12, one)
    finally:
        is_over.set()
        sys.setswitchinterval(before)
        for reader in readers:
            reader.join(10)
    assert store.size == len(store) * one.size == store.limit


def test_all_that_is_kept_can_be_listed_and_dropped():
    store = Store(10**6)
    for number in range(3):
        store.put(number, page(number))
    store.get(0)
    assert [address for address, _page in store.items()] == [1, 2, 0]
    store.clear()
    assert (len(store), store.size, store.items()) == (0, 0, [])


def test_it_is_listed_while_others_read():
    store = Store(10**8)
    for number in range(2000):
        store.put(number, page(length=1))
    stop = threading.Event()

    def read():
        while not stop.is_set():
            for number in range(2000):
                store.get(number)

    readers = [threading.Thread(target=read) for _ in range(3)]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for reader in readers:
            reader.start()
        for _ in range(200):
            assert len(store.items()) == 2000
    finally:
        stop.set()
        sys.setswitchinterval(before)
        for reader in readers:
            reader.join()
