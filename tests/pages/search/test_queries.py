"""What people look for is in the first five results."""

import pytest

from plan.carrying_over import carry_over
from plan.models import Status
from plan.progress.adoption import adopt
from tests.progress.conftest import make_round, report_row
from veiligalmere.editorial.publish import publish

pytestmark = pytest.mark.django_db

ACTIONS = "/jaarplan/2020/acties/"
PLAN = "/jaarplan/2020/volledig/#"
WIJKEN, ONDERMIJNING, ZORG, CRISIS = (
    f"/themas/{slug}/"
    for slug in ("veilige-wijken", "ondermijning", "zorg-en-veiligheid", "rampenbestrijding")
)
BURGLARIES = {WIJKEN + "woninginbraken/", ACTIONS + "verdiepend-onderzoek-woninginbraken/"}
KNIVES = {ACTIONS + "maatwerkgerichte-aanpak-jongeren-en-messenbezit/", PLAN + "drill-rap"}
QUARRELS = {ACTIONS + "verkennen-geschillencommissie-burenruzies/", ZORG + "woonoverlast/"}
CYBER = {WIJKEN + "cybercrime/", ACTIONS + "cyber-24/"}
DRINK = {ACTIONS + "aanpak-drank-en-drugsoverlast-op-straat/"}
AT_HOME = {ZORG + "huiselijk-geweld/"}
LOITERING = {ZORG + "jeugdoverlast-en-criminaliteit/", ZORG + "problematisch-groepsgedrag/"}
UNDERMINING = {ONDERMIJNING, ACTIONS + "communicatie-over-ondermijning/"}

FIRST_FIVE = {
    "inbraak": BURGLARIES,
    "inbraken": BURGLARIES,
    "overlast": {WIJKEN + "overlast-op-straat/", WIJKEN + "drugs-en-alcoholoverlast/"},
    "messen": KNIVES,
    "mes": KNIVES,
    "vuurwapens": {PLAN + "drill-rap"},
    "(vuur)wapens": {PLAN + "drill-rap"},
    "ondermijing": UNDERMINING,
    "buurt ruzie": QUARRELS,
    "buren": QUARRELS,
    "cyber": CYBER,
    "sibercrime": CYBER,
    "hacken": CYBER,
    "camera": {"/werkwijzen/toezicht-en-handhaving/"},
    "cafe": DRINK,
    "café": DRINK,
    "enquete": {ACTIONS + "veiligheidsmonitor-2019/"},
    "enquête": {ACTIONS + "veiligheidsmonitor-2019/"},
    "drugs in het centrum": DRINK,
    "brandweer": {CRISIS + "brandweerzorg/", ACTIONS + "nieuwe-brandweerkazerne/"},
    "Floriade": {ACTIONS + "veiligheidsplan-floriade/"},
    "hennep": {ACTIONS + "exploreren-risicogestuurde-aanpak/"},
    "coffeeshop": {PLAN + "experiment-gesloten-coffeeshopketen"},
    "radicaal": {ZORG + "radicalisering/", ACTIONS + "trainingen-professionals/"},
    "school": {
        ZORG + "schoolveiligheid/",
        ACTIONS + "verdere-intensivering-school-en-veiligheid/",
    },
    "jeugd": {ZORG + "jeugdoverlast-en-criminaliteit/"},
    "top x": {ACTIONS + "procesevaluatie-almeerse-top-x/"},
    "JIT": {ACTIONS + "opvolging-evaluatieonderzoek-jit/"},
    "112": {"/contact/"},
    "14036": {"/contact/"},
    "09008844": {"/contact/"},
    "GGD": {ACTIONS + "samenwerkingsovereenkomst-veiligheidsregios-en-ggden/"},
    "school en veiligheid": {ZORG + "schoolveiligheid/"},
    "jeugdgeweld": {PLAN + "drill-rap"},
    # What people call otherwise than the plan does, or more exactly.
    "geluidsoverlast": {ZORG + "woonoverlast/"},
    "lawaai": {ZORG + "woonoverlast/"},
    "vuurwerkoverlast": {WIJKEN + "jaarwisseling/"},
    "parkeeroverlast": {WIJKEN + "overlast-op-straat/"},
    "tasjesroof": {WIJKEN + "straatroven/"},
    "steekpartij": KNIVES,
    "mijn man slaat mij": AT_HOME,
    "geslagen": AT_HOME,
    "mishandeling": AT_HOME,
    "mishandeld": AT_HOME,
    "stalking": AT_HOME,
    "ik word gestalkt": AT_HOME,
    "motorclub": {ONDERMIJNING + "omg/"},
    "motorbende": {ONDERMIJNING + "omg/"},
    "boa": {"/werkwijzen/toezicht-en-handhaving/"},
    "handhaver": {"/werkwijzen/toezicht-en-handhaving/"},
    "zakkenroller": {WIJKEN + "straatroven/"},
    "zakkenrollers": {WIJKEN + "straatroven/"},
    "wietplantage": {ACTIONS + "exploreren-risicogestuurde-aanpak/"},
    "wietkwekerij": {ACTIONS + "exploreren-risicogestuurde-aanpak/"},
    "coke": {ACTIONS + "regioprogramma-straatwaarden/"},
    "beroofd": {WIJKEN + "straatroven/"},
    "nagefloten": {WIJKEN + "straatintimidatie/"},
    "hangjongeren": LOITERING,
    "hangjeugd": LOITERING,
    "jeugdbendes": LOITERING,
    "boeren": {ACTIONS + "aanpak-buitengebieden/"},
    "agrariërs": {ACTIONS + "aanpak-buitengebieden/"},
    "veiligheidsgevoel": {WIJKEN + "veiligheidsbeleving/"},
    "buurtpreventie": {"/werkwijzen/burgerparticipatie/"},
    "buurtapp": {"/werkwijzen/burgerparticipatie/"},
    "vandalisme": {WIJKEN + "veelvoorkomende-criminaliteit/"},
    "budget": {PLAN + "actieplan-en-jaarplan"},
    "telefoonnummer gemeente": {"/contact/"},
    "bellen": {"/contact/"},
    "fiets gestolen": {"/cijfers/geregistreerde-fietsendiefstallen/"},
    "open data": {"/open-data/"},
    "dataset": {"/open-data/"},
    "api": {"/open-data/"},
    "rss": {"/volgen/"},
    "feed": {"/volgen/"},
    "volgen": {"/volgen/"},
    "nieuwsbrief": {"/volgen/"},
    "abonneren": {"/volgen/"},
    "cijfers": {"/cijfers/"},
    "sijfers": {"/cijfers/"},
    "begrippen": {"/begrippen/"},
    "voortgang": {"/voortgang/"},
    "voortgangsrapportages": {"/voortgang/"},
    "nieuws": {"/ontwikkelingen/"},
    "wijzigingen": {"/wijzigingen/"},
    "werkwijzen": {"/werkwijzen/"},
    "thema’s": {"/themas/"},
}


