"""The figures for Prometheus."""

import os
import re
import socket
import time
import urllib.error
import urllib.request

import pytest

from tests.faults.conftest import lasting_workers
from tests.faults.load import wait_for
from tests.tooling.site import Site, free_port
from veiligalmere.observation.metrics import BUCKETS, Metrics

SAMPLE = re.compile(r'([a-z_]+)(\{[a-z]+="[^"]*"(?:,[a-z]+="[^"]*")*\})? (\d+(?:\.\d+)?)\Z')


def parse(text):
    """Return the samples of Prometheus' text format, after checking its grammar."""
    samples, announced = {}, set()
    for line in text.splitlines():
        if line.startswith("# TYPE "):
            announced.add(line.split()[2])
        elif not line.startswith("# HELP "):
            name, labels, value = SAMPLE.match(line).groups()
            assert re.sub("_(bucket|sum|count)$", "", name) in announced or name in announced
            assert (name, labels) not in samples
            samples[name, labels] = float(value)
    return samples


def test_processes_count_in_rows_of_their_own_that_add_up():
    metrics = Metrics()
    children = []
    for number in (1, 2, 3):
        child = os.fork()
        if child == 0:
            metrics.take_row(number)
            for _ in range(1000):
                metrics.count_request("hit", "200", 0.002)
            metrics.set("pages", 10)
            os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
    samples = parse(metrics.text())
    assert samples["veiligalmere_requests_total", '{cache="hit",status="2xx"}'] == 3000
    assert samples["veiligalmere_kept_pages", None] == 30
    metrics.leave_row(2)
    samples = parse(metrics.text())
    assert samples["veiligalmere_requests_total", '{cache="hit",status="2xx"}'] == 3000
    assert samples["veiligalmere_kept_pages", None] == 20


def test_no_two_processes_that_live_count_in_one_row_however_many_came_and_went():
    metrics = Metrics()
    oldest = metrics.reserve_row()
    for _ in range(200):
        row = metrics.reserve_row()
        assert row != oldest
        metrics.leave_row(row)
    rows = [metrics.reserve_row() for _ in range(40)]
    assert len({oldest, *rows}) == 41


def test_the_histogram_is_cumulative_and_ends_in_the_count():
    metrics = Metrics()
    for seconds in (0.0001, 0.02, 0.02, 60):
        metrics.count_request("miss", "200", seconds)
    samples = parse(metrics.text())
    counts = [
        samples["veiligalmere_request_seconds_bucket", f'{{cache="miss",le="{bucket}"}}']
        for bucket in BUCKETS
    ]
    assert counts == sorted(counts)
    assert (counts[0], counts[3], counts[-1]) == (1, 3, 3)
    infinity = samples["veiligalmere_request_seconds_bucket", '{cache="miss",le="+Inf"}']
    assert infinity == samples["veiligalmere_request_seconds_count", '{cache="miss"}'] == 4


def answers_on(port):
    """Whether anything on this machine listens on `port`."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.mark.slow
def test_the_site_serves_them_on_a_port_of_their_own(capsys):
    port = free_port()
    with Site(METRICS_PORT=str(port), LOG_FORMAT="json") as site:
        lasting_workers(site)
        # The one that gave way may have had the port, which another then takes.
        wait_for(lambda: answers_on(port))
        for _ in range(10):
            urllib.request.urlopen(f"{site.url}/themas/").close()  # noqa: S310 -- our own site
        deadline = time.monotonic() + 10
        while True:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
                samples = parse(answer.read().decode())
            hits = samples["veiligalmere_requests_total", '{cache="hit",status="2xx"}']
            if hits >= 8 or time.monotonic() > deadline:
                break
        # Each of the two processes made the page once, if it was asked at all.
        assert hits in {8, 9}
        assert samples["veiligalmere_requests_total", '{cache="miss",status="2xx"}'] >= 10 - hits
        assert samples["veiligalmere_processes", None] == 2
        with pytest.raises(urllib.error.HTTPError):
            urllib.request.urlopen(f"{site.url}/metrics")  # noqa: S310 -- our own site
        log = site.log()
    assert log.count('"path": "/themas/", "status": 200') == 10
