"""The floors, where import-linter can't look: what the contract names, and ties by string."""

import ast
import re
import tomllib

import pytest
from django.apps import apps
from django.db.migrations.loader import MigrationLoader

from tests.tooling.environment import ROOT

# From below upward: the folder of a floor, its app, and the apps above it, which it must not know.
FLOORS = {
    "veiligalmere/editorial": ("editorial", {"themes", "plan", "pages"}),
    "themes": ("themes", {"plan", "pages"}),
    "plan": ("plan", {"pages"}),
}


def modules_in(folder):
    """Return the dotted names of the modules and packages directly in `folder`."""
    files = {path.stem for path in folder.glob("*.py")} - {"__init__"}
    packages = {path.parent.name for path in folder.glob("*/__init__.py")}
    return {f"{folder.name}.{name}" for name in files | packages}


def relations_between(app, others):
    """Return how the models of `app` reach those of the apps `others`, as "Action.theme".

    That is by their own fields, and by what Django gives them in return for another's: a foreign
    key that says related_name="+" gives nothing.
    """
    return [
        f"{model.__name__}.{field.name}"
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.get_fields()
        if field.related_model and field.related_model._meta.app_label in others
    ]


def strings_naming(names, source):
    """Return the strings in a Python file that are one of the names, or go on from it: "plan.…"."""
    strings = [
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return [text for text in strings if re.fullmatch(rf"({'|'.join(names)})(\.[\w.]+)?", text)]


def test_contract_names_every_module_of_the_top_floor():
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    layers = contract["tool"]["importlinter"]["contracts"][0]["layers"]
    assert layers[1:] == ["plan", "themes", "veiligalmere.editorial"]
    named = {name.strip() for name in layers[0].split(":")}
    assert named == modules_in(ROOT / "veiligalmere") - {"veiligalmere.editorial"}


@pytest.mark.parametrize("folder", FLOORS)
def test_no_model_reaches_a_floor_above(folder):
    app, apps_above = FLOORS[folder]
    assert relations_between(app, apps_above) == []


def test_models_reach_floors_below():
    assert "Action.theme" in relations_between("plan", {"themes"})


@pytest.mark.parametrize("folder", FLOORS)
def test_no_migration_depends_on_a_floor_above(folder):
    app, apps_above = FLOORS[folder]
    migrations = MigrationLoader(None).disk_migrations
    assert any(owner == app for owner, _ in migrations)
    upward = [
        (name, dependency)
        for (owner, name), migration in migrations.items()
        if owner == app
        for dependency in [*migration.dependencies, *migration.run_before]
        if dependency[0] in apps_above
    ]
    assert upward == []


@pytest.mark.parametrize("folder", FLOORS)
def test_no_file_names_a_floor_above(folder):
    _, apps_above = FLOORS[folder]
    files = sorted((ROOT / folder).rglob("*.py"))
    assert files
    upward = {
        str(path.relative_to(ROOT)): found
        for path in files
        if (found := strings_naming(apps_above, path.read_text("utf-8")))
    }
    assert upward == {}


@pytest.mark.parametrize(
    "source",
    [
        'models.ForeignKey("plan.Action", models.CASCADE)',
        'apps.get_model("plan", "Action")',
        'importlib.import_module("plan.models.action")',
    ],
)
def test_each_way_to_name_a_floor_is_seen(source):
    assert strings_naming({"plan", "pages"}, source)
