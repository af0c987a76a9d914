"""What is said of an upload or a static file that is not there."""

import pytest

from veiligalmere.editorial.addresses import ShortAddress

pytestmark = pytest.mark.django_db

MISSING = (
    *("/media/afbeeldingen/weg.webp", "/media/", "/media/%00", "/media/documenten/2020/stuk.pdf"),
    *("/static/css/weg.css", "/static/css/weg.0123456789ab.css", "/static/"),
)


@pytest.mark.parametrize("path", MISSING)
def test_it_is_told_in_dutch_without_asking_the_database(
    path, bezoeker, redacteur, django_assert_num_queries
):
    with django_assert_num_queries(0):
        answers = [bezoeker.get(path), redacteur.get(path)]
    for answer in answers:
        assert answer.status_code == 404
        assert "Dit bestand is er niet" in answer.text
        assert 'href="/"' in answer.text
        assert "Content-Security-Policy" in answer
        assert "Cache-Control" not in answer, "it may be there the next time"


def test_no_short_address_leads_from_where_files_are(bezoeker):
    ShortAddress.objects.create(path="media/weg", target="/themas/")
    assert bezoeker.get("/media/weg").status_code == 404
