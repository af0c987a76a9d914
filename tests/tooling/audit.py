"""The audit of the locked packages against the known vulnerabilities (PyPI's advisories)."""

import json
import subprocess
import sys

from tests.tooling.environment import ROOT

LOCKS = ("requirements/base.txt", "requirements/sentry.txt")  # what may run in production
LONGEST = 60  # seconds


class NotAudited(Exception):
    """The source of the advisories was not reached; the argument says how many packages."""


def audit(locks=LOCKS):
    """Return what is known against the packages of `locks`, a line for each vulnerability.

    Raises NotAudited if that could not be asked of every package.
    """
    command = [sys.executable, "-m", "pip_audit", "--progress-spinner=off", "--format=json"]
    # A lock names every package, so nothing has to be resolved or installed.
    command += ["--disable-pip", "--no-deps"]
    for lock in locks:
        command += ["--requirement", str(ROOT / lock)]
    try:
        result = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LONGEST,
            check=False,
        )
        packages = json.loads(result.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError) as error:
        raise NotAudited("no package of the locks") from error
    found = lines_of(packages)
    unknown = [one["name"] for one in packages if "skip_reason" in one]
    if unknown and not found:
        raise NotAudited(f"{len(unknown)} of {len(packages)} packages were not found there")
    return found


def lines_of(packages):
    """Return a line for each vulnerability in pip-audit's list of packages."""
    return [
        f"{one['name']} {one['version']}: {flaw['id']}, mended in "
        f"{', '.join(flaw['fix_versions']) or 'no version yet'}"
        for one in packages
        for flaw in one.get("vulns", [])
    ]
