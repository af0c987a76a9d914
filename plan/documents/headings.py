"""Headings as PDF/UA-1 asks: each has words, and no level is skipped on the way down."""


def in_order(blocks):
    """Return `blocks` (see `blocks.py`) with the levels of their headings closed up from 1.

    A heading that was above, below or beside another stays so. One without words is left out.
    """
    return _in_order(blocks, [])


def _in_order(blocks, above):
    """Return the same below headings of the levels `above`, as they were; each changes that."""
    return [_placed(block, above) for block in blocks if _has_words(block)]


def _has_words(block):
    return block["kind"] != "heading" or any(run["text"].strip() for run in block["runs"])


def _placed(block, above):
    if block["kind"] == "heading":
        while above and above[-1] >= block["level"]:
            above.pop()
        above.append(block["level"])
        return block | {"level": len(above)}
    if "blocks" in block:
        return block | {"blocks": _in_order(block["blocks"], above)}
    if "items" in block:
        return block | {"items": [_in_order(item, above) for item in block["items"]]}
    return block
