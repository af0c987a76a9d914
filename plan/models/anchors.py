"""Places on the pages of a plan that neither a passage nor an action can have."""

import re

# Of the menu and the foot of each page, of the plan's page and of that with the whole plan.
OF_THE_PAGE = re.compile(
    r"inhoud|inhoudsopgave|zoek-kop|voet-(themas|plan|site|hulp)|op-deze-pagina|lezen|dag|acties-per-thema"
    r"|thema-\d+(-\d+)?"
)


def is_of_the_page(slug):
    """Whether a page of a plan has a place by this name, whatever the plan says."""
    return bool(OF_THE_PAGE.fullmatch(slug))
