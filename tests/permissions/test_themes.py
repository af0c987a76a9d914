"""Who is limited to a theme: is told nothing of the others, and decides nothing there."""

import pytest
from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from plan.models import Action, AnnualPlan, ProgressReport, ProgressUpdate, Status
from plan.progress.adoption import adopt
from tests.permissions.conftest import SECRET
from tests.progress.conftest import make_round, report_row, values
from tests.tooling.accounts import make_account
from tests.tooling.forms import posted
from themes.models import Indicator, Subtopic, Theme, WorkingMethod
from veiligalmere.editorial.admin import ContentAdmin
from veiligalmere.editorial.publish import discard_draft, withdraw
from veiligalmere.editorial.versions import draft_of

pytestmark = pytest.mark.django_db
CONTENT = [model for model, one in admin.site._registry.items() if isinstance(one, ContentAdmin)]
ROUND = "/beheer/voortgang/ronde/2020-1/"
WORDS = "Nog niet vastgestelde woorden."


def listing(model):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")


@pytest.fixture
def concepts(action):
    """Of every kind that a list can be filtered by, one that is a concept with a secret name."""
    theme = Theme.objects.create(number=9, name=SECRET, slug="geheim", icon="zorg", colour="zorg")
    plan = AnnualPlan.objects.create(year=2031, title=SECRET, multi_year_plan="MJP")
    method = WorkingMethod.objects.create(number=9, name=SECRET, short_name=SECRET, slug="geheim")
    Subtopic.objects.create(theme=theme, name=SECRET, slug="geheim", position=1)
    Indicator.objects.create(theme=theme, name=SECRET, slug="geheim")
    secret = Action.objects.create(
        plan=plan, theme=theme, title=SECRET, slug="geheim", body="T", position=1
    )
    secret.working_methods.add(method)
    make_round(plan, summary=WORDS)
    return secret


@pytest.mark.parametrize("model", CONTENT, ids=lambda model: model.__name__)
def test_no_filter_beside_a_list_names_concepts_of_others(elsewhere, concepts, model):
    answer = elsewhere.get(listing(model))
    assert answer.status_code == 200
    assert SECRET not in answer.content.decode()
    assert "2031-1" not in answer.content.decode()


@pytest.mark.parametrize("model", [Action, ProgressUpdate])
def test_who_has_no_limit_filters_by_concepts_too(redacteur, concepts, model):
    ProgressUpdate.objects.create(action=concepts, status=Status.ON_TRACK)
    assert f">{SECRET}</a>" in redacteur.get(listing(model)).content.decode()


def test_who_is_limited_works_on_the_own_theme_in_a_plan_that_is_a_concept(own_theme, action):
    plan = AnnualPlan.objects.create(year=2031, title="Jaarplan 2031", multi_year_plan="MJP")
    mine = Action.objects.create(
        plan=plan, theme=action.theme, title="Van mij", slug="van-mij", body="T", position=1
    )
    assert ">Jaarplan 2031</a>" in own_theme.get(listing(Action)).content.decode()
    page = f"/beheer/plan/action/{mine.pk}/change/"
    own_theme.post(page, posted(own_theme.get(page), button="_continue", title="Nog van mij"))
    mine.refresh_from_db()
    assert mine.title == "Nog van mij"


@pytest.fixture
def hidden(action):
    """What belongs to the action and is not public: a method, a figure and a predecessor."""
    method = WorkingMethod.objects.public().first()
    action.working_methods.add(method)
    withdraw(method, note="Wordt herschreven.")
    theme = Theme.objects.exclude(pk=action.theme_id).first()
    figure = Indicator.objects.create(theme=theme, name="Van elders", slug="van-elders")
    action.indicators.add(figure)
    plan = AnnualPlan.objects.create(year=2019, title="Jaarplan 2019", multi_year_plan="MJP")
    before = Action.objects.create(
        plan=plan, theme=theme, title="Van vorig jaar", slug="vorig", body="T", position=1
    )
    Action.objects.filter(pk=action.pk).update(predecessor=before)
    discard_draft(action)
    return method, figure, before


