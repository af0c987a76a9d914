"""What the editor asks of the server while someone writes."""

from django.views.decorators.debug import sensitive_post_parameters

from veiligalmere.editorial.advice import advice
from veiligalmere.editorial.json_answers import answer
from veiligalmere.editorial.markdown import MAX_LENGTH, render_once

MOST_ADVICE = 30  # that a person takes in; what blocks publishing comes first


@sensitive_post_parameters("text")
def preview(request):
    """Return the field `text` as the public page will show it, and what to look at in it.

    `{"html": …, "advice": [{"kind", "message", "excerpt", "line", "blocking"}, …], "more": n}`,
    in which `more` is how much advice was left out.
    """
    text = request.POST.get("text", "")
    if len(text) > MAX_LENGTH:
        return answer(400, error="Deze tekst is te lang om te tonen.")
    found = advice(text)
    shown = sorted(found, key=lambda one: (not one.blocking, one.line))[:MOST_ADVICE]
    return answer(
        html=render_once(text),
        advice=[one.as_json() for one in shown],
        more=len(found) - len(shown),
    )
