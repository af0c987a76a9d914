"""Model fields for content."""

from django.forms import Textarea
from markdownx.models import MarkdownxField

from veiligalmere.editorial.widgets import MarkdownFormField, MarkdownWidget


class MarkdownField(MarkdownxField):
    """Text in markdown, stored as it was written and rendered when it is shown.

    See `veiligalmere.editorial.markdown` for what is allowed in it.
    """

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("blank", False)
        super().__init__(*args, **kwargs)

    def formfield(self, **kwargs):
        """Return a form field with our editor.

        The admin proposes the textarea that it has for any long text; that is not for this field.
        Another kind of widget, such as a hidden one, is left as it was asked for.
        """
        widget = kwargs.get("widget", Textarea)
        kind = widget if isinstance(widget, type) else type(widget)
        if issubclass(kind, Textarea) and not issubclass(kind, MarkdownWidget):
            kwargs["widget"] = MarkdownWidget
        return super().formfield(**{"form_class": MarkdownFormField, **kwargs})
