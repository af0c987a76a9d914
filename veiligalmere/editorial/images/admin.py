"""Admin of images: their words, where they are used, and none deleted that is."""

from django.contrib import admin
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join

from veiligalmere.editorial.images.forms import ImageWordsForm, NewImageForm
from veiligalmere.editorial.images.model import Image
from veiligalmere.editorial.images.store import save_words, store
from veiligalmere.editorial.images.usage import uses_of, versions_with

FOR_CHIEF_EDITORS = (
    "Deze afbeelding staat op de site. Nieuwe woorden zouden meteen te zien zijn; daarom wijzigt "
    "de eindredactie ze."
)


@admin.register(Image)
class ImageAdmin(admin.ModelAdmin):
    """Images that editors placed, the newest first."""

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
                "fields": ["name", "alternative_text", "decorative", "credit"],
                "description": "Deze woorden horen bij de afbeelding. Verandert u ze, dan "
                "veranderen ze op alle pagina’s waar de afbeelding staat.",
            },
        ),
        (
            "De afbeelding",
            {
                "fields": ["picture", "how_to_place", "used_in", "uploaded_by", "uploaded_at"],
                "description": "Een ander bestand? Plaats dat als nieuwe afbeelding.",
            },
        ),
    ]
    add_fieldsets = [
        (
            None,
            {
                "fields": ["file", "name", "alternative_text", "decorative", "credit"],
                "description": "Van het bestand bewaren we alleen het beeld, niet waar of "
                "wanneer het gemaakt is.",
            },
        )
    ]

    class Media:
        css = {"all": ["css/admin/image.css"]}

    def get_fieldsets(self, request, obj=None):
        """Return the fields of a new image, or of one that is there; say why if words are fixed."""
        if not obj:
            return self.add_fieldsets
        (title, words), picture = self.fieldsets
        if self._is_for_chief_editors(request, obj):
            words = {**words, "description": FOR_CHIEF_EDITORS}
        return [(title, words), picture]

    def has_change_permission(self, request, obj=None):
        """Leave the words of what visitors already see to those who publish."""
        allowed = super().has_change_permission(request, obj)
        return allowed and not (obj and self._is_for_chief_editors(request, obj))

    def _is_for_chief_editors(self, request, image):
        if request.user.has_perm("editorial.publish_content"):
            return False
        # The admin asks several times for one page.
        if not hasattr(image, "is_shown"):
            image.is_shown = any(getattr(use, "is_public", True) for use in uses_of(image))
        return image.is_shown

    def get_readonly_fields(self, request, obj=None):
        """Return what can't be changed of an image that is there."""
        return self.fieldsets[1][1]["fields"] if obj else []

    def get_form(self, request, obj=None, change=False, **kwargs):
        """Return the form with the file only for a new image."""
        kwargs["form"] = ImageWordsForm if obj else NewImageForm
        return super().get_form(request, obj, change=change, **kwargs)

    def get_object(self, request, object_id, from_field=None):
        """Return the image, which remembers who looks: not everyone may know of every draft."""
        image = super().get_object(request, object_id, from_field)
        if image is not None:
            image.viewer = request
        return image

    def save_model(self, request, obj, form, change):
        """Store a new image with its files; of one that is there save the words."""
        if change:
            save_words(obj)
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
            return "Nergens: u kunt deze afbeelding verwijderen."
        items = format_html_join("", "<li>{}</li>", ((use,) for use in uses))
        return format_html('<ul class="image-uses">{}</ul>', items)

    def _uses(self, image, request):
        """Return each use as HTML; those that `request` may not see are only counted."""
        uses = uses_of(image)
        seen = [use for use in uses if self._may_see(use, request)]
        lines = [self._link(use) for use in seen]
        if hidden := len(uses) - len(seen):
            lines.append(f"{hidden} × iets dat u niet mag zien")
        if kept := len(versions_with(image)):
            lines.append(f"{kept} × een bewaarde versie, die teruggezet moet kunnen worden")
        return lines

    def _may_see(self, obj, request):
        if not self.admin_site.is_registered(type(obj)):
            return False
        model_admin = self.admin_site.get_model_admin(type(obj))
        return (
            model_admin.has_view_permission(request, obj)
            and model_admin.get_queryset(request).filter(pk=obj.pk).exists()
        )

    def _link(self, obj):
        meta = obj._meta
        name = f"{self.admin_site.name}:{meta.app_label}_{meta.model_name}_change"
        try:
            address = reverse(name, args=[obj.pk])
        except NoReverseMatch:
            return f"{meta.verbose_name} “{obj}”"
        return format_html('{} <a href="{}">{}</a>', meta.verbose_name, address, obj)