def test_what_a_form_does_not_offer_stays_when_it_is_saved(own_theme, action, hidden):
    method, figure, before = hidden
    page = f"/beheer/plan/action/{action.pk}/change/"
    form = own_theme.get(page)
    assert "Van elders" not in form.content.decode()
    assert "Van vorig jaar" not in form.content.decode()
    other = WorkingMethod.objects.public().exclude(pk__in=action.working_methods.all()).first()
    chosen = [*posted(form).get("working_methods", []), str(other.pk)]
    own_theme.post(page, posted(form, title="Zonder tikfout", working_methods=chosen))
    content = draft_of(action).content
    assert content["fields"]["title"] == "Zonder tikfout"
    assert {method.pk, other.pk} <= {one["pk"] for one in content["many"]["working_methods"]}
    assert figure.pk in {one["pk"] for one in content["many"]["indicators"]}
    assert content["fields"]["predecessor"]["pk"] == before.pk
    chosen = [str(other.pk)]
    own_theme.post(page, posted(own_theme.get(page), working_methods=chosen))
    methods = {one["pk"] for one in draft_of(action).content["many"]["working_methods"]}
    assert methods == {method.pk, other.pk}, "what it does offer can be taken away"


def test_what_a_form_does_not_offer_stays_when_a_conflict_is_settled(
    own_theme, eindredacteur, action
):
    page = f"/beheer/plan/action/{action.pk}/change/"
    mine = posted(own_theme.get(page), button="_continue", title="Zonder tikfout")
    theme = Theme.objects.exclude(pk=action.theme_id).first()
    figure = Indicator.objects.create(theme=theme, name="Ook van elders", slug="ook-van-elders")
    plan = AnnualPlan.objects.create(year=2019, title="Jaarplan 2019", multi_year_plan="MJP")
    before = Action.objects.create(
        plan=plan, theme=theme, title="Van vorig jaar", slug="vorig", body="T", position=1
    )
    changes = {"indicators": str(figure.pk), "predecessor": str(before.pk)}
    eindredacteur.post(page, posted(eindredacteur.get(page), **changes))
    answer = own_theme.post(page, mine)
    assert "heeft dit intussen opgeslagen" in answer.content.decode()
    assert not answer.context["adminform"].form.errors.keys() & {"indicators", "predecessor"}
    own_theme.post(page, posted(answer, button="_continue"))
    content = draft_of(action).content
    assert content["fields"]["title"] == "Zonder tikfout"
    assert content["fields"]["predecessor"]["pk"] == before.pk
    assert figure.pk in {one["pk"] for one in content["many"]["indicators"]}


def test_an_owner_who_left_stays_until_another_is_chosen(eindredacteur, action):
    left = make_account("redacteur", name="vertrokken")
    Action.objects.filter(pk=action.pk).update(owner=left)
    discard_draft(action)
    left.is_active = False
    left.save()
    page = f"/beheer/plan/action/{action.pk}/change/"
    form = eindredacteur.get(page)
    assert posted(form)["owner"] == [str(left.pk)]
    eindredacteur.post(page, posted(form, title="Zonder tikfout"))
    assert draft_of(action).content["fields"]["owner"]["pk"] == left.pk
    eindredacteur.post(page, posted(eindredacteur.get(page), owner=""))
    assert draft_of(action).content["fields"]["owner"] is None


