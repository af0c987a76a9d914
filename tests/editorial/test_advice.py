"""What a writer is told to look at, and what keeps a text from being published."""

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError

from tests.editorial.pictures import stored_image
from veiligalmere.editorial.addresses import ShortAddress
from veiligalmere.editorial.advice import advice, blocking, sentences
from veiligalmere.editorial.publish import publish, withdraw
from veiligalmere.editorial.standing_pages import StandingPage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh(settings, tmp_path):
    """Uploads and remembered answers of each test's own."""
    settings.MEDIA_ROOT = tmp_path
    cache.clear()


def kinds(text):
    return [one.kind for one in advice(text)]


GOOD = """## Melden

Bel **112** bij gevaar. Lees [hoe u overlast meldt](/contact/).

### Anoniem

1. Bel [Meld Misdaad Anoniem](tel:08007000).
2. Of mail [de redactie](mailto:redactie@example.nl), of kijk bij [de politie](https://politie.example).

## Daarna

| Wie | Wat |
| --- | --- |
| Politie | komt langs |
"""


def test_good_text_gets_no_advice():
    assert advice(GOOD) == []
    assert advice("") == []


def test_skipped_heading_level_and_empty_heading_are_told():
    skipped = advice("## Een\n\ntekst\n\n#### Twee\n")
    assert [(one.kind, one.excerpt, one.line) for one in skipped] == [("kop", "Twee", 5)]
    assert "niveau 4" in skipped[0].message
    assert kinds("#### Alleen deze\n\n##### En deze") == []
    assert "leeg" in advice("##\n")[0].message


@pytest.mark.parametrize(
    "label", ["klik hier", "Klik hier!", "hier", "Lees meer…", "deze link", "meer  informatie"]
)
def test_link_that_says_nothing_is_told(label):
    (found,) = advice(f"Zie [{label}](https://elders.example).")
    assert found.kind == "linktekst"
    assert not found.blocking


@pytest.mark.parametrize(
    "link",
    [
        "[https://elders.example/x](https://elders.example/x)",
        "[www.elders.example](https://elders.example)",
        "<https://elders.example/x>",
    ],
)
def test_address_as_the_words_of_a_link_is_told(link):
    (found,) = advice(f"Zie {link}.")
    assert "is een adres" in found.message


def test_link_without_words_is_told():
    (found,) = advice("Zie [](https://elders.example).")
    assert "geen tekst" in found.message
    image = stored_image(alternative_text="", decorative=True)
    (found,) = advice(f"[{image.markdown}](https://elders.example)")
    assert "geen tekst" in found.message
    image = stored_image()
    assert advice(f"[{image.markdown}](https://elders.example)") == []


def test_sentence_of_more_than_25_words_is_told():
    words = " ".join(["Woord"] * 25)
    assert advice(f"Dit. {words}. Dat.") == []
    (found,) = advice(f"Kort.\n\nNog kort. {words} meer. Kort.")
    assert (found.kind, found.line) == ("zin", 3)
    assert "26 woorden" in found.message


def test_sentences_do_not_end_at_abbreviations():
    assert sentences("Wij werken o.a. Samen met dhr. Jansen, art. 5. Dat helpt! Echt?") == [
        "Wij werken o.a. Samen met dhr. Jansen, art. 5.",
        "Dat helpt!",
        "Echt?",
    ]


def test_lines_of_a_list_are_sentences_of_their_own():
    words = " ".join(["woord"] * 15)
    assert advice(f"- {words}\n- {words}\n\n{words}  \n{words}") == []


def test_link_that_leads_nowhere_on_this_site_is_told(settings):
    for address in (
        "/bestaat-niet/",
        "/themas/bestaat-niet/",
        "/jaarplan/1900/",
        "/jaarplan/2020/acties/bestaat-niet/?x=1",
        f"{settings.SITE_URL}/bestaat-niet/",
        "/media/afbeeldingen/bestaat-niet.webp",
        "/" + "a" * 400,
    ):
        (found,) = advice(f"Zie [het plan]({address}).")
        assert (found.kind, found.blocking) == ("link", False), address
        assert "staat niets" in found.message


def test_link_that_leads_somewhere_on_this_site_is_not(settings):
    ShortAddress.objects.create(path="inbraken", target="/themas/")
    for address in (
        "/",
        "/contact/",
        "/contact",
        "/themas/veilige-wijken/",
        "/jaarplan/2020/volledig/#inleiding",
        "/inbraken",
        "#verderop",
        settings.SITE_URL,
        f"{settings.SITE_URL}/themas/",
    ):
        assert advice(f"Zie [het plan]({address}).") == [], address


def test_link_to_withdrawn_content_is_told():
    assert advice("Zie [onze gegevens](/contact/).") == []
    withdraw(StandingPage.objects.get(slug="contact"))
    assert kinds("Zie [onze gegevens](/contact/).") == ["link"]


def test_link_to_the_back_office_or_to_half_an_address_is_told():
    (found,) = advice("Zie [het beheer](/beheer/plan/action/).")
    assert "beheer" in found.message
    (found,) = advice("Zie [de site](www.elders.example).")
    assert "geen volledig adres" in found.message


def test_only_a_number_of_links_is_tried():
    text = ". ".join(f"[Het plan](/bestaat-niet/{number}/)" for number in range(60))
    assert kinds(text) == ["link"] * 25


def test_image_without_alternative_text_is_a_lock():
    for text in ("![](afbeelding:99999)", "![ ](https://elders.example/x.png)", "![](/x.png)"):
        (found,) = advice(f"Zin.\n\n{text}")
        assert (found.kind, found.blocking, found.line) == ("alternatieve tekst", True, 3)


def test_image_with_alternative_text_or_decorative_is_no_lock():
    images = [stored_image(), stored_image(alternative_text="", decorative=True)]
    for image in images:
        assert advice(image.markdown) == []
    (found,) = advice(f"![Fiets](afbeelding:{images[0].pk})")
    assert not found.blocking
    (found,) = advice("![Fiets](https://elders.example/x.png)")
    assert not found.blocking


def test_locks_of_an_object_name_the_field():
    page = StandingPage.objects.get(slug="contact")
    page.body = "[hier](https://elders.example)\n\n![](afbeelding:99999)"
    assert [(name, one.kind) for name, one in blocking(page)] == [("tekst", "alternatieve tekst")]
    page.body = GOOD
    assert blocking(page) == []


def test_text_with_an_image_without_words_is_not_published():
    page = StandingPage.objects.get(slug="contact")
    page.body = "![](afbeelding:99999)"
    page.save()
    with pytest.raises(ValidationError, match="geen alternatieve tekst"):
        publish(page)


def test_preview_brings_the_advice_and_locks_come_first(beheerder):
    links = ". ".join(["[Hier](https://elders.example)"] * 40)
    answer = beheerder.post("/beheer/tekst/voorbeeld/", {"text": f"{links}\n\n![](x)"}).json()
    assert len(answer["advice"]) == 30
    assert answer["more"] == 11
    assert answer["advice"][0]["blocking"]


def test_asking_for_an_address_leaves_the_request_that_asks_alone(beheerder):
    image = stored_image()
    text = f"[het plan](/jaarplan/2020/volledig/) {image.markdown}"
    answer = beheerder.post("/beheer/tekst/voorbeeld/", {"text": text})
    assert answer.status_code == 200
    assert "<img" in answer.json()["html"]
    assert answer.wsgi_request.user == beheerder.user
