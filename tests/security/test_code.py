"""What the code may not do at all, so that no input can make it do so."""

import ast
import os
import re

import pytest

from tests.tooling.environment import ROOT

# A module or a name in it, and what goes wrong with input that reaches it.
FORBIDDEN = {
    "subprocess": "starts programs",
    "os.system": "starts programs",
    "os.popen": "starts programs",
    **{
        f"os.{name}": "starts programs"
        for name in dir(os)
        if name.startswith(("exec", "spawn", "posix_spawn", "fork"))
    },
    "pickle": "runs what it reads",
    "marshal": "runs what it reads",
    "shelve": "runs what it reads",
    "yaml.load": "runs what it reads",
    "yaml.unsafe_load": "runs what it reads",
    "eval": "runs what it reads",
    "exec": "runs what it reads",
    "compile": "runs what it reads",
    "django.template.Template": "makes a page of what it reads",
    "django.template.engines": "makes a page of what it reads",
    "urllib.request": "asks other machines",
    "http.client": "asks other machines",
    "requests": "asks other machines",
    "httpx": "asks other machines",
    "socket": "asks other machines",
    "random": "can be foretold",
    "django.views.decorators.csrf.csrf_exempt": "takes forged forms",
    "xml": "reads entities",
    "lxml": "reads entities",
}
# Where it is right, and why.
ALLOWED = {
    # Looks whether the port is free before it starts.
    ("veiligalmere/pages/management/commands/serve.py", "socket"),
    # Becomes gunicorn, with nothing in the command that comes in.
    ("veiligalmere/pages/management/commands/serve.py", "os.execv"),
    # Starts a program of ours; what comes in goes to its input, and nothing of it in the command.
    ("plan/documents/typesetting.py", "subprocess"),
    # Ends a connection of ours to the database that got no answer in time; it makes none.
    ("veiligalmere/page_cache/hanging.py", "socket"),
    # Nothing can be written there: a POST is told so.
    ("veiligalmere/pages/api/answers.py", "django.views.decorators.csrf.csrf_exempt"),
    # Confirming, changing and stopping by mail: no session, and the key in the address gives the
    # right; the form itself looks where the browser says that it comes from.
    ("veiligalmere/pages/following/page.py", "django.views.decorators.csrf.csrf_exempt"),
    # Looks at rights and size first, and at the token before anything is stored.
    ("veiligalmere/editorial/images/upload.py", "django.views.decorators.csrf.csrf_exempt"),
    # Refuses every DOCTYPE, and so every entity, before openpyxl reads a workbook.
    ("veiligalmere/editorial/workbook.py", "xml"),
    ("veiligalmere/observation/formatting.py", "random"),  # the id of a request is no secret
}
CODE = sorted(
    path for folder in ("veiligalmere", "plan", "themes") for path in (ROOT / folder).rglob("*.py")
)
SCRIPTS = sorted((ROOT / "static/js").rglob("*.js"))
IN_SCRIPTS = re.compile(
    r"\b(?:eval\(|new Function|document\.write|insertAdjacentHTML|outerHTML|innerHTML|postMessage|"
    r"localStorage|sessionStorage|indexedDB|document\.cookie)|"
    # What merges objects by the names that come in could change what all objects have.
    r"__proto__|\.prototype\b|Object\.assign|structuredClone"
)


def used(source):
    """Yield the dotted name of everything that the code imports or calls by its bare name."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield f"{node.value.id}.{node.attr}"


def found(source):
    """Return which of FORBIDDEN the code uses."""
    names = set(used(source))
    return {
        name
        for name in FORBIDDEN
        if any(one == name or one.startswith(f"{name}.") for one in names)
    }


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("import subprocess", "subprocess"),
        ("from os import system", "os.system"),
        ("import os\nos.execvp('x', [])", "os.execvp"),
        ("import os\nos.system('x')", "os.system"),
        ("eval('1')", "eval"),
        ("import urllib.request", "urllib.request"),
        ("from urllib import request", "urllib.request"),
        ("from xml.etree import ElementTree", "xml"),
    ],
)
def test_the_search_finds_what_it_is_for(source, name):
    assert found(source) == {name}


def test_the_code_starts_no_program_runs_no_text_and_asks_no_other_machine():
    assert len(CODE) > 100
    uses = {
        (str(path.relative_to(ROOT)), name)
        for path in CODE
        for name in found(path.read_text("utf-8"))
    }
    assert uses == ALLOWED


def formats(source):
    """Return the lines that fill in a text which does not stand there itself."""
    return [
        call.lineno
        for call in ast.walk(ast.parse(source))
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in {"format", "format_map"}
        and not isinstance(call.func.value, ast.Constant)
        and ast.unparse(call.func.value) != "super()"  # of a formatter of the logging module
    ]


def test_no_text_that_comes_in_is_filled_in():
    assert formats("'{}'.format(x)") == []
    assert formats("text.format(x)") == formats("'{a}'.join(x).format_map(y)") == [1]
    found = {str(path.relative_to(ROOT)): formats(path.read_text("utf-8")) for path in CODE}
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_scripts_make_no_page_of_text_and_keep_nothing_in_the_browser():
    assert len(SCRIPTS) > 3
    uses = {
        (path.name, match[0])
        for path in SCRIPTS
        for match in IN_SCRIPTS.finditer(path.read_text("utf-8"))
    }
    # The preview of a text, as the server rendered and cleaned it.
    assert uses == {("preview.js", "innerHTML")}