# What residents ask, with pages of which one is in the first three.
QUESTIONS = {
    "messen op school": KNIVES,
    "drugs dealen in mijn straat": {ONDERMIJNING + "drugs/", *DRINK},
    "verwarde man op straat": {ZORG + "personen-met-verward-gedrag/"},
    "woninginbraak voorkomen": BURGLARIES,
    "festival geluidsoverlast": {ACTIONS + "alternatief-voor-het-festivalplein/"},
    "huiselijk geweld melden": {ZORG + "huiselijk-geweld/"},
    "prostitutie in een woning": {ONDERMIJNING + "mensenhandel/"},
    "vergunning geweigerd bibob": {ACTIONS + "intensivering-gebruik-wet-bibob/"},
    "drugslab in schuur buitengebied": {ACTIONS + "aanpak-buitengebieden/"},
    "ondermijning in de wijk": UNDERMINING,
}


def results(answer):
    """The addresses of the results in the order in which the page shows them."""
    return [one["url"] for group in answer.context["groups"] for one in group["results"]]


@pytest.mark.parametrize(("query", "pages"), FIRST_FIVE.items())
def test_what_people_look_for_is_in_the_first_five(query, pages, bezoeker):
    answer = bezoeker.get("/zoeken/", {"zoek": query})
    first_five = results(answer)[:5]
    assert pages <= set(first_five), first_five
    text = answer.content.decode()
    assert all(f'href="{page}"' in text for page in pages)


