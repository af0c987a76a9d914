"""Installing what a test run needs and pip can't bring, on the systems where that is allowed."""

import os
import shutil
import subprocess
import sys


def install(*packages):
    """Install Debian packages and say so; return whether that was possible and went well.

    It is possible for root on a system with apt-get. Servers that a package brings are not
    started: the tests start their own.
    """
    apt = shutil.which("apt-get")
    if not apt or os.name != "posix" or os.geteuid() != 0:
        return False
    print(f"Installing {' '.join(packages)} with apt-get …", flush=True)
    # invoke-rc.d starts no service in runlevel 1.
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    for command in (
        [apt, "update", "-qq"],
        [apt, "install", "-qq", "--yes", "--no-install-recommends", *packages],
    ):
        result = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if result.returncode:
            sys.stdout.write(result.stdout)
            return False
    return True
