"""What an upload may be; apart from `processing`, which needs all of Pillow."""

from django.utils.formats import number_format

MAX_BYTES = 10_000_000


class Refused(Exception):
    """A file that is no image of ours; the message is a Dutch sentence for who uploaded it."""


def megabytes(size):
    """Return a number of bytes as Dutch readers write megabytes."""
    return f"{number_format(size / 1_000_000, decimal_pos=1).removesuffix(',0')} MB"
