"""Every address of the site, filled in with something that exists or with something hostile."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver

# Matched by Django itself, and of no interest here.
LEFT_OUT = {"admin:logout"}


def routes(resolver=None, before="", namespace=""):
    """Yield (name, pattern) of each address, the pattern as Django prints it: `a/<int:b>/`."""
    for entry in (resolver or get_resolver()).url_patterns:
        pattern = before + str(entry.pattern).lstrip("^").replace("\\Z", "").replace("$", "")
        if isinstance(entry, URLResolver):
            inner = ":".join(filter(None, [namespace, entry.namespace]))
            yield from routes(entry, pattern, inner)
        elif isinstance(entry, URLPattern):
            name = ":".join(filter(None, [namespace, entry.name]))
            if name not in LEFT_OUT:
                yield name, pattern


def forms():
    """Yield the addresses of the add and change form of every model in the back-office."""
    for model in admin.site._registry:
        label = f"/beheer/{model._meta.app_label}/{model._meta.model_name}"
        yield f"{label}/add/"
        found = model._base_manager.order_by("pk").first()
        if found:
            yield f"{label}/{found.pk}/change/"