@pytest.mark.parametrize("reported", [False, True], ids=["", "and it was reported"])
def test_question_of_a_resident_is_answered_in_the_first_three(reported, jaarplan, bezoeker):
    if reported:
        for half in (1, 2):
            report = make_round(jaarplan, half, summary="Politie, school en wijk werken samen.")
            for action in jaarplan.actions.public():
                report_row(report, action, Status.ON_TRACK, action.body)
            adopt(report)
    for question, pages in QUESTIONS.items():
        first_three = results(bezoeker.get("/zoeken/", {"zoek": question}))[:3]
        assert pages & set(first_three), (question, first_three)


@pytest.mark.parametrize(
    ("query", "page"),
    [
        *((query, "/jaarplan/2020/") for query in ("jaarplan", "jaarplan 2020")),
        *((query, "/jaarplan/2020/") for query in ("het hele jaarplan", "jaarplan 2020 pdf")),
        *((query, "/jaarplan/2020/acties/") for query in ("acties", "acties 2020", "alle acties")),
    ],
)
def test_plan_itself_and_its_list_of_actions_come_first(query, page, bezoeker):
    assert results(bezoeker.get("/zoeken/", {"zoek": query}))[0] == page


@pytest.mark.parametrize(
    ("query", "page"),
    [
        *((query, WIJKEN + "cybercrime/") for query in ("phishing", "gehackt", "cyberpesten")),
        *((query, ONDERMIJNING + "drugs/") for query in ("drugspand", "drugsdealers in de buurt")),
    ],
)
def test_subject_itself_comes_first(query, page, bezoeker):
    assert results(bezoeker.get("/zoeken/", {"zoek": query}))[0] == page


@pytest.mark.parametrize(
    ("mistaken", "meant"),
    [
        ("straatintimidasie", "straatintimidatie"),
        ("florriade", "floriade"),
        ("flroiade", "floriade"),
        ("hacekn", "hacken"),  # no page has this word, a synonym does
        ("florriade veiligheidsplan", "floriade veiligheidsplan"),
        # One letter less in each word that people look for, also where it stands in compounds.
        ("inbaak", "inbraak"),
        ("ibraken", "inbraak"),  # "inbraken" is in "woninginbraken" alone
        ("overlst", "overlast"),
        ("messn", "messen"),
        ("vuurwapns", "vuurwapens"),
        ("ruie", "ruzie"),
        ("buen", "buren"),
        ("cybr", "cyber"),
        ("camra", "camera"),
        ("caf", "cafe"),
        ("enqute", "enquete"),
        ("drgs in het centrum", "drugs centrum"),
        ("branweer", "brandweer"),
        ("florade", "floriade"),
        ("hennp", "hennep"),
        ("cofeeshop", "coffeeshop"),
        ("radiaal", "radicalisering"),
        ("scool", "school"),
        ("jeud", "jeugd"),
        # These have the stem of the word that is meant, or nearly, and so find something.
        ("ondermijing", "ondermijning"),
        ("oveerlast", "overlast"),
        ("brandwer", "brandweer"),
        ("coffeshop", "coffeeshop"),
    ],
)
def test_mistyped_word_is_answered_with_the_word_meant(mistaken, meant, bezoeker):
    answer = bezoeker.get("/zoeken/", {"zoek": mistaken})
    assert answer.context["answer"].instead == meant
    assert "Bedoelde u" in answer.content.decode()
    assert results(answer)
    assert results(answer) == results(bezoeker.get("/zoeken/", {"zoek": meant}))


@pytest.mark.parametrize(
    "form",
    ["wapen", "criminele", "inbraken", "wijken", "radicale", "scholen", "jeugdige", "brandweren"],
)
def test_no_other_word_is_offered_for_a_form_of_a_word(form, bezoeker):
    answer = bezoeker.get("/zoeken/", {"zoek": form})
    assert results(answer)
    assert "Bedoelde u" not in answer.content.decode()


@pytest.mark.parametrize("mistaken", ["worrdt", "hebbben", "zondder"])
def test_no_word_is_offered_that_stands_in_every_text(mistaken, bezoeker):
    answer = bezoeker.get("/zoeken/", {"zoek": mistaken})
    assert f"Niets gevonden voor “{mistaken}”" in answer.content.decode()


