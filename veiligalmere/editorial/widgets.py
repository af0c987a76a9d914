"""The fields of our forms that Django has no widget for.

Editors write markdown in django-markdownx's widget, with our own editor. Nothing of its template,
script or addresses is used: see `docs/besluiten/0004-markdown.md`. Without JavaScript the field is
a plain textarea that saves.
"""

from django.contrib.admin.widgets import AdminFileWidget
from django.core.exceptions import ValidationError
from django.forms import Script
from django.forms.widgets import Textarea
from django.templatetags.static import static
from django.urls import reverse
from django.utils.formats import number_format
from markdownx.fields import MarkdownxFormField
from markdownx.widgets import MarkdownxWidget

from veiligalmere.editorial.files import size_of
from veiligalmere.editorial.images.limits import MAX_BYTES, megabytes
from veiligalmere.editorial.markdown import MAX_LENGTH
from veiligalmere.editorial.preview_links import document_address

# What gives running text its look on the public pages; the preview has the same.
STYLESHEETS = ("css/tokens.css", "css/base.css", "css/prose.css")
SCRIPTS = ("text", "clipboard", "toolbar", "preview", "advice", "library", "images", "editor")


class MarkdownWidget(MarkdownxWidget):
    """A textarea with a toolbar, a preview as the public page shows it, and advice."""

    template_name = "admin/widgets/markdown.html"
    level = 2  # of the highest heading in the preview

    class Media:
        extend = False
        css = {"all": ["css/admin/editor.css"]}
        js = [Script(f"js/editor/{name}.js", defer=True) for name in SCRIPTS]

    def __init__(self, attrs=None):
        super().__init__({"rows": 14, "cols": 80, **(attrs or {})})

    @staticmethod
    def add_markdownx_attrs(attrs):
        """Return `attrs` without the addresses that django-markdownx's own script needs."""
        return attrs

    def get_context(self, name, value, attrs):
        """Return the context of the textarea, and what our editor needs."""
        context = super().get_context(name, value, attrs or {})
        widget_attrs = context["widget"]["attrs"]
        widget_attrs["class"] = f"{widget_attrs.get('class', '')} editor__text".strip()
        context["editor"] = {
            "preview_url": reverse("admin:markdown_preview"),
            "level": self.level,
            "upload_url": reverse("admin:image_upload"),
            "choice_url": reverse("admin:image_choice"),
            "max_bytes": f"{MAX_BYTES:d}",
            "max_size": megabytes(MAX_BYTES),
            "login_url": reverse("admin:login"),
            "stylesheets": " ".join(static(path) for path in STYLESHEETS),
        }
        return context

    def render(self, name, value, attrs=None, renderer=None):
        """Return the field's HTML, without changing the `attrs` that were given."""
        return Textarea.render(self, name, value, attrs, renderer)


class DocumentWidget(AdminFileWidget):
    """A file of content, which is downloaded as a draft is seen: by who may see the form.

    The address of the file itself would be open to everybody, so that it answers nobody.
    """

    template_name = "admin/widgets/document.html"

    def get_context(self, name, value, attrs):
        """Return the context of the field, and where the file that it has is downloaded."""
        context = super().get_context(name, value, attrs)
        if self.is_initial(value):
            context["widget"]["document_url"] = document_address(value.instance)
            context["widget"]["size"] = size_of(value.storage, value.name)
        return context


class MarkdownFormField(MarkdownxFormField):
    """Markdown as a form takes it: with the newlines of Unix, and no longer than is rendered."""

    widget = MarkdownWidget

    def to_python(self, value):
        """Return the text with one kind of newline, so that a form unchanged changes nothing."""
        return super().to_python(value).replace("\r\n", "\n")

    def validate(self, value):
        """Refuse what is too long to show; the browser must not cut it off (`maxlength` would)."""
        super().validate(value)
        if len(value) > MAX_LENGTH:
            raise ValidationError(
                "Deze tekst is te lang: hoogstens %(limit)s tekens, en dit zijn er %(count)s.",
                code="max_length",
                params={"limit": dutch(MAX_LENGTH), "count": dutch(len(value))},
            )


def dutch(number):
    """Return a number as Dutch readers write it."""
    return number_format(number, force_grouping=True)
