"""Long lists, cut in pages."""

from django.core.paginator import Paginator

from veiligalmere.pages.errors import NotFound

MOST_DIGITS = 6


def page_of(selection, number, *, size, address):
    """Return the Page of `selection` that `number` names, as the query string has it.

    Without a number it is the first. `size` is how many things a page has, `address` that of the
    first page; the Page has its own as `address`. Raises NotFound, with that of the first page, for
    what is no number or no page.
    """
    paginator = Paginator(selection, size)
    number = number or "1"
    first = [("De eerste pagina", address)]
    if not (number.isascii() and number.isdigit() and len(number) <= MOST_DIGITS):
        raise NotFound("Een paginanummer is een getal.", first)
    # Of "01" and "001" the page cache would keep a page each.
    if number.startswith("0") or int(number) > paginator.num_pages:
        raise NotFound(f"Deze lijst heeft geen pagina {number}.", first)
    page = paginator.page(int(number))
    page.address = address
    if page.number > 1:
        page.address += f"{'&' if '?' in address else '?'}pagina={number}"
    return page