@pytest.mark.parametrize(
    ("compound", "about"),
    [
        *(("drugshandel", "drugs"), ("drugsdealer", "drugs"), ("drugslab", "drugs")),
        *(("drugspand", "drugs"), ("hennepkwekerij", "hennep"), ("cyberaanval", "cyber")),
        *(("politiebureau", "politie"), ("vuurwerkverbod", "vuurwerk")),
        ("overlastszwaan", "overlast"),  # by an s that joins them
    ],
)
def test_compound_that_stands_nowhere_finds_what_it_begins_with(compound, about, bezoeker):
    answer = bezoeker.get("/zoeken/", {"zoek": compound})
    assert answer.context["answer"].instead == about
    assert "Bedoelde u" in answer.content.decode()
    assert results(answer)
    assert results(answer) == results(bezoeker.get("/zoeken/", {"zoek": about}))


@pytest.mark.parametrize(
    ("mistaken", "meant"),
    [
        # The first letter is one too many, changed places, or sounds like it.
        *(("xinbraak", "inbraak"), ("nibraak", "inbraak")),
        *(("kamera", "camera"), ("fuurwerk", "vuurwerk"), ("zamenwerking", "samenwerking")),
        *(("sijfers", "cijfers"), ("sentrum", "centrum"), ("sibercrime", "cybercrime")),
        *(("weiligheid", "veiligheid"), ("vijkagent", "wijkagent"), ("woorkomen", "voorkomen")),
        ("jeugt", "jeugd"),
    ],
)
def test_mistake_at_the_edge_of_a_word_is_forgiven(mistaken, meant, bezoeker):
    assert bezoeker.get("/zoeken/", {"zoek": mistaken}).context["answer"].instead == meant


@pytest.mark.parametrize(
    "word",
    [
        *("roeren", "vissen", "parkeren", "zwervers"),  # begin otherwise than what they resemble
        *("hond", "rook"),  # one wrong letter makes another word of a short one: "rond", "roof"
        *("beveiliging", "wandelaars"),  # "bevel" and "handel" lack more than an ending of them
    ],
)
def test_another_word_is_not_taken_for_a_typing_error(word, bezoeker):
    answer = bezoeker.get("/zoeken/", {"zoek": word})
    assert f"Niets gevonden voor “{word}”" in answer.content.decode()


@pytest.mark.parametrize("word", ["verkeersveiligheid", "voedselveiligheid", "veiligheidsriem"])
def test_part_of_a_compound_that_most_pages_have_stands_for_no_word(word, bezoeker):
    answer = bezoeker.get("/zoeken/", {"zoek": word})
    assert f"Niets gevonden voor “{word}”" in answer.content.decode()


@pytest.mark.parametrize("word", ["onderzeeboot", "drugsje"])
def test_beginning_that_tells_nothing_stands_for_no_word(word, bezoeker):
    assert bezoeker.get("/zoeken/", {"zoek": word}).context["answer"].instead == ""


@pytest.mark.parametrize(
    "query", ["almere haven", "muziekwijk almere", "oosterwold 2020", "2019 ufo"]
)
def test_city_and_year_find_nothing_beside_a_word_that_is_nowhere(query, bezoeker):
    assert (
        f"Niets gevonden voor “{query}”"
        in bezoeker.get("/zoeken/", {"zoek": query}).content.decode()
    )


@pytest.mark.parametrize(
    ("query", "without", "page"),
    [
        ("almere stad", "stad", ACTIONS + "aanpak-drank-en-drugsoverlast-op-straat/"),
        ("voortgangsrapportage 2020", "voortgangsrapportage", "/voortgang/"),
        ("veiligheidsplan 2020", "veiligheidsplan", "/jaarplan/2020/"),
        ("woninginbraken 2019", "woninginbraken", "/ontwikkelingen/2019/onderzoek-woninginbraken/"),
    ],
)
def test_city_and_year_tell_what_comes_first_and_keep_out_nothing(query, without, page, bezoeker):
    found = results(bezoeker.get("/zoeken/", {"zoek": query}))
    assert found[0] == page
    assert set(found) == set(results(bezoeker.get("/zoeken/", {"zoek": without})))


@pytest.fixture
def next_plan(jaarplan):
    """The plan of 2021, which goes on with all actions of 2020."""
    made = {"title": "Jaarplan 2021", "multi_year_plan": "Meerjarenplan"}
    plan = carry_over(jaarplan, year=2021, actions=list(jaarplan.actions.all()), **made)
    for draft in [plan, *plan.actions.all()]:
        publish(draft)
    return plan


