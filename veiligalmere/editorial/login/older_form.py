"""The answer to a form without the token of the session that it comes in with."""

from django.shortcuts import redirect, render
from django.urls import reverse

from veiligalmere.editorial.held_text import keep_older_form
from veiligalmere.editorial.login.second_step import next_address


def refuse(request, reason=""):
    """Answer 403 in Dutch (CSRF_FAILURE_VIEW); `reason` is Django's, for who builds the site.

    Most who read it logged in again, in another tab, after they had opened the form. What such a
    form says is kept, if the browser tells that a page of ours sent it; another site may not put
    words in an editor's mouth. Who is logged in already and sends the form to log in is led on.
    """
    is_known = request.user.is_authenticated
    is_ours = request.headers.get("Sec-Fetch-Site") == "same-origin"
    if is_known and is_ours and request.path == reverse("admin:login"):
        return redirect(next_address(request))
    context = {
        "kept": is_known and is_ours and keep_older_form(request),
        "back": request.path,
        "is_known": is_known,
    }
    return render(request, "403_older_form.html", context, status=403)


def not_kept(request):
    """Answer 403 in Dutch to a form whose session had ended, and for which there is no room."""
    context = {"is_lapsed": True, "back": request.path}
    return render(request, "403_older_form.html", context, status=403)
