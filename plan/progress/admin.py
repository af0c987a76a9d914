"""Admin of updates and reports; the round itself has a screen of its own."""

from django.contrib import admin
from django.db import models, transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html

from plan.documents.admin import DocumentMixin
from plan.documents.making import report_key
from plan.models import Action, Erratum, ProgressReport, ProgressUpdate
from plan.progress.adoption import add_erratum, open_round, tell_changed
from veiligalmere.editorial.admin import ContentAdmin
from veiligalmere.editorial.admin.plain import PlainAdmin
from veiligalmere.editorial.content_version import raise_content_version
from veiligalmere.editorial.kept_form import KeptForm
from veiligalmere.editorial.limits import asks_limited
from veiligalmere.editorial.menu import Group

FILLED_IN_LATER = ("council_document", "offered_on")


@admin.register(ProgressUpdate)
class ProgressUpdateAdmin(ContentAdmin):
    """Updates in between; those of a round are made on the round's own screen."""

    menu = (Group.PROGRESS, 1)
    decided_by = "action"
    told_as = {"action": Action.title_with_year}
    list_display = ["action", "status", "reported_on", "report", "state"]
    list_filter = ["status", "state", "report", "action__theme"]
    list_select_related = ["action__plan", "report__plan"]
    search_fields = ["action__title", "explanation"]
    ordering = ["-reported_on", "-pk"]
    readonly_fields = ["report", *ContentAdmin.readonly_fields]
    fieldsets = [
        (
            None,
            {
                "fields": ["action", "report", "reported_on", "status", "explanation"],
                "description": "Meldingen voor een voortgangsrapportage maakt u in de ronde. Hier "
                "maakt u een melding tussendoor; die staat na publicatie meteen op de site.",
            },
        ),
        (
            "Vertraagd of vastgelopen",
            {
                "fields": ["cause", "consequence", "correction"],
                "description": "Bij “vertraagd” en “loopt vast” zijn deze drie nodig.",
            },
        ),
        ("Publicatie", {"fields": ["state", "published_at", "changed_at"]}),
    ]

    def choices_for(self, name, choices, get_obj):
        """Offer the actions of the update's own plan, of the latest two for a new update."""
        if name == "action":
            obj = get_obj()
            found = choices.of_plan(obj.action.plan) if obj else choices.of_latest_plans()
            return found.select_related("plan")
        return choices

    def get_queryset(self, request):
        """Return updates with what the choices above and the permissions below lean on."""
        return super().get_queryset(request).select_related("action__plan", "report__plan")

    def has_change_permission(self, request, obj=None):
        """Refuse for an update of a round: the round's screen, and then the report, has it."""
        return (obj is None or obj.report_id is None) and super().has_change_permission(
            request, obj
        )

    def has_delete_permission(self, request, obj=None):
        """Refuse for an update of a round."""
        return (obj is None or obj.report_id is None) and super().has_delete_permission(
            request, obj
        )


class ErratumInline(admin.StackedInline):
    """Corrections of an adopted report: they can be added and nothing else."""

    model = Erratum
    form = KeptForm
    extra = 0
    fields = ["text", "made_at"]
    readonly_fields = ["made_at"]

    def has_add_permission(self, request, obj=None):
        """Allow for an adopted report."""
        return bool(obj and not obj.is_open) and super().has_add_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        """Refuse: an erratum is public at once and stays."""
        return False

    def has_delete_permission(self, request, obj=None):
        """Refuse: an erratum is public at once and stays."""
        return False


class ReportForm(KeptForm):
    """A report, of which no day is before its half-year."""

    def check(self, cleaned):
        """Refuse a day that can only be a mistake: it is public at once, and mails go by it."""
        # Only days that can still be filled in: one that is wrong already holds up nothing else.
        report = self.instance
        if report.pk is None and {"plan", "half"} <= cleaned.keys():
            report = ProgressReport(plan=cleaned["plan"], half=cleaned["half"])
        if report.half is None:
            return
        for name in ("deadline", "offered_on"):
            day = cleaned.get(name)
            if day and day < report.begins_on:
                begin = date_format(report.begins_on, "j F Y")
                self.add_error(
                    name, f"Deze dag is voor het begin van het halfjaar, {begin}. Kijk het jaar na."
                )


