"""What the form's script does in a real browser, under the strict policy."""

import re

import pytest

pytestmark = pytest.mark.browser


@pytest.fixture
def form(open_page, logged_in_state):
    """The form of the first working method."""
    page = open_page(storage_state=logged_in_state("beheerder"))
    page.goto("/beheer/themes/workingmethod/")
    page.click("#result_list tbody th a")
    return page


def test_typed_text_survives_a_closed_browser(form, open_page, log_in):
    address = form.url
    name = form.input_value("#id_short_name")
    with form.expect_response(
        lambda answer: (
            answer.url.endswith("/getypt/") and "_getypt" in (answer.request.post_data or "")
        )
    ):
        form.fill("#id_short_name", "Nog niet opgeslagen")
    form.get_by_text("Uw tekst is tussendoor bewaard").wait_for()
    form.context.close()

    page = open_page()
    log_in(page, "beheerder")
    page.goto(address)
    assert page.input_value("#id_short_name") == name
    page.click("text=Tekst terughalen")
    assert page.input_value("#id_short_name") == "Nog niet opgeslagen"
    page.goto(address)
    page.click("text=Tekst weggooien")
    page.get_by_text("is weggegooid").wait_for()


# Hides the page, and returns of each text that it then sends whether that outlives the page.
HIDE = """() => {
    const { fetch } = window;
    const sent = [];
    window.fetch = (address, options = {}) => {
        if (options.method === "POST" && address.endsWith("/getypt/")) sent.push(options.keepalive);
        return fetch(address, options);
    };
    Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
    delete document.visibilityState;
    window.fetch = fetch;
    return sent;
}"""


def test_text_typed_just_before_a_page_is_left_outlives_it(form):
    """Safari stops what else is on its way; no browser lets more than 64 kB outlive its page."""
    address = form.url
    for text, outlives in [("Laatste zin", True), ("Laatste zin. " * 8_000, False)]:
        form.fill("#id_description", text)
        with form.expect_response(
            lambda answer: "_getypt" in (answer.request.post_data or "")
        ) as kept:
            assert form.evaluate(HIDE) == [outlives]
        assert kept.value.ok
    forget(form, address)


def test_a_colleague_who_opens_the_form_is_announced(form, open_page, log_in):
    form.get_by_label("Korte naam").wait_for()
    page = open_page()
    log_in(page, "eindredacteur")
    with page.expect_response(lambda answer: answer.url.endswith("/getypt/")):
        page.goto(form.url)
    page.get_by_text("beheerder bewerkt dit sinds").wait_for()


def test_a_double_click_sends_the_form_once(form):
    sent = []
    form.on("request", lambda request: sent.append(request.url) if is_save(request) else None)
    form.locator("[name=_continue]").first.dblclick()
    form.get_by_text("Er was niets gewijzigd").wait_for()
    assert len(sent) == 1


def hold_typed(form):
    """Type, hold that on its way to be kept, and take it back; return (that request, saves)."""
    held, saves = [], []

    def hold(route):
        if "_getypt" in (route.request.post_data or ""):
            held.append(route)
        else:
            route.continue_()

    form.route("**/getypt/", hold)
    form.on("request", lambda request: saves.append(request.url) if is_save(request) else None)
    name = form.input_value("#id_short_name")
    with form.expect_request(lambda request: "_getypt" in (request.post_data or "")):
        form.fill("#id_short_name", "Op weg")
    form.fill("#id_short_name", name)  # the site is shared by all tests
    return held[0], saves


def test_a_save_waits_for_what_is_on_its_way_to_be_kept(form):
    address = form.url
    route, saves = hold_typed(form)
    # Twice, as who sees nothing happen does.
    form.locator("[name=_continue]").first.dblclick(no_wait_after=True)
    form.get_by_text("Uw tekst wordt opgeslagen").wait_for()
    assert not saves
    route.continue_()
    form.get_by_text("Er was niets gewijzigd").wait_for()
    assert len(saves) == 1
    form.goto(address)
    assert form.get_by_text("Tekst terughalen").count() == 0


def test_a_save_does_not_wait_for_ever(form):
    _route, saves = hold_typed(form)
    form.locator("[name=_continue]").first.click(no_wait_after=True)
    form.get_by_text("Er was niets gewijzigd").wait_for()
    assert len(saves) == 1


@pytest.mark.slow
def test_a_save_that_was_stopped_leaves_a_form_that_works(form):
    name = form.input_value("#id_short_name")
    held = []

    def hold(route):
        if is_save(route.request) and not held:
            held.append(route)
        else:
            route.continue_()

    form.route("**/change/", hold)
    with form.expect_request(is_save):
        form.locator("[name=_continue]").first.click(no_wait_after=True)
    form.wait_for_timeout(500)
    held[0].abort("aborted")  # as the button of the browser that stops loading
    form.wait_for_timeout(16_000)
    with form.expect_request(lambda request: "_getypt" in (request.post_data or "")):
        form.fill("#id_short_name", "Verder getypt")
    form.fill("#id_short_name", name)  # the site is shared by all tests
    form.locator("[name=_continue]").first.click()
    form.get_by_text("Er was niets gewijzigd").wait_for()


def is_save(request):
    return request.method == "POST" and request.url.endswith("/change/")


def refuse(form):
    """Press the button to save with a field that is wrong, before what was typed is kept."""
    form.fill("#id_short_name", "Laatste zin")
    form.fill("#id_name", "")
    form.locator("[name=_continue]").first.click()
    form.locator(".errornote").wait_for()


def forget(page, address):
    """Throw away what was kept: the site is shared by all tests."""
    page.goto(address)
    page.click("text=Tekst weggooien")
    page.get_by_text("is weggegooid").wait_for()


