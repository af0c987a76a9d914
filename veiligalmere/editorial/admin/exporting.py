"""What a list of the back-office shows, as a file for a spreadsheet."""

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path
from django.utils import timezone

from veiligalmere.editorial.admin.exchange_columns import columns, exchanged_fields, stands_of
from veiligalmere.editorial.tables import XLSX, Table, as_csv, as_xlsx

CSV = "text/csv; charset=utf-8"


class ExportMixin:
    """Gives a ModelAdmin of Publishable objects files of its list.

    `not_exchanged` names fields of the form that do not go out and come back.
    """

    change_list_template = "admin/content/change_list.html"
    not_exchanged = ()

    def get_urls(self):
        """Return the addresses of the files, before those of the admin."""
        wrap = self.admin_site.admin_view
        return [
            path(
                f"exporteren.{kind}",
                wrap(self.export_view),
                {"kind": kind},
                name=f"{self.opts.app_label}_{self.opts.model_name}_export_{kind}",
            )
            for kind in ("csv", "xlsx")
        ] + super().get_urls()

    def export_view(self, request, kind):
        """Return what the list shows with the filters, search and order of the query string."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        try:
            shown = self.get_changelist_instance(request).queryset
        except IncorrectLookupParameters:
            self.message_user(request, "Dit filter bestaat niet.", messages.WARNING)
            return HttpResponseRedirect(self.page_address("changelist"))
        fields = exchanged_fields(self)
        title = str(self.opts.verbose_name_plural)
        name = f"{self.opts.model_name}-{timezone.localdate():%Y-%m-%d}"
        table = Table(name, title.capitalize(), columns(fields), stands_of(shown, fields))
        if kind == "csv":
            response = HttpResponse(as_csv(table), content_type=CSV)
        else:
            response = HttpResponse(as_xlsx(table, guarded=True), content_type=XLSX)
        response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
        response["Cache-Control"] = "no-store"
        return response
