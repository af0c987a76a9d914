"""Admin of images: their words, where they are used, and none deleted that is."""

from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join

from veiligalmere.editorial.admin.history import HistoryMixin, nothing_changed
from veiligalmere.editorial.admin.plain import KeepingMixin
from veiligalmere.editorial.admin.steps import NEWER
from veiligalmere.editorial.images.forms import SEEN, ImageWordsForm, NewImageForm, state_of
from veiligalmere.editorial.images.model import WORDS, Image
from veiligalmere.editorial.images.reach import images_for
from veiligalmere.editorial.images.rights import why_fixed
from veiligalmere.editorial.images.store import put_words_back, save_words, store
from veiligalmere.editorial.images.usage import uses_of, versions_with
from veiligalmere.editorial.menu import Group
from veiligalmere.editorial.snapshot import take


@admin.register(Image)
class ImageAdmin(HistoryMixin, KeepingMixin, admin.ModelAdmin):
    """Images that editors placed, the newest first."""

    menu = (Group.IMAGES, 1)
    has_drafts = False
    list_display = ["thumbnail", "name", "words", "credit", "uploaded_at"]
    list_display_links = ["thumbnail", "name"]
    list_filter = ["decorative", "uploaded_at"]
    list_per_page = 50
    search_fields = ["name", "alternative_text", "credit"]
    ordering = ["-uploaded_at", "-pk"]
    fieldsets = [
        (
            None,
            {
                "fields": ["picture", "name", *WORDS],
                "description": "Deze woorden horen bij de afbeelding. Verandert u ze, dan "
                "veranderen ze op alle pagina’s waar de afbeelding staat.",
            },
        ),
        (
            "Waar ze staat",
            {
                "fields": ["how_to_place", "used_in", "uploaded_by", "uploaded_at"],
                "description": "Een ander bestand? Plaats dat als nieuwe afbeelding.",
            },
        ),
    ]
    add_fieldsets = [
        (
            None,
            {
                "fields": ["file", "name", *WORDS],
                "description": "Van het bestand bewaren we alleen het beeld, niet waar of "
                "wanneer het gemaakt is.",
            },
        )
    ]

    class Media:
        css = {"all": ["css/admin/image.css"]}

    def get_queryset(self, request):
        """Return what this account may see: with a limit, not the images of drafts of others."""
        return images_for(request.user).order_by(*self.ordering)

    def get_fieldsets(self, request, obj=None):
        """Return the fields of a new image, or of one that is there; say why if words are fixed."""
        if not obj:
            return self.add_fieldsets
        (title, words), picture = self.fieldsets
        if reason := self._why_fixed(request, obj):
            words = {**words, "description": reason}
        return [(title, words), picture]

    def get_readonly_fields(self, request, obj=None):
        """Return what can't be changed of an image that is there."""
        if not obj:
            return []
        fixed = WORDS if self._why_fixed(request, obj) else ()
        return ["picture", *fixed, *self.fieldsets[1][1]["fields"]]

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Return the form with the file only for a new image."""
        kwargs["form"] = ImageWordsForm if obj else NewImageForm
        form = super().get_form(request, obj, change=change, **kwargs)
        if obj and (reason := self._why_fixed(request, obj)):
            form = type(form.__name__, (form,), {"fixed": reason})
        return form

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        """Render the form, with a mark of the words that it shows."""
        seen = ""
        if getattr(request, "recovering", False):
            seen = request.POST.get(SEEN, "")
        elif obj:
            seen = state_of(Image.objects.get(pk=obj.pk))
        context["token"] = {"seen_name": SEEN, "seen": seen}
        return super().render_change_form(request, context, add, change, form_url, obj)

    def may_put_back(self, request, obj):
        """Whether this account may let former words hold again."""
        return super().may_put_back(request, obj) and not self._why_fixed(request, obj)

    def standing_now(self, obj):
        """Return the snapshot of the words of `obj`, and what marks a page of them."""
        return take(obj), state_of(obj)

    def put_version_back(self, request, obj, version):
        """Let the words of `version` hold again; return what to tell of it, in Dutch.

        Raises ValidationError, in Dutch, if they changed since the page was shown.
        """
        with transaction.atomic():
            now = Image.objects.select_for_update().get(pk=obj.pk)
            if request.POST.get(SEEN) != state_of(now):
                raise ValidationError(NEWER)
            changed = put_words_back(obj, version, by=request.user)
        if not changed:
            return nothing_changed(version)
        self.log_step(request, obj, f"Versie {version.number} teruggezet.")
        return f"De woorden van versie {version.number} gelden weer."

    def _why_fixed(self, request, image):
        # The admin asks several times for one page.
        if not hasattr(image, "why_fixed"):
            image.why_fixed = why_fixed(image, request.user)
        return image.why_fixed

    def get_object(self, request, object_id, from_field=None):
        """Return the image, which remembers who looks: not everyone may know of every draft."""
        image = super().get_object(request, object_id, from_field)
        if image is not None:
            image.viewer = request
        return image

    def save_model(self, request, obj, form, change):
        """Store a new image with its files; of one that is there save the words."""
        if change:
            save_words(obj, by=request.user)
        else:
            store(obj, form.pictures, by=request.user)

    def get_deleted_objects(self, objs, request):
        """Name what uses the images among what stands in the way of deleting them."""
        to_delete, counts, lacking, protected = super().get_deleted_objects(objs, request)
        for image in objs:
            protected += [
                format_html("{} staat in {}", image, use) for use in self._uses(image, request)
            ]
        return to_delete, counts, lacking, protected

    @admin.display(description="afbeelding")
    def thumbnail(self, image):
        """Return the image, small; its words stand beside it."""
        return format_html(
            '<img class="image-thumbnail" src="{}" alt="{}" loading="lazy">',
            image.url(image.widths[0]),
            image.alternative_text or image.name,
        )

    @admin.display(description="alternatieve tekst", ordering="alternative_text")
    def words(self, image):
        """Return the alternative text, or that there is none on purpose."""
        return image.alternative_text or "(decoratief)"

    @admin.display(description="afbeelding")
    def picture(self, image):
        """Return the image as large as the form has room for."""
        return format_html(
            '<img class="image-picture" src="{}" width="{}" height="{}" alt="{}">',
            image.url(),
            image.width,
            image.height,
            image.alternative_text or image.name,
        )

    @admin.display(description="in een tekst")
    def how_to_place(self, image):
        """Return what one writes in a text to show the image."""
        return format_html("<code>{}</code>", image.markdown)

    @admin.display(description="gebruikt in")
    def used_in(self, image):
        """Return what shows the image, as links."""
        uses = self._uses(image, image.viewer)
        if not uses:
            may_delete = self.has_delete_permission(image.viewer, image)
            return "Nergens: u kunt deze afbeelding verwijderen." if may_delete else "Nergens."
        items = format_html_join("", "<li>{}</li>", ((use,) for use in uses))
        return format_html('<ul class="image-uses">{}</ul>', items)

    def _uses(self, image, request):
        """Return each use as HTML; those that `request` may not see are only counted."""
        uses = uses_of(image)
        seen = self._seen(uses, request)
        lines = [self._link(use) for use in seen]
        if hidden := len(uses) - len(seen):
            lines.append(f"{hidden} × iets dat u niet mag zien")
        if kept := len(versions_with(image)):
            lines.append(f"{kept} × een bewaarde versie, die teruggezet moet kunnen worden")
        return lines

    def _seen(self, uses, request):
        """Return which of `uses` the account may see; one query for each kind."""
        kinds = {}
        for use in uses:
            kinds.setdefault(type(use), []).append(use.pk)
        seen = set()
        for kind, keys in kinds.items():
            if self.admin_site.is_registered(kind):
                model_admin = self.admin_site.get_model_admin(kind)
                if model_admin.has_view_permission(request):
                    found = model_admin.get_queryset(request).filter(pk__in=keys)
                    seen |= {(kind, pk) for pk in found.values_list("pk", flat=True)}
        return [use for use in uses if (type(use), use.pk) in seen]

    def _link(self, obj):
        meta = obj._meta
        name = f"{self.admin_site.name}:{meta.app_label}_{meta.model_name}_change"
        try:
            address = reverse(name, args=[obj.pk])
        except NoReverseMatch:
            return f"{meta.verbose_name} “{obj}”"
        return format_html('{} <a href="{}">{}</a>', meta.verbose_name, address, obj)
