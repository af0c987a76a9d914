"""JSON-LD nodes as Turtle (W3C RDF 1.1), as far as the description of our data needs it."""

import json


def as_turtle(nodes, prefixes):
    """Return JSON-LD `nodes` as a Turtle document; nodes inside others are told on their own.

    Every node has an `@id`, every key is a name with one of `prefixes`: {prefix: address}.
    """
    statements = {}
    for node in nodes:
        _tell(node, statements)
    lines = [f"@prefix {prefix}: <{address}> ." for prefix, address in prefixes.items()]
    for subject, predicates in statements.items():
        lines.append(f"\n{subject}\n    " + " ;\n    ".join(predicates) + " .")
    return "\n".join(lines) + "\n"


def _tell(node, statements):
    """Add what `node` says to `statements`, {subject: its predicates}; return its name."""
    name = f"<{node['@id']}>"
    predicates = []
    if "@type" in node:
        predicates.append(f"a {node['@type']}")
    for key, values in node.items():
        if not key.startswith("@"):
            told = [_object(value, statements) for value in _as_list(values)]
            predicates.append(f"{key} {', '.join(told)}")
    if predicates:
        known = statements.setdefault(name, [])
        known += [one for one in predicates if one not in known]
    return name


def _object(value, statements):
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if "@value" in value:
        return f"{json.dumps(value['@value'], ensure_ascii=False)}@{value['@language']}"
    return _tell(value, statements)


def _as_list(values):
    return values if isinstance(values, list) else [values]
