"""What Django leaves in English is in Dutch here, after an upgrade too."""

import gettext
import re
from pathlib import Path

import django
import pytest

ROOT = Path(django.__file__).parent
OURS = Path(__file__).parents[2] / "veiligalmere/editorial/locale/nl/LC_MESSAGES"
APPS = ("conf", "contrib/admin", "contrib/auth", "contrib/contenttypes", "contrib/sessions")
ENTRY = re.compile(r'^msgid ((?:".*"\n)+)', re.MULTILINE)
CONTEXT = "\x04"  # between the context of a text and the text, in a compiled file


def texts_of(po):
    """Return the texts to translate that a .po file names."""
    found = ENTRY.findall(po.read_text("utf-8"))
    parts = (re.findall(r'^"(.*)"$', one, re.MULTILINE) for one in found)
    texts = ("".join(lines).replace(r"\"", '"').replace(r"\n", "\n") for lines in parts)
    return {text for text in texts if text}


def texts_in(mo):
    """Return the texts that a compiled file translates, without their context."""
    with mo.open("rb") as file:
        catalog = gettext.GNUTranslations(file)._catalog
    keys = (key[0] if isinstance(key, tuple) else key for key in catalog)
    return {key.rpartition(CONTEXT)[2] for key in keys if key}


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_nothing_of_django_is_left_in_english(domain):
    left = set()
    for app in APPS:
        english = ROOT / app / f"locale/en/LC_MESSAGES/{domain}.po"
        if english.exists():
            left |= texts_of(english) - texts_in(ROOT / app / f"locale/nl/LC_MESSAGES/{domain}.mo")
    assert left <= texts_in(OURS / f"{domain}.mo")
    assert left == texts_of(OURS / f"{domain}.po"), "compiled and written, and nothing too many"


def test_the_admin_uses_them(beheerder, bezoeker):
    assert "Wachtwoord vergeten?" in bezoeker.get("/beheer/login/").content.decode()
    assert "Kies alle %s" in beheerder.get("/beheer/jsi18n/").content.decode()
    answer = beheerder.post(
        "/beheer/password_change/",
        {"old_password": "x", "new_password1": "kort", "new_password2": "kort"},
    )
    assert "Dit wachtwoord is te kort." in answer.content.decode()
