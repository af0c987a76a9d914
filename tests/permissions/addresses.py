"""Every address below /beheer/ and /voorbeeld/, about content that has secret drafts."""

import re

from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.urls import URLPattern, get_resolver

from plan.models import Action, AnnualPlan, Development, Passage, ProgressReport, ProgressUpdate
from tests.permissions.conftest import SECRET
from tests.progress.conftest import make_round, publish_update, report_row
from tests.tooling.drafts import writing
from themes.models import Indicator, Place, Subtopic, Synonym, Term, Theme, WorkingMethod
from veiligalmere.editorial.addresses import OldAddress, ShortAddress
from veiligalmere.editorial.images.model import Image
from veiligalmere.editorial.preview_links import make_token
from veiligalmere.editorial.publish import publish, save_draft, submit
from veiligalmere.editorial.standing_pages import StandingPage

PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^)]*\)")
# The field of each kind of content in which an editor wrote something secret.
WRITTEN = {
    Action: "title",
    AnnualPlan: "title",
    Development: "title",
    Indicator: "name",
    Passage: "body",
    ProgressUpdate: "explanation",
    StandingPage: "title",
    Subtopic: "name",
    Term: "name",
    Theme: "name",
    WorkingMethod: "name",
}


def secret_drafts(action):
    """Give an object of every kind of content a secret draft; return {model: object}.

    They belong to the theme of `action`, if they belong to any; its own draft there is already.
    """
    theme = action.theme
    development = Development(
        kind="ontwikkeling",
        year=2020,
        title="Bericht",
        slug="bericht",
        lead="Bericht.",
        body="Tekst.",
        document=ContentFile(SECRET.encode(), "x.pdf"),
        document_title="Stuk",
    )
    development.save()
    development.themes.add(theme)
    publish(development)
    found = {
        Action: action,
        AnnualPlan: action.plan,
        Development: development,
        Indicator: Indicator.objects.public().filter(theme=theme).first(),
        Passage: Passage.objects.public().filter(theme=theme).exclude(body="").first(),
        ProgressUpdate: publish_update(action, "op-schema"),
        StandingPage: StandingPage.objects.public().first(),
        Subtopic: Subtopic.objects.public().filter(theme=theme).first(),
        Term: Term.objects.public().first(),
        Theme: theme,
        WorkingMethod: WorkingMethod.objects.public().first(),
    }
    for model, obj in found.items():
        if model is not Action:
            save_draft(obj, writing(**{WRITTEN[type(obj)]: SECRET}))
            submit(obj)
    return found


def other_objects(action):
    """Return {model: object} of what has no state; the round holds a secret row and summary."""
    report = make_round(action.plan, summary=SECRET)
    report_row(report, action, "op-schema", SECRET)
    old = OldAddress.objects.create(path="/oud/", content=action)
    image = Image.objects.create(
        name="Plein", folder="x", widths=[10], width=10, height=10, alternative_text="Een plein"
    )
    found = {ProgressReport: report, OldAddress: old, Image: image}
    for model in (Group, Place, ShortAddress, Synonym, User):
        found[model] = model.objects.order_by("pk").first()
    return found


def addresses(objects):
    """Return {name: address} of all that answers below /beheer/ and /voorbeeld/.

    `objects` has an object of each model, by which the addresses are filled in. A pattern with a
    parameter that has no value here raises KeyError: give it one in `_values`.
    """
    found = {}
    for route, own_name in _patterns(get_resolver().url_patterns):
        if route.startswith(("beheer/", "voorbeeld/")):
            name = own_name or _name_of(route)
            values = _values(name, objects)
            address = PARAMETER.sub(lambda one, v=values: str(v[one[1] or one[2]]), route)
            assert name not in found, f"two patterns with the name {name}"
            found[name] = "/" + address.replace("^", "").replace("$", "")
    return found


def _patterns(found, before=""):
    for one in found:
        route = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield route, one.name
        else:
            yield from _patterns(one.url_patterns, route)


def _name_of(route):
    """Name a pattern without a name: Django's short way to a form, and its last resort."""
    _beheer, *parts = route.split("/")
    return "_".join([*parts[:2], "short"]) if route.endswith("<path:object_id>/") else "any_other"


def _previewed(name, objects):
    """Return of what the address with this name shows the draft, or the document."""
    return objects[Development if name.endswith("_document") else Action]


def _values(name, objects):
    """Return {parameter: value} for the address with this name."""
    action, report = objects[Action], objects[ProgressReport]
    previewed = _previewed(name, objects)
    model = next(
        (one for one in objects if name.startswith(f"{one._meta.label_lower.replace('.', '_')}_")),
        type(previewed),
    )
    return {
        "object_id": objects[model].pk,
        "id": objects[model].pk,
        "number": report.number if name.startswith("progress_") else 1,
        "action": action.pk,
        "key": "te-beoordelen" if name == "desk_list" else "onbekend",
        "kind": ContentType.objects.get_for_model(Action).pk,
        "label": previewed._meta.label_lower,
        "token": make_token(previewed) if name.startswith("shared_preview") else "x",
        "uidb64": "x",
        "year": action.plan.year,
        "app_label": "plan",
        "name": "concept",
        "url": "bestaat-niet/",
    }
