"""The document of a draft: for those who may see the draft, and for nobody else."""

import html

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from plan.models import Action, Development
from tests.pages.test_developments import PDF
from tests.permissions.conftest import limited
from tests.tooling.forms import posted
from themes.models import Theme
from veiligalmere.editorial.preview_links import make_token
from veiligalmere.editorial.publish import publish, withdraw
from veiligalmere.editorial.versions import draft_of

pytestmark = pytest.mark.django_db
OLD, NEW = PDF % b"oud", PDF % b"nieuw"


@pytest.fixture
def development():
    """A development with a document that was never published."""
    development = Development.objects.create(
        title="Studie", slug="studie", year=2020, lead="Kort.", document_title="De studie"
    )
    development.document.save("x.pdf", ContentFile(OLD))
    return development


def address(obj):
    return f"/voorbeeld/{obj._meta.label_lower}/{obj.pk}/document.pdf"


def form(obj):
    return f"/beheer/plan/development/{obj.pk}/change/"


def replaced(beheerder, development):
    """Publish `development`, and save a draft of it with another document."""
    publish(development)
    page = form(development)
    data = posted(beheerder.get(page), button="_continue")
    beheerder.post(page, {**data, "document": SimpleUploadedFile("b.pdf", NEW)})
    return development


def assert_a_private_download(answer, content):
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == content
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"] == 'attachment; filename="studie.pdf"'
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, no-store"
    assert "noindex" in answer["X-Robots-Tag"]


def test_who_may_see_a_new_draft_downloads_its_document(beheerder, development):
    assert_a_private_download(beheerder.get(address(development)), OLD)


def test_of_a_changed_draft_it_is_the_new_document_and_the_site_keeps_the_old(
    beheerder, bezoeker, development
):
    replaced(beheerder, development)
    assert_a_private_download(beheerder.get(address(development)), NEW)
    public = bezoeker.get(development.document_url)
    assert b"".join(public.streaming_content) == OLD
    assert "Cache-Control" not in public or "no-store" not in public["Cache-Control"]


def test_a_withdrawn_development_still_has_it_for_its_editors(beheerder, bezoeker, development):
    publish(development)
    withdraw(development)
    assert_a_private_download(beheerder.get(address(development)), OLD)
    assert bezoeker.get(development.document_url).status_code == 410


@pytest.mark.parametrize("page", ["form", "voorbeeld", "beoordelen"])
def test_the_form_the_preview_and_the_step_of_judging_lead_to_it(beheerder, development, page):
    replaced(beheerder, development)
    pages = {
        "form": form(development),
        "voorbeeld": address(development).removesuffix("document.pdf"),
        "beoordelen": form(development).replace("change", "beoordelen"),
    }
    told = beheerder.get(pages[page]).content.decode()
    assert f'href="{address(development)}"' in told
    assert f'href="{development.document_url}"' not in told


def test_a_colleague_with_the_shared_link_downloads_it_too(bezoeker, beheerder, development):
    replaced(beheerder, development)
    preview = f"/voorbeeld/{make_token(development)}/"
    told = html.unescape(bezoeker.get(preview).content.decode())
    assert f'href="{preview}document.pdf"' in told
    assert_a_private_download(bezoeker.get(f"{preview}document.pdf"), NEW)


@pytest.mark.parametrize("token", ["x", "x:y:z"])
def test_a_false_link_gives_no_document(bezoeker, development, token):
    assert bezoeker.get(f"/voorbeeld/{token}/document.pdf").status_code == 404


def test_nobody_else_gets_it(bezoeker, redacteur, development):
    answer = bezoeker.get(address(development))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/beheer/login/")
    assert bezoeker.get(development.document_url).status_code == 404
    limited(redacteur, Theme.objects.first())  # developments belong to no theme alone
    assert redacteur.get(address(development)).status_code == 404


def test_a_draft_from_which_it_was_removed_has_none(beheerder, development):
    publish(development)
    page = form(development)
    data = posted(beheerder.get(page), button="_continue", document_title="")
    beheerder.post(page, {**data, "document-clear": "on"})
    assert beheerder.get(address(development)).status_code == 404
    judging = beheerder.get(page.replace("change", "beoordelen")).content.decode()
    assert address(development) not in judging


def test_what_can_have_no_document_has_none(beheerder, bezoeker, jaarplan):
    action = Action.objects.public().first()
    assert beheerder.get(address(action)).status_code == 404
    assert bezoeker.get(f"/voorbeeld/{make_token(action)}/document.pdf").status_code == 404


def test_a_document_that_went_missing_breaks_no_page_of_the_back_office(beheerder, development):
    development.document.storage.delete(development.document.name)
    assert beheerder.get(address(development)).status_code == 404
    for page in (form(development), form(development).replace("change", "beoordelen")):
        assert beheerder.get(page).status_code == 200


def text_on(beheerder, address):
    return " ".join(beheerder.get(address).content.decode().replace("\xa0", " ").split())


def test_the_difference_tells_what_became_of_the_document_and_not_its_name(beheerder, development):
    page = form(development)
    judge = page.replace("change", "beoordelen")
    told = text_on(beheerder, judge)
    assert f"toegevoegd ({len(OLD)} bytes)" in told
    names = [development.document.name]
    replaced(beheerder, development)
    names.append(draft_of(development).content["fields"]["document"])
    for address in (judge, page, page.replace("change", "history")):
        told = text_on(beheerder, address)
        assert f"vervangen (eerst {len(OLD)} bytes, nu {len(NEW)} bytes)" in told
        assert not [name for name in names if name in told]
    data = posted(beheerder.get(page), button="_continue", document_title="")
    beheerder.post(page, {**data, "document-clear": "on"})
    assert f"verwijderd ({len(OLD)} bytes)" in text_on(beheerder, judge)


def test_another_document_of_the_same_size_is_a_difference_too(beheerder, development):
    publish(development)
    page = form(development)
    data = posted(beheerder.get(page), button="_continue")
    beheerder.post(page, {**data, "document": SimpleUploadedFile("b.pdf", OLD)})
    judging = text_on(beheerder, page.replace("change", "beoordelen"))
    assert f"vervangen (eerst {len(OLD)} bytes, nu {len(OLD)} bytes)" in judging


def test_the_form_tells_how_large_its_document_is(beheerder, development):
    assert f"Document downloaden</a> ({len(OLD)} bytes)" in text_on(beheerder, form(development))


def test_of_a_document_that_went_missing_it_is_told(beheerder, development):
    replaced(beheerder, development)
    development.document.storage.delete(development.document.name)
    judging = text_on(beheerder, form(development).replace("change", "beoordelen"))
    assert f"vervangen (eerst bestand niet gevonden, nu {len(NEW)} bytes)" in judging
