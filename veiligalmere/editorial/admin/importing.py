"""A file that was exported here, changed in a spreadsheet, and comes back."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.urls import path

from veiligalmere.editorial.admin.carrying_out import Order
from veiligalmere.editorial.admin.exchange_rows import Problem, wishes_of
from veiligalmere.editorial.workbook import Unreadable, read_rows

MOST_PROBLEMS = 50  # that are shown at once


class ImportForm(forms.Form):
    """The file, read into `rows`."""

    file = forms.FileField(
        label="Excelbestand",
        help_text="Een lijst die u hier hebt geëxporteerd en daarna hebt gewijzigd. Hooguit 2 MB.",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": "Kies een bestand.", "empty": "Dit bestand is leeg."},
    )

    def clean_file(self):
        """Read the file; say why that can't be done."""
        try:
            return read_rows(self.cleaned_data["file"])
        except Unreadable as error:
            raise ValidationError(str(error)) from error


class ImportMixin:
    """Gives a ModelAdmin of Publishable objects a page that reads its own export back."""

    def get_urls(self):
        """Return the address of the page, before those of the admin."""
        view = self.admin_site.admin_view(self.import_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_import"
        return [path("importeren/", view, name=name), *super().get_urls()]

    def changelist_view(self, request, extra_context=None):
        """Show the list, with the way to the page for who may change something."""
        may = self.has_change_permission(request)
        extra_context = {**(extra_context or {}), "import_url": "importeren/" if may else ""}
        return super().changelist_view(request, extra_context)

    def import_view(self, request):
        """Ask for a file; then show row by row what it changes, or what is wrong in it."""
        if not self.has_change_permission(request):
            raise PermissionDenied
        form = ImportForm(*([request.POST, request.FILES] if request.method == "POST" else []))
        problems = []
        if form.is_valid():
            try:
                wishes, problems = wishes_of(self, request, form.cleaned_data["file"])
            except Problem as problem:
                problems = [problem]
            else:
                if not problems and wishes:
                    return self.show_rehearsal(request, Order(wishes, whole=True))
                if not problems:
                    text = "In dit bestand staat hetzelfde als hier. Er is niets gewijzigd."
                    self.message_user(request, text, messages.INFO)
                    return HttpResponseRedirect(self.page_address("changelist"))
        context = {
            "title": "Excelbestand importeren",
            "form": form,
            "problems": problems[:MOST_PROBLEMS],
            "more": max(0, len(problems) - MOST_PROBLEMS),
        }
        return self.list_page(request, "import", context)
