"""What a kind of data is: its name, its fields, what may be filtered, and how one is found.

One description of each kind serves the answers of the API, its OpenAPI document, the files to
download and the explanation on the page about open data.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC

from django.urls import reverse

from veiligalmere.editorial.addresses import absolute, address
from veiligalmere.pages.api.answers import Problem

TEXT = {"type": "string"}
MARKDOWN = {"type": "string", "contentMediaType": "text/markdown"}
INTEGER = {"type": "integer"}
BOOLEAN = {"type": "boolean"}
ADDRESS = {"type": "string", "format": "uri"}
DAY = {"type": "string", "format": "date"}
MOMENT = {"type": "string", "format": "date-time"}
LINK = {"$ref": "#/components/schemas/Link"}
REFERENCE = {"$ref": "#/components/schemas/Verwijzing"}
LINKS = {
    "type": "object",
    "properties": {"self": LINK},
    "required": ["self"],
    "additionalProperties": False,
}
MAX_DIGITS = 18  # of a number that every database can hold


def optional(schema):
    """Return `schema` for a field that may be null."""
    if "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    return {**schema, "type": [schema["type"], "null"]}


def many(schema):
    """Return the schema of a list of `schema`."""
    return {"type": "array", "items": schema}


@dataclass(frozen=True)
class Field:
    """A field: its name, a Dutch sentence about it, its JSON schema, and its value in JSON."""

    name: str
    description: str
    schema: dict
    value: Callable


@dataclass(frozen=True)
class Key:
    """How one object is found: the schema of the key in its address, its value, and the lookup.

    `lookup` gets the key as text and returns keyword arguments for a filter, or None if the text
    can be no key.
    """

    schema: dict
    value: Callable
    lookup: Callable


@dataclass(frozen=True)
class Kind:
    """A kind of data. `name` is plural and stands in addresses; `schema_name` is singular.

    `selection` returns all that is public, in a fixed order and with all that the fields need;
    `read` turns such a selection into a list. Without a `key` its objects have no address of
    their own.
    """

    name: str
    schema_name: str
    title: str
    description: str
    fields: tuple[Field, ...]
    selection: Callable
    filters: tuple = ()
    key: Key | None = None
    read: Callable = list

    def address(self):
        """Return the path of the collection."""
        return address(f"api_{self.name}")

    def filtered(self, filters):
        """Return what is public and passes `filters`: pairs of a filter and the values asked."""
        selection = self.selection()
        for one, values in filters:
            selection = one.apply(selection, values)
        return selection

    def one(self, key):
        """Return the public object with this key; raise Problem 404, or 410 if withdrawn."""
        lookup = self.key.lookup(key)
        if lookup is not None:
            found = self.read(self.selection().filter(**lookup)[:1])
            if found:
                return found[0]
            hidden = self.selection().model.objects.filter(**lookup).first()
            if hidden and hidden.withdrawn_with():
                raise Problem(410, "Dit stond hier, en is ingetrokken.")
        raise Problem(404, f"Bij “{self.title}” is niets met de sleutel “{key[:60]}”.")

    def represent(self, one, names=None):
        """Return one object as JSON; with `names` only those of its fields."""
        content = {
            field.name: field.value(one)
            for field in self.fields
            if names is None or field.name in names
        }
        if self.key:
            content["_links"] = {"self": {"href": self.link(one)}}
        return content

    def link(self, one):
        """Return the absolute address of one object."""
        return item_link(self.name, self.key.value(one))


def item_link(name, key):
    """Return the absolute address of the object with this key, of the kind with this name."""
    return absolute(reverse(f"api_{name}_item", args=[key]))


def number_key(text):
    """Return the lookup of an object by its number, or None if `text` is no number."""
    if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS:
        return {"pk": int(text)}
    return None


NUMBER_KEY = Key({"type": "integer", "minimum": 1}, lambda one: one.pk, number_key)


def reference(name, one):
    """Return what points at `one`, of the kind with this name; None for None."""
    if one is None:
        return None
    links = {"self": {"href": item_link(name, one.pk)}}
    return {"id": one.pk, "slug": one.slug, "naam": str(one), "_links": links}


def references(name, found):
    """Return what points at each of `found`."""
    return [reference(name, one) for one in found]


def day(moment):
    """Return a date as ISO 8601, or None."""
    return moment and moment.isoformat()


def utc(moment):
    """Return a moment as ISO 8601 in UTC, to the second, as the design rules ask; or None."""
    return moment and moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def number(value):
    """Return a Decimal as a number in JSON, whole if it is; or None."""
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def lines(text):
    """Return the lines of a text that holds one thing a line."""
    return [line.strip() for line in text.splitlines() if line.strip()]


ID = Field(
    "id", "Het nummer. Dat blijft gelijk, ook als de naam verandert.", INTEGER, lambda o: o.pk
)
SLUG = Field(
    "slug", "De naam in adressen en filters. Die kan veranderen.", TEXT, lambda one: one.slug
)
PAGE = Field(
    "webpagina",
    "De pagina op deze site.",
    ADDRESS,
    lambda one: absolute(one.get_absolute_url()),
)
CHANGED = Field(
    "gewijzigdOp",
    "Wanneer dit voor het laatst is gewijzigd, in UTC.",
    MOMENT,
    lambda one: utc(one.changed_at),
)
