"""The page of changes of an action that was put in the database without being published here."""

from plan.models import Action
from veiligalmere.editorial.publishing import State


def test_an_action_without_a_history_has_an_empty_one(jaarplan, bezoeker):
    model = Action.objects.public().first()
    action = Action(plan=jaarplan, theme=model.theme, title="Kaal", slug="kaal", body="Tekst")
    action.position, action.state = 1, State.PUBLISHED
    Action.objects.bulk_create([action])
    assert bezoeker.get("/jaarplan/2020/acties/kaal/wijzigingen/").status_code == 200
