"""Model fields for content."""

from django.forms import Textarea
from markdownx.models import MarkdownxField

from veiligalmere.editorial.widgets import MarkdownFormField, MarkdownWidget


class MarkdownField(MarkdownxField):
    """Text in markdown, stored as it was written and rendered when it is shown.

    See `veiligalmere.editorial.markdown` for what is allowed in it. `level` is that of its highest
    heading on the page that it is written for (2 to 6), so that the preview has the same.
    """

    def __init__(self, *args, level=2, **kwargs):
        kwargs.setdefault("blank", False)
        super().__init__(*args, **kwargs)
        self.level = level

    def formfield(self, **kwargs):
        """Return a form field with our editor.

        The admin proposes the textarea that it has for any long text; that is not for this field.
        Another kind of widget, such as a hidden one, is left as it was asked for.
        """
        widget = kwargs.get("widget", Textarea)
        kind = widget if isinstance(widget, type) else type(widget)
        if issubclass(kind, Textarea) and not issubclass(kind, MarkdownWidget):
            kwargs["widget"] = MarkdownWidget
        field = super().formfield(**{"form_class": MarkdownFormField, **kwargs})
        field.widget.level = self.level
        return field
