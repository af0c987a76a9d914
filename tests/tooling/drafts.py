"""What a test writes in a draft."""


def writing(**fields):
    """Return a function that gives a row these values and saves it, for `save_draft`."""

    def write(row):
        for name, value in fields.items():
            setattr(row, name, value)
        row.save()

    return write
