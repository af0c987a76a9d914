"""Text as XML can hold it: the XML of a workbook, of a feed."""

import re

# Characters that XML can't hold at all, whatever way they are written. Named, because the set of
# all others takes a dozen times as long to compile, and a start waits for it.
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def for_xml(text):
    """Return `text` without the characters that XML can't hold; none of them is ever seen."""
    return NOT_IN_XML.sub("", text)