@admin.register(ProgressReport)
class ProgressReportAdmin(DocumentMixin, PlainAdmin):
    """Reports: to open a round, and to see and correct what was adopted."""

    form = ReportForm
    menu = (Group.PROGRESS, 2)
    document_key = staticmethod(report_key)

    list_display = ["__str__", "deadline", "offered_on", "adopted_at", "to_the_round"]
    list_filter = ["plan"]
    list_select_related = ["plan"]
    search_fields = ["=plan__year", "summary"]
    ordering = ["-plan__year", "-half"]
    inlines = [ErratumInline]
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    fieldsets = [
        (
            None,
            {
                "fields": ["plan", "half", "deadline", "summary"],
                "description": "Als u dit opslaat, begint de ronde. De datum staat dan op de site. "
                "Vaststellen doet u op het scherm van de ronde; daarna verandert er niets meer.",
            },
        ),
        (
            "Naar de raad",
            {
                "fields": [
                    "offered_on",
                    "council_document",
                    "adopted_at",
                    "adopted_by",
                    "document",
                ],
                "description": "Adres en datum van het raadsstuk kunt u ook na het vaststellen nog "
                "invullen, zolang ze leeg zijn. Een datum die u verwacht, kunt u wijzigen tot "
                "en met die dag.",
            },
        ),
    ]

    def get_fieldsets(self, request, obj=None):
        """Return the fields, with what can be done at this stage of the report."""
        first, *others = super().get_fieldsets(request, obj)
        if obj is None:
            return [first, *others]
        if obj.is_open:
            stage = format_html(
                'De ronde loopt. Vaststellen doet u op <a href="{}">het scherm van de ronde</a>; '
                "daarna verandert er niets meer.",
                reverse("progress_round", args=[obj.number]),
            )
        else:
            stage = "Deze rapportage is vastgesteld. Een fout herstelt u onderaan met een erratum."
        name, options = first
        return [(name, {**options, "description": stage}), *others]

    @admin.display(description="ronde")
    def to_the_round(self, report):
        """Return a link to the round, or to the report once it is adopted."""
        if report.is_open:
            address, words = reverse("progress_round", args=[report.number]), "naar de ronde"
        else:
            address, words = report.get_absolute_url(), "bekijk op de site"
        return format_html('<a href="{}" aria-label="{}: {}">{}</a>', address, report, words, words)

    def view_on_site(self, obj):
        """Return the public address of a report that is adopted."""
        return None if obj.is_open else obj.get_absolute_url()

    def get_readonly_fields(self, request, obj=None):
        """Return all that can't be filled in (any more)."""
        fixed = ["adopted_at", "adopted_by", "document"]
        if obj is None:
            return fixed
        fixed += ["plan", "half"]
        if obj.is_open:
            return fixed
        filled_in = [name for name in FILLED_IN_LATER if getattr(obj, name)]
        if obj.is_to_be_offered:
            filled_in.remove("offered_on")  # an expectation, which may prove wrong
        return [*fixed, "deadline", "summary", *filled_in]

    def get_queryset(self, request):
        """Return what this account may read."""
        return super().get_queryset(request).readable_by(request.user)

    def has_add_permission(self, request):
        """Refuse who is limited to some themes: a round is about all of them."""
        return super().has_add_permission(request) and not asks_limited(request)

    def has_change_permission(self, request, obj=None):
        """Refuse who is limited to some themes."""
        return super().has_change_permission(request, obj) and not asks_limited(request)

    def has_delete_permission(self, request, obj=None):
        """Refuse who is limited, for an adopted report, and for a round with something in it."""
        free = obj is None or (obj.is_open and not obj.updates.exists())
        return free and not asks_limited(request) and super().has_delete_permission(request, obj)

    def save_model(self, request, obj, form, change):
        """Open the round, or keep what was changed; both are public."""
        if not change:
            open_round(obj)
            return
        with transaction.atomic():
            obj.save(update_fields=[name for name in form.changed_data if name in form.fields])
            raise_content_version()
            if not obj.is_open:
                tell_changed(obj)

    def delete_model(self, request, obj):
        """Delete a round, of which the date was public."""
        with transaction.atomic():
            super().delete_model(request, obj)
            raise_content_version()

    def delete_queryset(self, request, queryset):
        """Delete rounds, of which the dates were public."""
        with transaction.atomic():
            super().delete_queryset(request, queryset)
            raise_content_version()

    def save_formset(self, request, form, formset, change):
        """Add the new errata, each through the one function that makes them public."""
        for erratum in formset.save(commit=False):
            add_erratum(form.instance, erratum.text, by=request.user)
        formset.save_m2m()
