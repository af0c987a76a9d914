"""A visitor's words as a filter of a list: it keeps what the search finds with them."""

from dataclasses import dataclass

from veiligalmere.pages.search.current import current_index


@dataclass(frozen=True, slots=True)
class WordsFilter:
    """What `typed`, a visitor's words, leaves of a list of pages.

    `found`: the addresses of the pages of this site that have all of them; None if they filter
    nothing. `instead`: the words that were looked for where they are others, or "". `left_out`:
    the words that stand nowhere. `unread`: the words that were not looked for, being too many.
    """

    typed: str = ""
    found: frozenset | None = None
    instead: str = ""
    left_out: tuple = ()
    unread: tuple = ()

    @property
    def filters(self):
        """Whether it filters."""
        return self.found is not None

    @property
    def say_nothing(self):
        """Whether something was typed by which nothing can be found: words on every page."""
        return bool(self.typed) and not self.filters

    def passing(self, items):
        """Return those of `items` whose pages have all of the words, as a list in their order."""
        if not self.filters:
            return list(items)
        return [item for item in items if item.get_absolute_url() in self.found]


def words_filter(typed):
    """Return the WordsFilter of what a visitor typed; one query, and the index if that is old.

    A search shows pages with some of the words as well where few have them all. A filter narrows,
    so it leaves those out.
    """
    if not typed:
        return WordsFilter()
    answer = current_index.get().search(typed)
    if not answer.asked:
        return WordsFilter(typed)
    hits = () if answer.left_out else answer.complete
    return WordsFilter(
        typed,
        frozenset(document.url for document in hits),
        answer.instead,
        tuple(answer.left_out),
        tuple(answer.unread),
    )
