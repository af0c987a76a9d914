"""What Django leaves in English is in Dutch here, after an upgrade too."""

import gettext
import re
from pathlib import Path

import django
import pytest
from django.utils.html import strip_tags

from tests.tooling.forms import posted
from themes.models import Synonym

ROOT = Path(django.__file__).parent
OURS = Path(__file__).parents[2] / "veiligalmere/editorial/locale/nl/LC_MESSAGES"
APPS = ("conf", "contrib/admin", "contrib/auth", "contrib/contenttypes", "contrib/sessions")
ENTRY = re.compile(r'^msgid ((?:".*"\n)+)', re.MULTILINE)
# Of these Django's Dutch has an article, which is wrong for half of the nouns.
WORDED_OTHERWISE = {
    "The {name} “{obj}” was added successfully.",
    "You may edit it again below.",
    "The {name} “{obj}” was added successfully. You may add another {name} below.",
    "The {name} “{obj}” was changed successfully. You may edit it again below.",
    "The {name} “{obj}” was changed successfully. You may add another {name} below.",
    "The {name} “{obj}” was changed successfully.",
    "The %(name)s “%(obj)s” was deleted successfully.",
}
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
    ours = left | (WORDED_OTHERWISE if domain == "django" else set())
    assert ours <= texts_in(OURS / f"{domain}.mo")
    assert ours == texts_of(OURS / f"{domain}.po"), "compiled and written, and nothing too many"


def test_what_we_word_otherwise_django_still_says():
    assert texts_of(ROOT / "contrib/admin/locale/en/LC_MESSAGES/django.po") >= WORDED_OTHERWISE


def test_the_admin_uses_them(beheerder, bezoeker):
    assert "Wachtwoord vergeten?" in bezoeker.get("/beheer/login/").content.decode()
    assert "Kies alle %s" in beheerder.get("/beheer/jsi18n/").content.decode()
    answer = beheerder.post(
        "/beheer/password_change/",
        {"old_password": "x", "new_password1": "kort", "new_password2": "kort"},
    )
    assert "Dit wachtwoord is te kort." in answer.content.decode()


@pytest.mark.parametrize(
    ("button", "more"),
    [
        ("_save", ""),
        ("_addanother", " U kunt hieronder nog een synoniem toevoegen."),
        ("_continue", " U kunt er hieronder mee verder."),
    ],
)
def test_what_was_done_is_told_without_an_article(beheerder, button, more):
    add = "/beheer/themes/synonym/add/"
    said = told(beheerder.post(add, {"words": "stank\ngeur", button: "1"}, follow=True))
    assert said == f"Toegevoegd: synoniem “stank – geur”.{more}"
    synonym = Synonym.objects.get(words="stank\ngeur")
    page = f"/beheer/themes/synonym/{synonym.pk}"
    data = posted(beheerder.get(f"{page}/change/"), button=button, words="stank\nlucht")
    said = told(beheerder.post(f"{page}/change/", data, follow=True))
    assert said == f"Opgeslagen: synoniem “stank – lucht”.{more}"
    said = told(beheerder.post(f"{page}/delete/", {"post": "yes"}, follow=True))
    assert said == "Verwijderd: synoniem “stank – lucht”."


def told(answer):
    return " ".join(strip_tags(str(one)) for one in answer.context["messages"])