@pytest.mark.parametrize("role", ["elsewhere", "eindredacteur"])
def test_no_address_by_kind_and_number_tells_where_a_concept_will_be(request, role, concepts):
    client = request.getfixturevalue(role)
    kind = ContentType.objects.get_for_model(Action).pk
    for address in (f"/beheer/r/{kind}/{concepts.pk}/", f"/beheer/r/%20{kind}/{concepts.pk}/"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "geheim" not in answer.get("Location", "")


@pytest.fixture
def somebody_elses_row(action):
    """The open round, in which words about the action wait to be adopted."""
    report = make_round(action.plan, summary=WORDS)
    report_row(report, action, Status.ON_TRACK, WORDS)
    return report


def test_an_eindredacteur_of_another_theme_sees_the_own_rows_of_the_round(
    chief_elsewhere, somebody_elses_row, action
):
    mine = Action.objects.public().editable_by(chief_elsewhere.user).count()
    page = chief_elsewhere.get(f"{ROUND}?alles=1").content.decode()
    assert page.count("data-row") == mine
    assert WORDS not in page
    assert action.title not in page
    assert f"0 van {mine} klaar" in page
    assert f"0 van {mine} klaar" in chief_elsewhere.get("/beheer/").content.decode()


def test_an_eindredacteur_of_another_theme_saves_no_row_of_it(
    chief_elsewhere, somebody_elses_row, action
):
    prefix = f"rij{action.pk}-"
    data = {f"{prefix}revision": 2, **{f"{prefix}{k}": v for k, v in values(Status.DONE).items()}}
    answer = chief_elsewhere.post(f"{ROUND}{action.pk}/", data)
    assert answer.status_code == 404
    assert WORDS not in answer.content.decode()
    assert ProgressUpdate.objects.get().explanation == WORDS


def test_an_owner_who_is_limited_to_another_theme_has_no_row_there(
    elsewhere, somebody_elses_row, action
):
    Action.objects.filter(pk=action.pk).update(owner=elsewhere.user)
    assert WORDS not in elsewhere.get(ROUND).content.decode()
    assert elsewhere.post(f"{ROUND}{action.pk}/", {"ongewijzigd": "1"}).status_code == 404


def test_an_eindredacteur_with_a_limit_adopts_nothing_and_opens_no_round(
    chief_elsewhere, somebody_elses_row
):
    for answer in (
        chief_elsewhere.get(f"{ROUND}vaststellen/"),
        chief_elsewhere.post(f"{ROUND}vaststellen/"),
        chief_elsewhere.get("/beheer/plan/progressreport/add/"),
    ):
        assert answer.status_code == 403
        assert WORDS not in answer.content.decode()
    assert ProgressReport.objects.get().is_open
    assert f"{ROUND}vaststellen/" not in chief_elsewhere.get(ROUND).content.decode()


@pytest.mark.parametrize("role", ["elsewhere", "chief_elsewhere"])
def test_the_summary_of_a_round_is_not_for_who_is_limited(request, role, somebody_elses_row):
    client = request.getfixturevalue(role)
    page = f"/beheer/plan/progressreport/{somebody_elses_row.pk}/change/"
    assert WORDS not in client.get(page, follow=True).content.decode()
    assert page not in client.get(listing(ProgressReport)).content.decode()
    adopt(somebody_elses_row)
    assert WORDS in client.get(page).content.decode()


def test_an_eindredacteur_with_a_limit_reminds_of_the_own_theme_alone(
    chief_elsewhere, redacteur, somebody_elses_row, action, settings, mailoutbox
):
    settings.MAIL_IS_SENT = True
    redacteur.user.email = "redacteur@almere.example"
    redacteur.user.save()
    other = Action.objects.public().filter(theme=action.theme).exclude(pk=action.pk).first()
    Action.objects.filter(pk=other.pk).update(owner=redacteur.user)
    remind = {"eigenaar": redacteur.user.pk}
    answer = chief_elsewhere.post(f"{ROUND}herinneren/", remind, follow=True)
    assert "ontbreekt niets meer" in answer.content.decode()
    mine = Action.objects.public().editable_by(chief_elsewhere.user).first()
    Action.objects.filter(pk=mine.pk).update(owner=redacteur.user)
    chief_elsewhere.post(f"{ROUND}herinneren/", remind)
    assert mine.title in mailoutbox[0].body
    assert other.title not in mailoutbox[0].body


def test_who_is_limited_blacks_out_nothing(chief_elsewhere, eindredacteur, action):
    data = {"words": SECRET, "rule": "artikel 10 van de AVG", "zoeken": "1"}
    assert chief_elsewhere.post("/beheer/zwartlakken/", data).status_code == 403
    assert "/beheer/zwartlakken/" not in chief_elsewhere.get("/beheer/").content.decode()
