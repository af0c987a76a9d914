"""All kinds of data that the API gives."""

from veiligalmere.pages.api.of_developments import DEVELOPMENTS
from veiligalmere.pages.api.of_figures import FIGURES, MEASUREMENTS
from veiligalmere.pages.api.of_plans import ACTIONS, PLANS
from veiligalmere.pages.api.of_progress import ENTRIES, REPORTS, UPDATES
from veiligalmere.pages.api.of_themes import METHODS, SUBTOPICS, THEMES

KINDS = (
    *(THEMES, SUBTOPICS, METHODS, PLANS, ACTIONS, UPDATES, REPORTS, ENTRIES),
    *(FIGURES, MEASUREMENTS, DEVELOPMENTS),
)
BY_NAME = {kind.name: kind for kind in KINDS}
