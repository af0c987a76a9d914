"""Pages for what can't be shown, each of them with a way on."""

from django.http import (
    Http404,
    HttpResponse,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.shortcuts import render
from django.template.loader import render_to_string

from plan.carrying_over import in_other_years
from plan.models import Action, AnnualPlan
from themes.models import Theme
from veiligalmere.editorial.addresses import redirect_for
from veiligalmere.editorial.versions import withdrawal_of
from veiligalmere.page_cache.addresses import FILES
from veiligalmere.page_cache.page import FOR_A_SECOND
from veiligalmere.pages.api import answers as api
from veiligalmere.pages.moved import chosen_along, moved_along


class NotFound(Http404):
    """A 404 that says what is wrong and which choices there are.

    `reason` is a sentence in Dutch; `choices` a list of (label, address) below `title`.
    """

    def __init__(self, reason, choices=(), title="U kunt kiezen uit:"):
        super().__init__(reason)
        self.reason = reason
        self.choices = [{"label": label, "url": url} for label, url in choices]
        self.title = title


class UnknownChoice(NotFound):
    """A 404 for a `value` that filter `param` of the query string does not have."""

    def __init__(self, param, value, *reason_and_choices):
        super().__init__(*reason_and_choices)
        self.param, self.value = param, value


class BadQuery(Exception):
    """A query that is understood but refused (status 400); its message is a Dutch sentence."""


class Gone(Exception):
    """Content that was public and has been withdrawn (status 410)."""

    def __init__(self, content):
        super().__init__(str(content))
        self.content = content


def public_or_gone(selection, **lookup):
    """Return the public object in `selection` that `lookup` names, or None if there is none.

    Raises Gone if there is one that has been withdrawn, or went with its theme, say.
    """
    found = selection.public().filter(**lookup).first()
    if found is None:
        hidden = selection.filter(**lookup).first()
        withdrawn = hidden and hidden.withdrawn_with()
        if withdrawn:
            raise Gone(withdrawn)
    return found


def not_found(request, exception):
    """Answer 404 in Dutch, with the reason and the choices if the view gave them.

    Of a file that is missing without asking the database anything: anyone may ask for any number
    of those, and the page cache lets them pass while the database hangs.
    """
    if request.path.startswith(FILES):
        return HttpResponse(render_to_string("404_file.html"), status=404)
    if api.is_below(request.path):
        return api.refusal(request.path, api.Problem(404, "Dit adres bestaat niet."))
    choices = getattr(exception, "choices", [])
    title = getattr(exception, "title", "U kunt ook hier verder:")
    if not choices:
        choices = [
            {"label": theme.name, "url": theme.get_absolute_url()}
            for theme in Theme.objects.public()
        ]
        plan = AnnualPlan.objects.current()
        if plan:
            choices.append({"label": f"Alle acties van {plan.year}", "url": plan.actions_url})
    context = {
        "reason": getattr(exception, "reason", ""),
        "choices": choices,
        "choices_title": title,
        "crumbs": [("Home", "/"), ("Pagina niet gevonden", None)],
    }
    return render(request, "404.html", context, status=404)


def bad_request(request, exception):
    """Answer 400 in Dutch; the reason only if it was written for visitors."""
    if api.is_below(request.path):
        return api.refusal(request.path, api.Problem(400, "Deze vraag is niet te begrijpen."))
    reason = str(exception) if isinstance(exception, BadQuery) else ""
    return render(request, "400.html", {"reason": reason}, status=400)


def gone(request, content):
    """Answer 410 in Dutch, with what /wijzigingen/ tells of the withdrawal and no more than that.

    For an action it leads to the same action in other plans, as far as that is public. At the
    content's own address, of which there is one, nginx may keep it in the place of the page.
    """
    context = {
        "withdrawal": withdrawal_of(content),
        "others": in_other_years(content) if isinstance(content, Action) else [],
        "crumbs": [("Home", "/"), ("Ingetrokken", None)],
    }
    response = render(request, "410.html", context, status=410)
    if request.path == content.get_absolute_url():
        response["Cache-Control"] = FOR_A_SECOND
    return response


class ErrorPagesMiddleware:
    """Follow short and old addresses before saying 404; answer our own exceptions."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Answer, by way of a short or old address where there is no page."""
        if "\x00" in request.path:
            # PostgreSQL refuses it in any text, so no content can have such an address.
            return not_found(request, NotFound("Dit adres kan niet bestaan."))
        response = self.get_response(request)
        reads = request.method in {"GET", "HEAD"} and not request.path.startswith(FILES)
        if response.status_code == 404 and reads:
            target = redirect_for(request.path) or moved_along(request.resolver_match)
            if target:
                address, permanent = target
                query = request.META.get("QUERY_STRING", "")
                if query and "#" not in address:
                    address += ("&" if "?" in address else "?") + query
                redirect = HttpResponsePermanentRedirect if permanent else HttpResponseRedirect
                return redirect(address)
        if response.status_code == 405 and not response.content:
            reason = "Deze pagina kunt u alleen lezen, u kunt er niets naartoe sturen."
            refusal = render(request, "400.html", {"reason": reason}, status=405)
            refusal["Allow"] = response["Allow"]
            return refusal
        return response

    def process_exception(self, request, exception):
        """Turn Gone into 410, BadQuery into 400, and a choice that got a new address into that."""
        if isinstance(exception, Gone):
            return gone(request, exception.content)
        if isinstance(exception, BadQuery):
            return bad_request(request, exception)
        if isinstance(exception, UnknownChoice):
            query = chosen_along(request.GET, exception.param, exception.value)
            return query and HttpResponsePermanentRedirect(f"{request.path}?{query}")
        return None
