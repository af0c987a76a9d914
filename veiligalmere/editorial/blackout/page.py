"""The page of the back-office on which a chief editor blacks out words."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from veiligalmere.editorial.blackout import BlackOut, black_out, find, find_addresses
from veiligalmere.editorial.kept_form import CleanTextsMixin, show_first_mistake
from veiligalmere.editorial.limits import asks_limited

STILL_IN_ADDRESSES = (
    "De woorden staan ook in een adres op de site. Dat verandert niet vanzelf: wijzig het zelf. "
    "Met “Zoek waar ze staan” ziet u in welk adres."
)


class BlackOutForm(CleanTextsMixin, forms.Form):
    """Which words, and by which rule."""

    words = forms.CharField(
        label="Woorden",
        widget=forms.Textarea(attrs={"rows": 4, "cols": 60}),
        max_length=2000,
        help_text="Eén woord of woordgroep per regel. Hoofdletters maken niet uit.",
        error_messages={"required": "Vul in welke woorden weg moeten."},
    )
    rule = forms.CharField(
        label="Op grond van",
        widget=forms.Textarea(attrs={"rows": 2, "cols": 60}),
        max_length=500,
        help_text="Iedereen kan dit lezen. Noem de regel, en niet wat er stond.",
        error_messages={"required": "Noem de regel waarop u zich baseert."},
    )
    sure = forms.BooleanField(
        label="Ik weet dat dit niet terug te draaien is",
        required=False,
    )

    def clean(self):
        """Refuse a rule that tells what is to go."""
        cleaned = super().clean()
        rule = cleaned.get("rule", "").casefold()
        if any(word.casefold() in rule for word in self.phrases(cleaned)):
            self.add_error("rule", "Hierin staat wat u wilt zwartlakken. Iedereen leest dit.")
        return cleaned

    @staticmethod
    def phrases(cleaned):
        """Return the lines of the words."""
        return [line.strip() for line in cleaned.get("words", "").splitlines() if line.strip()]


def may_black_out(request):
    """Whether this account may black out words: not with a limit, for it reaches everything."""
    return request.user.has_perm("editorial.black_out") and not asks_limited(request)


@sensitive_post_parameters("words")
def black_out_view(request, site):
    """Show where the words stand, and black them out once it is sure."""
    if not may_black_out(request):
        raise PermissionDenied
    form = BlackOutForm(request.POST if request.method == "POST" else None)
    places, addresses = None, []
    if form.is_valid():
        phrases = form.phrases(form.cleaned_data)
        try:
            if "zwartlakken" in request.POST and form.cleaned_data["sure"]:
                done = black_out(phrases, rule=form.cleaned_data["rule"], by=request.user)
                text = f"Zwartgelakt op {done.places} plaatsen, ook in alle oude versies."
                messages.success(request, text)
                if find_addresses(phrases):
                    messages.warning(request, STILL_IN_ADDRESSES)
                return HttpResponseRedirect(reverse("admin:black_out"))
            places, addresses = dict(find(phrases)), _addresses(site, phrases)
            if "zwartlakken" in request.POST:
                form.add_error("sure", "Vink aan dat u het zeker weet.")
        except ValidationError as error:
            form.add_error("words", error)
    context = {
        **site.each_context(request),
        "title": "Zwartlakken",
        "form": form,
        "wrong": show_first_mistake({"form": form}),
        "places": places,
        "addresses": addresses,
        "done": BlackOut.objects.all()[:50],
    }
    request.current_app = site.name
    return TemplateResponse(request, "admin/black_out.html", context)


def _addresses(site, phrases):
    """Return the addresses with the words, each with the page on which it can be changed, or ""."""
    found = []
    for one in find_addresses(phrases):
        meta = one.row._meta
        changed_at = (
            reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[one.row.pk])
            if site.is_registered(type(one.row))
            else ""
        )
        found.append({"kind": one.kind, "address": one.address, "changed_at": changed_at})
    return found
