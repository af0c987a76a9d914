"""Admin of accounts, with the themes that an account is limited to, and of roles."""

from django import forms
from django.apps import apps
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.contrib.auth.models import Group, Permission, User
from django.db.models import Q
from django_otp.plugins.otp_static.admin import StaticDevice
from django_otp.plugins.otp_totp.admin import TOTPDevice

from themes.models import ThemeLimit
from veiligalmere.editorial.admin.choices import GroupsMixin, TickBoxes
from veiligalmere.editorial.login.log import note
from veiligalmere.editorial.login.sessions import end_sessions
from veiligalmere.editorial.mailing import validate_can_be_mailed
from veiligalmere.editorial.project import is_ours

# Devices hold secrets: they are set up by their owners and wiped here, and shown to nobody. They
# come from the modules that register them, so that none is registered after this.
for model in (User, Group, StaticDevice, TOTPDevice):
    if admin.site.is_registered(model):
        admin.site.unregister(model)


RIGHTS = {"view": "bekijken", "add": "toevoegen", "change": "wijzigen", "delete": "verwijderen"}


class RightsField(forms.ModelMultipleChoiceField):
    """Rights to tick, in Dutch; Django keeps the names of its own in English."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, right):
        """Return the kind of object and what may be done with it."""
        does = RIGHTS.get(right.codename.partition("_")[0], right.name)
        return f"{right.content_type.name}: {does}"


class TickedMixin(GroupsMixin):
    """Gives a ModelAdmin boxes to tick for many of something, in Dutch for rights.

    Django's own widget moves things between two lists, and gives them no names that are read out.
    """

    filter_horizontal = ()

    def formfield_for_manytomany(self, db_field, request, **kwargs):
        """Return the field; for rights, with those on what the site holds and any that were given.

        Single rights of an account are rights as well.
        """
        if db_field.related_model is not Permission:
            kwargs["widget"] = TickBoxes
            return super().formfield_for_manytomany(db_field, request, **kwargs)
        ours = {model._meta.app_label for model in apps.get_models() if is_ours(model)}
        given = Q(group__isnull=False) | Q(user__isnull=False)
        rights = Permission.objects.filter(Q(content_type__app_label__in=ours | {"auth"}) | given)
        return RightsField(
            rights.select_related("content_type")
            .order_by("content_type__app_label", "content_type__model", "pk")
            .distinct(),
            label=db_field.verbose_name.capitalize(),
            required=False,
        )


@admin.register(Group)
class RoleAdmin(TickedMixin, GroupAdmin):
    """Roles, each with the rights that it gives."""


class ThemeLimitInline(TickedMixin, admin.StackedInline):
    """The limit of one account, if it has one."""

    model = ThemeLimit
    extra = 1
    verbose_name = "Beperken tot thema’s"


class NewAccountForm(AdminUserCreationForm):
    """An account for a colleague, who may log in, and chooses a password by mail if none is given.

    Django's field to do without passwords is for sites that know another way to log in.
    """

    usable_password = None

    class Meta(AdminUserCreationForm.Meta):
        fields = ["username", "first_name", "last_name", "email", "groups"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "groups" in self.fields:
            self.fields["groups"].label = "Rol"
            self.fields["groups"].required = True
        if not settings.MAIL_IS_SENT:
            self.fields["password1"].required = self.fields["password2"].required = True

    def validate_passwords(self, *args, **kwargs):
        """Ask for a password, or for the address to which its owner has a link sent."""
        given = [self.data.get(self.add_prefix(name)) for name in ("password1", "password2")]
        if any(given) or not settings.MAIL_IS_SENT:
            super().validate_passwords(*args, **kwargs)
            return
        self.cleaned_data["set_usable_password"] = False
        if not self.cleaned_data.get("email") and "email" not in self.errors:
            self.add_error("email", "Vul een adres in, of geef het account een wachtwoord.")

    def save(self, commit=True):
        """Return the account, which may log in here: it is for nothing else."""
        self.instance.is_staff = True
        return super().save(commit)


@admin.register(User)
class AccountAdmin(TickedMixin, UserAdmin):
    """Accounts of the people who work in the back-office."""

    inlines = [ThemeLimitInline]
    list_display = ["username", "first_name", "last_name", "email", "is_active", "last_login"]
    list_filter = ["is_active", "is_staff", "groups"]
    ordering = ["username"]

    actions = ["wipe_second_step", "log_out"]
    add_form = NewAccountForm
    add_form_template = None
    add_fieldsets = [
        (None, {"fields": ["username", "first_name", "last_name", "email", "groups"]}),
        (
            "Wachtwoord",
            {
                "fields": ["password1", "password2"],
                "description": "Laat dit leeg als uw collega het zelf kiest, met "
                "“Wachtwoord vergeten?” op de inlogpagina.",
            },
        ),
    ]

    def get_fieldsets(self, request, obj=None):
        """Return the fields; without mail a password can't be left to its owner."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None and not settings.MAIL_IS_SENT:
            return [(title, {"fields": options["fields"]}) for title, options in fieldsets]
        return fieldsets

    def get_deleted_objects(self, objs, request):
        """Say in Dutch what goes with an account; Django names rows of tables."""
        _found, _counts, lacking, protected = super().get_deleted_objects(objs, request)
        going = [
            f"{one}, met de rollen, de tweede inlogstap, het logboek van dit account en tekst die "
            "niet is opgeslagen"
            for one in objs
        ]
        return going, {User._meta.verbose_name_plural: len(going)}, lacking, protected

    def response_add(self, request, obj, post_url_continue=None):
        """Say how a colleague without a password gets one, and go on with the account."""
        if not obj.has_usable_password():
            text = f"Het wachtwoord kiest {obj} zelf: met “Wachtwoord vergeten?” op de inlogpagina"
            self.message_user(request, f"{text} en het adres {obj.email}.", messages.INFO)
        return super().response_add(request, obj, post_url_continue)

    @admin.action(description="Tweede inlogstap wissen", permissions=["change"])
    def wipe_second_step(self, request, accounts):
        """Let accounts that lost their telephone set up the second step anew."""
        allowed = [one for one in accounts if self.has_change_permission(request, one)]
        for device in (TOTPDevice, StaticDevice):
            device.objects.filter(user__in=allowed).delete()
        end_sessions(allowed)
        for one in allowed:
            self.log_change(request, one, "Tweede inlogstap gewist.")
            note(request, f"second step wiped of account {one.pk}")
        names = ", ".join(one.get_username() for one in allowed) or "niemand"
        self.message_user(request, f"De tweede inlogstap is gewist van: {names}.")

    @admin.action(description="Overal uitloggen", permissions=["change"])
    def log_out(self, request, accounts):
        """End every session of these accounts, for a lost laptop or a colleague who has left."""
        allowed = [one for one in accounts if self.has_change_permission(request, one)]
        end_sessions(allowed)
        for one in allowed:
            self.log_change(request, one, "Overal uitgelogd.")
            note(request, f"sessions ended of account {one.pk}")
        names = ", ".join(one.get_username() for one in allowed) or "niemand"
        self.message_user(request, f"Overal uitgelogd: {names}.")

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        """Return the field; each half of a moment says itself what it is, as no label does."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if isinstance(field, forms.EmailField):
            field.validators.append(validate_can_be_mailed)
        if isinstance(field, forms.SplitDateTimeField):
            for half, name in zip(field.widget.widgets, ("datum", "tijd"), strict=True):
                half.attrs["aria-label"] = f"{field.label}: {name}"
        return field

    def get_inlines(self, request, obj):
        """Return no limit for an account that does not exist yet: first a name and a password."""
        return self.inlines if obj else []

    def get_readonly_fields(self, request, obj=None):
        """Let nobody but a superuser make superusers or hand out single rights."""
        fields = super().get_readonly_fields(request, obj)
        if request.user.is_superuser:
            return fields
        return [*fields, "is_superuser", "user_permissions"]

    def has_change_permission(self, request, obj=None):
        """Let nobody but a superuser change a superuser."""
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return not above and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        """Let nobody but a superuser delete a superuser."""
        above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return not above and super().has_delete_permission(request, obj)
