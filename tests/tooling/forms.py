"""Filling in a page's form as a browser would."""

import re
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urljoin


def posted(response, *, form=0, button=None, **changes):
    """Return what a browser would post of a form on the page `response`, as {name: value}.

    `form` is the number of the form among those that post, or a name that one of its fields has;
    `changes` replace the values of fields, `button` is the name of the button that is pressed. A
    field that does not exist is refused, so that a typing error can't pass for a test.
    """
    forms = _forms(response.content.decode())
    if isinstance(form, str):
        chosen = next(one for one in forms if any(form == control.name for control in one))
    else:
        chosen = forms[form]
    data = {}
    for control in chosen:
        for value in control.values:
            data.setdefault(control.name, []).append(value)
    names = {control.name for control in chosen}
    assert not changes.keys() - names, f"no field {changes.keys() - names} in {sorted(names)}"
    for name, value in changes.items():
        data[name] = value if isinstance(value, list) else [value]
    if button:
        assert button in names, f"no button {button} in {sorted(names)}"
        data[button] = ["1"]
    return data


def assert_it_begins_at(response, heading):
    """Assert that a refusal is in the page's title and that what `heading` names has the focus.

    `heading` is the id of a heading.
    """
    page = response.content.decode()
    assert "<title>Fout: " in page
    (begins,) = re.findall(r"<[^>]* autofocus[^>]*>", page)
    assert f'aria-labelledby="{heading}"' in begins
    assert 'tabindex="-1"' in begins


def take_back(client, address):
    """Open the form at `address` with the newest text in it that was typed and not saved."""
    offered = re.search(r'href="(\?terughalen=[^"]+)"', client.get(address).content.decode())
    assert offered, "no text is offered"
    return client.get(urljoin(address, unescape(offered[1])))


def _forms(page):
    """Return the controls of each form that posts, but for the one to log out."""
    # As a browser reads a page.
    page = page.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")
    reader = _Reader()
    reader.feed(page[page.find("<form") : page.rfind("</form>") + len("</form>")])
    reader.close()
    return reader.forms


class _Control:
    """Something in a form that can be posted: its `text` is a textarea's, `options` a select's."""

    def __init__(self, tag, attributes):
        self.tag = tag
        self.attributes = attributes
        self.name = attributes["name"]
        self.text = ""
        self.options = []

    @property
    def values(self):
        """What it posts unless it is touched, as a list."""
        kind = self.attributes.get("type", "text")
        if self.tag == "textarea":
            return [self.text.removeprefix("\n").replace("\n", "\r\n")]
        if self.tag == "select":
            chosen = [one for one in self.options if "selected" in one]
            if not chosen and "multiple" not in self.attributes:
                chosen = self.options[:1]
            return [one.get("value", "") for one in chosen]
        if self.tag == "button" or kind in {"submit", "button", "file", "image"}:
            return []
        if kind in {"checkbox", "radio"}:
            return [self.attributes.get("value", "on")] if "checked" in self.attributes else []
        return [self.attributes.get("value", "")]


class _Reader(HTMLParser):
    """Reads the controls of each form into `forms`."""

    def __init__(self):
        super().__init__()
        self.forms = []
        self._form = None
        self._control = None
        self._templates = 0  # inside how many; what is in one is no part of the page

    def handle_starttag(self, tag, attributes):
        if tag == "template":
            self._templates += 1
        if not self._templates:
            self._start(tag, {name: value or "" for name, value in attributes})

    def _start(self, tag, attributes):
        if tag == "form":
            self._form = []
            posts = attributes.get("method", "").lower() == "post"
            if posts and not attributes.get("action", "").endswith("/logout/"):
                self.forms.append(self._form)
        elif self._form is not None and tag in {"input", "textarea", "select", "button"}:
            self._control = None
            if attributes.get("name"):
                self._control = _Control(tag, attributes)
                self._form.append(self._control)
        elif tag == "option" and self._control:
            self._control.options.append(attributes)

    def handle_data(self, data):
        if self._control and self._control.tag == "textarea":
            self._control.text += data

    def handle_endtag(self, tag):
        if tag == "template":
            self._templates -= 1
        elif tag == "form" and not self._templates:
            self._form = None
        elif tag in {"textarea", "select"}:
            self._control = None