@pytest.mark.slow
def test_text_of_a_save_that_was_refused_survives_a_page_that_is_closed_at_once(
    form, open_page, log_in
):
    address = form.url
    refuse(form)
    form.context.close()

    page = open_page()
    log_in(page, "beheerder")
    page.goto(address)
    page.click("text=Tekst terughalen")
    assert page.input_value("#id_short_name") == "Laatste zin"
    assert page.input_value("#id_name") == ""
    forget(page, address)


def test_who_leaves_a_form_that_is_not_saved_is_warned(form):
    address = form.url
    warnings = []

    def stay(dialog):
        warnings.append(dialog.type)
        dialog.dismiss()

    def leave():
        form.get_by_role("link", name="Mijn werk").click(no_wait_after=True)
        form.wait_for_timeout(300)

    form.on("dialog", stay)
    refuse(form)
    assert not warnings
    form.locator("#id_short_name").click()  # a browser warns only who did something on the page
    leave()
    assert warnings == ["beforeunload"]
    assert form.url == address
    assert form.input_value("#id_short_name") == "Laatste zin"
    form.remove_listener("dialog", stay)
    forget(form, address)
    form.on("dialog", stay)
    leave()
    form.wait_for_url("**/beheer/")
    assert warnings == ["beforeunload"]


@pytest.mark.slow
def test_a_date_that_is_chosen_with_a_link_counts_as_typed(open_page, logged_in_state):
    page = open_page(storage_state=logged_in_state("beheerder"))
    address = "/beheer/plan/development/add/"
    page.goto(address)
    warnings = []

    def stay(dialog):
        warnings.append(dialog.type)
        dialog.dismiss()

    page.on("dialog", stay)
    page.get_by_role("link", name="Vandaag", exact=True).first.click()
    assert page.input_value("#id_date")
    with page.expect_response(
        lambda answer: "_getypt" in (answer.request.post_data or ""), timeout=25_000
    ):
        page.get_by_role("link", name="Mijn werk").click(no_wait_after=True)
    assert warnings == ["beforeunload"]
    page.remove_listener("dialog", stay)
    forget(page, address)


@pytest.mark.slow
def test_who_was_logged_out_keeps_the_link_to_log_in(form):
    def type_elsewhere():
        with form.expect_response(
            lambda answer: answer.url.endswith("/getypt/") and answer.request.method == "POST"
        ):
            form.locator("#id_short_name").dispatch_event("input")

    form.context.clear_cookies(name=re.compile("session"))
    type_elsewhere()
    link = form.get_by_role("link", name="Log in een nieuw tabblad in")
    link.focus()
    type_elsewhere()
    type_elsewhere()  # by then what the second led to has been done
    assert link.evaluate("it => it === document.activeElement")


@pytest.mark.slow
def test_without_a_script_the_text_of_a_save_that_was_refused_is_offered_too(open_page, log_in):
    page = log_in(open_page(java_script_enabled=False), "beheerder")
    page.goto("/beheer/themes/workingmethod/")
    page.click("#result_list tbody th a")
    address = page.url
    refuse(page)
    page.goto(address)
    page.click("text=Tekst terughalen")
    assert page.input_value("#id_short_name") == "Laatste zin"
    forget(page, address)


@pytest.mark.parametrize("script", [True, False])
def test_the_focus_goes_to_what_is_wrong_and_from_there_to_the_field(open_page, log_in, script):
    page = log_in(open_page(java_script_enabled=script), "beheerder")
    page.goto("/beheer/themes/workingmethod/")
    page.click("#result_list tbody th a")
    address = page.url
    refuse(page)
    assert page.locator(".mistakes:focus").count() == 1
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.locator("#id_name:focus").wait_for()
    forget(page, address)


def test_on_the_form_for_a_new_object_too(page, log_in):
    log_in(page, "beheerder")
    address = "/beheer/themes/workingmethod/add/"
    page.goto(address)
    refuse(page)
    page.wait_for_load_state("networkidle")
    assert page.locator(".mistakes:focus").count() == 1
    forget(page, address)


@pytest.mark.parametrize("script", [True, False])
def test_a_colleague_who_was_first_is_told_where_the_page_begins(
    script, open_page, logged_in_state
):
    late = open_page(storage_state=logged_in_state("eindredacteur"), java_script_enabled=script)
    late.goto("/beheer/themes/synonym/")
    late.click("#result_list tbody th a")
    words = late.input_value("#id_words")
    first = open_page(storage_state=logged_in_state("beheerder"))
    first.goto(late.url)
    first.fill("#id_words", "stank\ngeur")
    first.click("[name=_save]")
    first.wait_for_url("**/synonym/")
    late.fill("#id_words", "lawaai\nherrie")
    late.click("[name=_save]")
    told = late.get_by_role("region", name="heeft dit intussen opgeslagen")
    told.wait_for()
    assert late.evaluate("document.activeElement.matches('.standing--conflict')")
    assert late.title().startswith("Fout: ")
    assert told.bounding_box()["y"] < 360
    late.fill("#id_words", words)  # the site is shared by all tests
    late.click("[name=_save]")
    late.wait_for_url("**/synonym/")


def test_enter_in_a_field_saves_also_where_unsaved_text_is_offered(form):
    address = form.url
    refuse(form)
    form.goto(address)
    form.get_by_text("Tekst weggooien").wait_for()
    form.locator("#id_short_name").press("Enter")
    form.get_by_text("Er was niets gewijzigd").wait_for()
    forget(form, address)  # it is another form's, and stays until then
