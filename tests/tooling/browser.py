"""The Chromium that the browser tests drive."""

import os
import shutil
import subprocess
from pathlib import Path

from playwright._impl._driver import compute_driver_executable

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
ON_A_MAC = (
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)

# A browser that asks nobody outside for anything, not even for its own updates.
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]


def find_chromium():
    """Return the path of Chromium or Chrome, or None; CHROMIUM names one that goes before all."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    on_path = next(filter(None, map(shutil.which, NAMES)), None)
    return on_path or next((str(path) for path in ON_A_MAC if path.exists()), None)


def driver_starts():
    """Return whether Playwright's driver starts: it brings Node.js, but not all that this needs."""
    node, _script = compute_driver_executable()
    done = subprocess.run([node, "--version"], capture_output=True, check=False)
    return done.returncode == 0


def launch(playwright):
    """Start the Chromium found on this machine, headless; the caller closes it."""
    arguments = list(QUIET)
    if os.name == "posix" and os.geteuid() == 0:
        # Chromium's sandbox does not start for root.
        arguments.append("--no-sandbox")
    return playwright.chromium.launch(executable_path=find_chromium(), args=arguments)