def test_what_is_of_the_year_that_was_asked_for_comes_before_the_same_of_another(
    next_plan, bezoeker
):
    for query in ("jeugd", "drugs", "school en veiligheid", "cyber"):
        for year in (2020, 2021):
            answer = bezoeker.get("/zoeken/", {"zoek": f"{query} {year}"})
            hits = [one.year for one in answer.context["answer"].hits if one.kind == "acties"]
            assert hits[0] == year, (query, year)
            labels = [one["label"] for one in answer.context["groups"]]
            shown = [one for one in labels if one.startswith("Acties")]
            assert shown == [f"Acties {year}", f"Acties {4041 - year}"], (query, year)


@pytest.mark.parametrize("query", ["jeugd", "drugs"])
def test_subject_that_is_of_no_year_stays_before_the_actions_of_the_year(
    query, next_plan, bezoeker
):
    first = [
        results(bezoeker.get("/zoeken/", {"zoek": words}))[0] for words in (query, f"{query} 2020")
    ]
    assert first[0] == first[1]


@pytest.mark.parametrize("query", ["almere", "2020", "almere 2020"])
def test_city_and_year_alone_are_looked_for(query, bezoeker):
    assert results(bezoeker.get("/zoeken/", {"zoek": query}))


def test_every_word_counts_where_a_page_has_them_all(bezoeker):
    all_three = results(bezoeker.get("/zoeken/", {"zoek": "jeugd overlast aanpak"}))
    assert all_three
    both = bezoeker.get("/zoeken/", {"zoek": "jeugd overlast"}).context["answer"].hits
    assert set(all_three) <= {document.url for document in both}


def test_pages_with_some_of_the_words_come_where_none_has_them_all(bezoeker):
    answer = bezoeker.get("/zoeken/", {"zoek": "floriade hennep"})
    assert "Geen enkele pagina heeft al uw woorden" in answer.content.decode()
    assert set(results(answer)) >= {
        ACTIONS + "veiligheidsplan-floriade/",
        ACTIONS + "exploreren-risicogestuurde-aanpak/",
    }


def test_word_that_is_nowhere_is_left_out_and_said_to_be(bezoeker):
    answer = bezoeker.get("/zoeken/", {"zoek": "floriade qqqqqqq"})
    assert "“qqqqqqq”" in answer.content.decode()
    assert results(answer)[0] == ACTIONS + "veiligheidsplan-floriade/"


EIGHT = "overlast drugs alcohol straat jeugd school inbraak buren"
NOWHERE = "aaaaaaa bbbbbbb ccccccc ddddddd eeeeeee fffffff ggggggg hhhhhhh"


@pytest.mark.parametrize("first", [EIGHT, NOWHERE], ids=["found", "not found"])
def test_words_that_are_too_many_are_said_to_be_left_out(first, bezoeker):
    answer = bezoeker.get("/zoeken/", {"zoek": f"{first} de eenhoorn kwikstaart"})
    text = answer.content.decode()
    assert "U gebruikt te veel woorden. Wij zochten zonder: “eenhoorn”, “kwikstaart”." in text
    no_more = bezoeker.get("/zoeken/", {"zoek": f"{first} de en het"})
    assert "te veel woorden" not in no_more.content.decode()
    assert results(no_more) == results(answer)


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("", "Of kies een thema"),
        ("   ", "Of kies een thema"),
        ("z", "Eén letter is te weinig"),
        ("ik word", "Met deze woorden kunnen wij niet zoeken"),
        ("de het een en", "Met deze woorden kunnen wij niet zoeken"),
        ("qqqqqqq", "Niets gevonden voor “qqqqqqq”"),
        ("<script>alert(1)</script>", "voor “&lt;script&gt;alert(1)&lt;/script&gt;”"),
        ("'; DROP TABLE plan_action; --", "Niet"),
        ("x" * 5000, "Met deze woorden kunnen wij niet zoeken"),
        ("overlast " * 600, "langer dan 200 tekens"),
        ("\x00", "Of kies een thema"),
        ("🔥", "Met deze woorden kunnen wij niet zoeken"),
        ("((((((((((((((((", "Met deze woorden kunnen wij niet zoeken"),
        ("%%%___\\\\", "Met deze woorden kunnen wij niet zoeken"),
    ],
)
def test_strange_query_gets_a_sensible_page(query, sentence, bezoeker):
    answer = bezoeker.get("/zoeken/", {"zoek": query})
    assert answer.status_code == 200
    text = answer.content.decode()
    assert sentence in text
    assert "<script>alert" not in text
