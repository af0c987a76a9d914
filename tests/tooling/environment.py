"""The environment that settings are read from in tests: ours alone, whatever the shell has set."""

import atexit
import os
import re
import shutil
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def settings_variables():
    """Return the names of all variables that the settings read."""
    source = (ROOT / "veiligalmere/settings.py").read_text("utf-8")
    return set(re.findall(r'environment\.\w+\(\s*"(\w+)"', source))


def environment_for(var_dir, **settings):
    """Return a copy of this process's environment for a run of the project's code.

    Nothing of the developer's own settings is left in it; what the code writes goes to
    `var_dir`, and `settings` are the variables to set. No page is made that nobody asks for.
    """
    ours = {"SECRET_KEY": "only-for-the-tests", "VAR_DIR": os.fspath(var_dir), "WARM_PAGES": "0"}
    settings = ours | settings
    others = {k: v for k, v in os.environ.items() if k not in settings_variables()}
    return {**others, "DJANGO_SETTINGS_MODULE": "veiligalmere.settings", **settings}


def prepare():
    """Give this process such an environment, with a folder of its own that goes when it ends.

    The database is SQLite in memory, or the PostgreSQL server that TEST_DATABASE_URL names.
    """
    var_dir = Path(tempfile.mkdtemp(prefix="veiligalmere-tests-"))
    atexit.register(shutil.rmtree, var_dir, ignore_errors=True)
    settings = {}
    if os.environ.get("TEST_DATABASE_URL"):
        settings["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]
    prepared = environment_for(var_dir, **settings)
    for name in os.environ.keys() - prepared.keys():
        del os.environ[name]
    os.environ.update(prepared)
    # Playwright keeps an event loop running in this thread, which Django takes for async code.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
