"""Admin of terms and synonyms."""

from django.contrib import admin

from themes.models import Synonym, Term
from veiligalmere.editorial.admin import PUBLICATION, ContentAdmin
from veiligalmere.editorial.admin.plain import PlainAdmin
from veiligalmere.editorial.menu import Group


@admin.register(Term)
class TermAdmin(ContentAdmin):
    """Words of the plan, explained."""

    menu = (Group.WORDS, 1)
    list_display = ["name", "meaning", "source", "state", "changed_at"]
    search_fields = ["name", "other_names", "meaning", "explanation"]
    ordering = ["name"]
    prepopulated_fields = {"slug": ["name"]}
    fieldsets = [
        (
            None,
            {
                "fields": ["name", "other_names", "slug"],
                "description": "Alle begrippen staan op één pagina, in alfabetische volgorde.",
            },
        ),
        (
            "Betekenis",
            {
                "fields": ["meaning", "explanation", "source", "source_url"],
                "description": "Neem alleen over wat het jaarplan of een andere bron zegt, en noem "
                "die bron.",
            },
        ),
        PUBLICATION,
    ]


@admin.register(Synonym)
class SynonymAdmin(PlainAdmin):
    """Words that mean one thing to the search."""

    menu = (Group.WORDS, 2)
    list_display = ["__str__"]
    search_fields = ["words"]
    ordering = ["words"]
    fieldsets = [
        (
            None,
            {
                "fields": ["words"],
                "description": "Bezoekers zoeken met hun eigen woorden. Zo vinden zij wat het "
                "jaarplan anders noemt. Het werkt zodra u opslaat.",
            },
        )
    ]
