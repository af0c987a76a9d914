"""The plan as its fixtures have it, without Django: the records, and the whole plan as HTML."""

from html import escape
from pathlib import Path

import yaml
from markdown_it import MarkdownIt

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"

_markdown = MarkdownIt("commonmark", {"html": False})


def records(name: str) -> list[dict]:
    """The fields of each object in `fixtures/<name>.yaml`, in the file's order."""
    text = (FIXTURES / f"{name}.yaml").read_text(encoding="utf-8")
    return [entry["fields"] for entry in yaml.safe_load(text)]


def plan_html(themes: list[dict], passages: list[dict], actions: list[dict]) -> str:
    """All that the plan says, in the order of its positions, as one element `plantekst`.

    The heading of a theme comes before the first piece of it; headings have no levels here.
    """
    titles = {theme["slug"]: f"Thema {theme['number']}: {theme['name']}" for theme in themes}
    current = None
    html = []
    for piece in sorted([*passages, *actions], key=lambda piece: piece["position"]):
        theme = piece["theme"] and piece["theme"][0]
        if theme and theme != current:
            html.append(_heading(titles[theme]))
        current = theme
        if piece["heading"]:
            html.append(_heading(piece["heading"]))
        html.append(_markdown.render(piece["body"]))
    return f'<div class="plantekst">{"".join(html)}</div>'


def _heading(text):
    return f"<h2>{escape(text)}</h2>"
