"""What a web worker takes before its first request: only what most of them will use."""

import subprocess
import sys

from tests.tooling.environment import ROOT, environment_for

# Each takes megabytes of every worker and a part of its start, for what few requests ask: a
# workbook, a PDF, a picture, a QR code, a report to Sentry. They are imported where they are used.
SELDOM_USED = {"PIL", "openpyxl", "typst", "qrcode", "sentry_sdk"}


def test_a_worker_starts_without_what_few_requests_use(tmp_path):
    code = "import sys, veiligalmere.wsgi, veiligalmere.urls; print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=environment_for(tmp_path),
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    assert "veiligalmere.pages.actions" in loaded
    assert SELDOM_USED.isdisjoint(loaded)
