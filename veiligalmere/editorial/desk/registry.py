"""What stands on the desk: blocks of things that wait, and jobs one click away.

Each floor makes its own and registers them; this floor knows neither themes nor plans.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from django.contrib import admin
from django.core.paginator import Paginator
from django.urls import reverse

ROWS = 5  # of a block on the desk; the rest is one click away
PAGE_SIZE = 50  # rows on a page of the full list


@dataclass(frozen=True)
class Line:
    """One row of a block: what it is called, where it leads, and what to know of it.

    `mark` is a word that makes it stand out, such as "te laat"; `remark` what a colleague wrote.
    `button` is (address to post to, label, what a screen reader adds).
    """

    text: str
    url: str = ""
    facts: str = ""
    mark: str = ""
    remark: str = ""
    button: tuple[str, str, str] | None = None


class Block:
    """A part of the desk; subclass it, and register an instance.

    `key` is its part of an address. `select` gives rows of any kind, as a queryset or a list, that
    this account may see; `line` makes a Line of one of them without asking the database.
    """

    key = ""
    title = ""
    empty = ""
    position = 0
    rows = ROWS

    def is_for(self, request):
        """Whether this account has any business with the block."""
        return True

    def explanation(self, request):
        """Return a Dutch sentence above the rows, or nothing."""
        return ""

    def select(self, request):
        """Return all rows, those that matter most first."""
        raise NotImplementedError

    def line(self, row, request):
        """Return one row as a Line."""
        raise NotImplementedError

    def list_url(self, request):
        """Return the address of the full list."""
        return reverse("admin:desk_list", args=[self.key])

    def links(self, request):
        """Return more ways on from here, as (label, address)."""
        return []

    def page(self, request, number=1, size=None):
        """Return one page of lines, as a Page of a Paginator; as many as the desk has room for."""
        found = Paginator(self.select(request), size or self.rows).get_page(number)
        found.object_list = [self.line(row, request) for row in found.object_list]
        return found


@dataclass(frozen=True)
class Job:
    """A common job: its name, the name of its address with arguments, and whom it is for."""

    label: str
    url_name: str
    is_for: Callable
    position: int = 0
    arguments: dict = field(default_factory=dict)

    @property
    def url(self):
        """The address."""
        return reverse(self.url_name, kwargs=self.arguments)


_blocks = []
_jobs = []


def register(*, blocks=(), jobs=()):
    """Put these blocks and jobs on the desk, each at its position."""
    _blocks.extend(blocks)
    _jobs.extend(jobs)
    for registered in (_blocks, _jobs):
        registered.sort(key=lambda one: one.position)


def blocks_for(request):
    """Return the blocks for this account, in order."""
    return [one for one in _blocks if one.is_for(request)]


def find_block(key):
    """Return the block with this key, or None."""
    return next((one for one in _blocks if one.key == key), None)


def jobs_for(request):
    """Return the jobs for this account, in order."""
    return [one for one in _jobs if one.is_for(request)]


def may_add(model):
    """Return a function that tells whether an account, by its request, may add to `model`."""
    return lambda request: admin.site.get_model_admin(model).has_add_permission(request)


def with_right(name):
    """Return a function that tells whether an account, by its request, has the right `name`."""
    return lambda request: request.user.has_perm(name)
