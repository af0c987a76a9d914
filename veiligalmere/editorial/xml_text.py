"""Text as XML can hold it: the XML of a workbook, of a feed."""

import re

# Characters that XML can't hold at all, whatever way they are written. Named, because the set of
# all others takes a dozen times as long to compile, and a start waits for it.
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def for_xml(text, *, line_end="\n"):
    """Return `text` without the characters that XML can't hold.

    Three of them are seen in a text from Word: those that end a line or a page become `line_end`,
    and the hyphen at which no line ends becomes a plain one.
    """
    seen = {"\x0b": line_end, "\x0c": line_end, "\x1e": "-"}
    return NOT_IN_XML.sub(lambda found: seen.get(found[0], ""), text)
