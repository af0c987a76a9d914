"""What is made with the link beside boxes to tick comes among them."""

import pytest

pytestmark = pytest.mark.browser


def test_what_is_made_beside_boxes_to_tick_comes_among_them(open_page, logged_in_state):
    page = open_page(storage_state=logged_in_state("beheerder"))
    page.goto("/beheer/plan/action/")
    page.click("#result_list tbody th a")
    boxes = page.get_by_role("group", name="Plaatsen").get_by_role("checkbox")
    boxes.first.wait_for()
    address = page.url
    before = boxes.count()
    with page.expect_popup() as opened:
        page.click("#add_id_places")
    opened.value.fill("#id_name", "Wijk <b>& rand</b>")
    kept = page.expect_response(lambda answer: "_getypt" in (answer.request.post_data or ""))
    with kept as typed, opened.value.expect_event("close"):
        opened.value.click("[name=_save]")
    assert boxes.count() == before + 1
    box = page.get_by_role("checkbox", name="Wijk <b>& rand</b>", exact=True)
    assert box.is_checked()
    assert box.evaluate("it => it === document.activeElement")
    # It is part of what the form sends, under the name of the field.
    place = box.input_value()
    assert f"&places={place}&" in typed.value.request.post_data
    # The site is shared by all tests.
    page.goto(address)
    page.click("text=Tekst weggooien")
    page.goto(f"/beheer/themes/place/{place}/delete/")
    page.get_by_role("button", name="Ja").click()
    page.wait_for_url("**/themes/place/")
