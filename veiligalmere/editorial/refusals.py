"""What was refused, with the field that it is about."""

from django.core.exceptions import NON_FIELD_ERRORS


def told(error, model):
    """Return ValidationError `error` about a `model` as [(label of the field or "", sentence)]."""
    if not hasattr(error, "error_dict"):
        return [("", message) for message in error.messages]
    return [
        (_label(model, name), message)
        for name, messages in error.message_dict.items()
        for message in messages
    ]


def _label(model, name):
    return "" if name == NON_FIELD_ERRORS else str(model._meta.get_field(name).verbose_name)
