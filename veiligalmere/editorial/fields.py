"""Model fields for content."""

from markdownx.models import MarkdownxField


class MarkdownField(MarkdownxField):
    """Text in markdown, stored as it was written and rendered when it is shown.

    See `veiligalmere.editorial.markdown` for what is allowed in it.
    """

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("blank", False)
        super().__init__(*args, **kwargs)
