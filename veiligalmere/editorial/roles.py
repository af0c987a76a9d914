"""The roles of the back-office: which group may do what.

The groups themselves are made by a migration. Their rights follow the models that there are, so
they are completed after every `migrate`; what an administrator added is left.
"""

from django.apps import apps as all_apps
from django.contrib.auth.management import create_permissions

from veiligalmere.editorial.project import is_ours
from veiligalmere.editorial.publishing import Publishable

EDITOR = "Redacteur"
CHIEF_EDITOR = "Eindredacteur"
ADMINISTRATOR = "Beheerder"
ROLES = (EDITOR, CHIEF_EDITOR, ADMINISTRATOR)

ALL = ("view", "add", "change", "delete")
CHIEF_RIGHTS = ("publish_content", "black_out")
MAY_PUBLISH = "editorial.publish_content"


def grant_rights(app_config, using="default", **kwargs):
    """Give the groups their rights on the models of one app of this project or on accounts."""
    models = list(app_config.get_models())
    if not models:
        return
    create_permissions(app_config, verbosity=0, using=using)
    group = all_apps.get_model("auth", "Group").objects.using(using)
    permissions = all_apps.get_model("auth", "Permission").objects.using(using)
    for name in ROLES:
        role = group.filter(name=name).first()
        if role is None:
            continue
        codenames = {
            f"{right}_{model._meta.model_name}" for model in models for right in rights(name, model)
        }
        if app_config.label == "editorial" and name != EDITOR:
            codenames |= set(CHIEF_RIGHTS)
        if name != EDITOR:
            codenames |= {
                codename
                for model in models
                if is_ours(model)
                for codename, _label in model._meta.permissions
            }
        found = permissions.filter(
            content_type__app_label=app_config.label,
            codename__in=codenames,
        )
        # Not by add(): its signal is for what administrators change, which goes in the log.
        given = role.permissions.through
        given.objects.using(using).bulk_create(
            [given(group_id=role.pk, permission_id=one.pk) for one in found],
            ignore_conflicts=True,
        )


def rights(role, model):
    """Return what `role` may do with objects of `model`: some of view, add, change, delete.

    An editor writes what has a state, so that nothing goes live without a chief editor, and places
    images. What is public at once is for chief editors, accounts are for administrators.
    """
    if not is_ours(model):
        accounts = model._meta.label in {"auth.User", "auth.Group"}
        return ALL if accounts and role == ADMINISTRATOR else ()
    if getattr(model, "kept_by_the_site", False):
        return ()
    if role != EDITOR:
        return ALL
    if issubclass(model, Publishable) or _belongs_to_content(model):
        return ALL
    return ("view", "add", "change") if model._meta.label == "editorial.Image" else ("view",)


def _belongs_to_content(model):
    """Whether objects of `model` are edited as a part of something with a state."""
    return any(
        issubclass(field.related_model, Publishable)
        and field.remote_field.get_accessor_name() in field.related_model.snapshot_children
        for field in model._meta.concrete_fields
        if field.is_relation and field.related_model
    )
