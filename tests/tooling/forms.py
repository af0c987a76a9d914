"""Filling in a page's form as a browser would."""

import html5lib

NAMESPACE = "{http://www.w3.org/1999/xhtml}"


def posted(response, *, form=0, button=None, **changes):
    """Return what a browser would post of a form on the page `response`, as {name: value}.

    `form` is the number of the form among those that post, or a name that one of its fields has;
    `changes` replace the values of fields, `button` is the name of the button that is pressed. A
    field that does not exist is refused, so that a typing error can't pass for a test.
    """
    document = html5lib.parse(response.content.decode())
    forms = [
        one for one in document.iter(f"{NAMESPACE}form") if one.get("method", "").lower() == "post"
    ]
    forms = [one for one in forms if not (one.get("action") or "").endswith("/logout/")]
    if isinstance(form, str):
        chosen = next(one for one in forms if form in dict(_controls(one)))
    else:
        chosen = forms[form]
    data = {}
    for name, control in _controls(chosen):
        for value in _values(control):
            data.setdefault(name, []).append(value)
    names = {name for name, _ in _controls(chosen)}
    assert not changes.keys() - names, f"no field {changes.keys() - names} in {sorted(names)}"
    for name, value in changes.items():
        data[name] = value if isinstance(value, list) else [value]
    if button:
        assert button in names, f"no button {button} in {sorted(names)}"
        data[button] = ["1"]
    return data


def _controls(form):
    """Yield (name, element) of everything in the form that can be posted."""
    for element in form.iter():
        tag = str(element.tag).removeprefix(NAMESPACE)
        if tag in {"input", "textarea", "select", "button"} and element.get("name"):
            yield element.get("name"), element


def _values(element):
    """Return what the element posts unless it is touched, as a list."""
    tag = str(element.tag).removeprefix(NAMESPACE)
    kind = element.get("type", "text")
    if tag == "textarea":
        return ["".join(element.itertext()).replace("\n", "\r\n")]
    if tag == "select":
        options = list(element.iter(f"{NAMESPACE}option"))
        chosen = [one for one in options if one.get("selected") is not None]
        if not chosen and element.get("multiple") is None:
            chosen = options[:1]
        return [one.get("value", "") for one in chosen]
    if tag == "button" or kind in {"submit", "button", "file", "image"}:
        return []
    if kind in {"checkbox", "radio"}:
        return [element.get("value", "on")] if element.get("checked") is not None else []
    return [element.get("value", "")]
