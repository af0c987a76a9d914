"""Markdown as plain data, for a template that sets type: nothing in a text is ever run."""

from veiligalmere.editorial.addresses import absolute
from veiligalmere.editorial.markdown import parser


def blocks_of(text):
    """Return markdown `text` as a list of blocks.

    A block is {"kind": "paragraph", "runs": […]}, or "heading" with a level (1 the highest in this
    text), "list" with "ordered", "start" and "items" (lists of blocks), "quote" with "blocks" and
    "depth" (in how many quotes and lists it stands), "table" with "head" and "rows" (of cells,
    lists of runs), or "code" with "text". A run is {"text": …} with, where it applies, "strong",
    "emph", "code", "url" or "break".
    """
    tokens = iter(parser().parse(text))
    return _until(tokens, None)


def _until(tokens, end):
    """Read blocks up to the token that closes them."""
    blocks = []
    for token in tokens:
        if token.type == end:
            break
        block = _block(token, tokens)
        if block:
            blocks.append(block)
    return blocks


def _block(token, tokens):
    kind = token.type
    if kind == "paragraph_open":
        return {"kind": "paragraph", "runs": _inline(tokens, "paragraph_close")}
    if kind == "heading_open":
        runs = _inline(tokens, "heading_close")
        return {"kind": "heading", "level": int(token.tag[1]), "runs": runs}
    if kind in {"bullet_list_open", "ordered_list_open"}:
        return _list(token, tokens)
    if kind == "blockquote_open":
        inner = _until(tokens, "blockquote_close")
        return {"kind": "quote", "depth": token.level, "blocks": inner}
    if kind == "table_open":
        return _table(tokens)
    if kind in {"fence", "code_block"}:
        return {"kind": "code", "text": token.content}
    return None


def _list(token, tokens):
    ordered = token.type == "ordered_list_open"
    items = []
    for inner in tokens:
        if inner.type == "list_item_open":
            items.append(_until(tokens, "list_item_close"))
        else:
            break
    start = int(token.attrGet("start") or 1)
    return {"kind": "list", "ordered": ordered, "start": start, "items": items}


def _table(tokens):
    head, rows, row = [], [], None
    for token in tokens:
        if token.type == "table_close":
            break
        if token.type == "tr_open":
            row = []
        elif token.type in {"th_open", "td_open"}:
            row.append(_inline(tokens, token.type.replace("open", "close")))
        elif token.type == "tr_close":
            if head:
                rows.append(row)
            else:
                head = row
    return {"kind": "table", "head": head, "rows": rows}


def _inline(tokens, end):
    """Read the runs of one paragraph, heading or cell."""
    runs = []
    for token in tokens:
        if token.type == end:
            break
        if token.type == "inline":
            runs += _runs(token.children)
    return runs


def _runs(children):
    runs, style = [], {}
    for child in children:
        name = {"strong_open": "strong", "em_open": "emph", "link_open": "url"}.get(child.type)
        if name:
            style[name] = _address(child.attrGet("href")) if name == "url" else True
        elif child.type in {"strong_close", "em_close", "link_close"}:
            name = {"strong_close": "strong", "em_close": "emph", "link_close": "url"}[child.type]
            style.pop(name, None)
        elif child.type == "softbreak":
            runs.append({"text": " ", **style})
        elif child.type == "hardbreak":
            runs.append({"text": "", "break": True})
        elif child.type == "code_inline":
            runs.append({"text": child.content, "code": True, **style})
        elif child.content:
            runs.append({"text": child.content, **style})
    return runs


def _address(href):
    """Return where a link leads to for who reads it outside the site."""
    of_this_site = href.startswith("/") and not href.startswith("//")
    return absolute(href) if of_this_site else href
