"""What the editor asks of the server while someone writes."""

from django.views.decorators.debug import sensitive_post_parameters

from veiligalmere.editorial.json_answers import answer
from veiligalmere.editorial.markdown import MAX_LENGTH, render_once


@sensitive_post_parameters("text")
def preview(request):
    """Return the field `text` as the public page will show it: `{"html": …}`."""
    text = request.POST.get("text", "")
    if len(text) > MAX_LENGTH:
        return answer(400, error="Deze tekst is te lang om te tonen.")
    return answer(html=render_once(text))
