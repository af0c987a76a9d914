"""What can be followed, and the word for it in an address or a form."""

import re
from typing import NamedTuple

from plan.models import Action
from themes.models import Subtopic, Theme
from veiligalmere.pages import records
from veiligalmere.pages.feeds.subjects import (
    about_action,
    about_everything,
    about_subtopic,
    about_theme,
)

EVERYTHING = "alles"
LONGEST = 200  # characters of the word for a subject


class Kind(NamedTuple):
    """One kind of subject: its word, how one is found by what follows it, and what is new on it."""

    word: str
    find: object
    news: object
    feed: str


KINDS = {
    "theme": Kind(
        "thema",
        lambda slug: Theme.objects.public().filter(slug=slug),
        about_theme,
        "feed_theme",
    ),
    "subtopic": Kind(
        "onderwerp",
        lambda slug: Subtopic.objects.public().filter(slug=slug).select_related("theme"),
        about_subtopic,
        "feed_subtopic",
    ),
    "action": Kind(
        "actie",
        lambda year, slug: (
            Action.objects.public()
            .filter(plan__in=_public_plans(year), slug=slug)
            .select_related("plan")
        ),
        about_action,
        "feed_action",
    ),
}


class Subject(NamedTuple):
    """Something that can be followed: the name of its field on a subscription, and the object.

    Both are empty for everything.
    """

    field: str = ""
    found: object = None

    @property
    def word(self):
        """Its word in an address or a form, such as “thema/veilige-wijken”."""
        return (
            "/".join(map(str, (KINDS[self.field].word, *self._keys))) if self.field else EVERYTHING
        )

    @property
    def label(self):
        """What it is called in a sentence."""
        return f"{KINDS[self.field].word} “{self.found}”" if self.field else "alles op deze site"

    @property
    def option(self):
        """What the form offers it as."""
        if not self.field:
            return "Alles op deze site"
        return f"Het hele thema {self.found}" if self.field == "theme" else str(self.found)

    @property
    def feed(self):
        """The name of its feed among the addresses, and the arguments."""
        return (KINDS[self.field].feed, self._keys) if self.field else ("feed", ())

    @property
    def fields(self):
        """The fields of its subscriptions, by name."""
        return {field: self.found if field == self.field else None for field in KINDS}

    @property
    def _keys(self):
        if self.field == "action":
            return (self.found.plan.year, self.found.slug)
        return (self.found.slug,)

    def news(self, window):
        """Return what was published on it in `window`; nothing if visitors can't see it now."""
        if not self.field:
            return about_everything(window)
        if not type(self.found).objects.public().filter(pk=self.found.pk).exists():
            return []
        return KINDS[self.field].news(self.found, window)

    @classmethod
    def of(cls, subscription):
        """Return what `subscription` follows."""
        for field in KINDS:
            if getattr(subscription, f"{field}_id"):
                return cls(field, getattr(subscription, field))
        return cls()

    @classmethod
    def named(cls, word):
        """Return the public subject with this word, or None if there is none."""
        if word == EVERYTHING:
            return cls()
        if len(word) > LONGEST or "\x00" in word:
            return None
        kind, *keys = word.split("/")
        for field, one in KINDS.items():
            if one.word == kind and len(keys) == (2 if field == "action" else 1):
                found = one.find(*keys).first()
                return cls(field, found) if found else None
        return None


def choices(chosen):
    """Return what the form offers, as (label, [Subject]) of each group; `chosen` among them."""
    groups = [("", [Subject()])]
    if chosen.field == "action":
        groups.append(("Deze actie", [chosen]))
    subtopics = records.subtopics().values()
    for theme in records.themes().values():
        mine = [Subject("subtopic", one) for one in subtopics if one.theme_id == theme.pk]
        groups.append((theme.name, [Subject("theme", theme), *mine]))
    return groups


def _public_plans(year):
    plans = Action._meta.get_field("plan").related_model.objects.public()
    return plans.filter(year=year) if re.fullmatch("[0-9]{4}", year) else plans.none()
