"""What the editor asks of the server while someone writes."""

from django.views.decorators.debug import sensitive_post_parameters

from veiligalmere.editorial.advice import advice
from veiligalmere.editorial.images.catalogue import REFERENCE
from veiligalmere.editorial.images.reach import out_of_reach
from veiligalmere.editorial.json_answers import answer
from veiligalmere.editorial.markdown import MAX_LENGTH, render_once

LEVELS = {"2", "3", "4", "5", "6"}  # where the headings of a text can start on its page
MOST_ADVICE = 30  # that a person takes in; what blocks publishing comes first


@sensitive_post_parameters("text")
def preview(request):
    """Return the field `text` as the public page will show it, and what to look at in it.

    The field `level` tells at which level the headings start on that page; 2 without one.
    `{"html": …, "advice": [{"kind", "message", "excerpt", "line", "blocking"}, …], "more": n}`,
    in which `more` is how much advice was left out.
    """
    text, level = request.POST.get("text", ""), request.POST.get("level")
    if len(text) > MAX_LENGTH:
        return answer(400, error="Deze tekst is te lang om te tonen.")
    hidden = out_of_reach(text, request.user)
    if hidden:
        text = REFERENCE.sub(lambda one: "" if int(one[1]) in hidden else one[0], text)
    found = advice(text)
    shown = sorted(found, key=lambda one: (not one.blocking, one.line))[:MOST_ADVICE]
    return answer(
        html=render_once(text, int(level) if level in LEVELS else 2),
        advice=[one.as_json() for one in shown],
        more=len(found) - len(shown),
    )
