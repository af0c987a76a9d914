"""The resources of the API: its root, its OpenAPI document, collections and single objects."""

from django.urls import path, re_path, reverse

from veiligalmere.editorial.addresses import absolute
from veiligalmere.pages.api.answers import VERSION, Problem, json, resource
from veiligalmere.pages.api.kinds import KINDS
from veiligalmere.pages.api.openapi import document
from veiligalmere.pages.api.query import Query, fields_of, nothing


@resource
def root(request):
    """What there is: a link to each collection and to the documents about them."""
    nothing(request)
    links = {
        "self": {"href": absolute(reverse("api_root"))},
        "service-desc": {"href": absolute(reverse("api_openapi"))},
        "service-doc": {"href": absolute(reverse("open_data"))},
    }
    links |= {kind.name: {"href": absolute(kind.address())} for kind in KINDS}
    return json({"titel": "Veilig Almere", "versie": VERSION, "_links": links})


@resource
def openapi(request):
    """The description of this API by which programs know it."""
    nothing(request)
    return json(document())


def collection(kind):
    """Return the view of a page of all that is public of `kind`."""

    @resource
    def view(request):
        return json(Query.of(request, kind).answer())

    return view


def item(kind):
    """Return the view of one object of `kind`."""

    @resource
    def view(request, key):
        names = fields_of(request, kind)
        return json(kind.represent(kind.one(key), names))

    return view


@resource
def unknown(request):
    """Say that there is no such resource, any other that ends in a slash included."""
    raise Problem(404, f"Dit adres bestaat niet. Begin bij {absolute(reverse('api'))}.")


BASE = "api/v1"
addresses = [
    path(BASE, root, name="api"),
    # A path in an OpenAPI document begins with a slash, also that of the root: of all resources it
    # alone may end in one (/core/no-trailing-slash).
    path(f"{BASE}/", root, name="api_root"),
    path(f"{BASE}/openapi.json", openapi, name="api_openapi"),
    *(path(f"{BASE}/{kind.name}", collection(kind), name=f"api_{kind.name}") for kind in KINDS),
    *(
        path(f"{BASE}/{kind.name}/<str:key>", item(kind), name=f"api_{kind.name}_item")
        for kind in KINDS
        if kind.key
    ),
    re_path(rf"^{BASE}/", unknown, name="api_unknown"),
]
