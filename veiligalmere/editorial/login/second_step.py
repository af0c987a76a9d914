"""The second step of logging in: a code from an app (TOTP, RFC 6238), or a backup code."""

from base64 import b32encode, b64encode
from binascii import unhexlify
from hashlib import scrypt

import django_otp
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, authenticate
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from veiligalmere.editorial.kept_form import show_first_mistake
from veiligalmere.editorial.login.log import note
from veiligalmere.editorial.login.sessions import end_sessions

BACKUP_CODES = 10
# As OWASP's cheat sheet on storing passwords names it, for scrypt.
COST = {"n": 2**14, "r": 8, "p": 5}
WRONG = "Deze code klopt niet, of hij is al gebruikt. Wacht op een nieuwe code en probeer het weer."


class CodeForm(forms.Form):
    """The code that an app shows, or a backup code."""

    code = forms.CharField(
        label="Code",
        max_length=24,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "autofocus": True}),
        error_messages={"required": "Vul de code in."},
    )

    def clean_code(self):
        """Return the code as it is compared: without spaces, in lower case."""
        return "".join(self.cleaned_data["code"].split()).lower()


class PasswordAndCodeForm(CodeForm):
    """The same with the password: asked of who replaces a second step that there is."""

    password = forms.CharField(
        label="Uw wachtwoord",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Vul uw wachtwoord in."},
    )


def is_passed(request):
    """Whether the second step is done, or is not asked of this account.

    It is asked of who has set it up and, with SECOND_STEP_REQUIRED, of everybody.
    """
    if request.user.is_verified():
        return True
    return not settings.SECOND_STEP_REQUIRED and not django_otp.user_has_device(request.user)


@never_cache
@sensitive_post_parameters("code")
def ask_code(request, site):
    """Ask for a code of who has given name and password, and has a device."""
    if not _half_in(request):
        return redirect_to_login(request.GET.get(REDIRECT_FIELD_NAME, ""), reverse("admin:login"))
    if not django_otp.user_has_device(request.user):
        return HttpResponseRedirect(_with_next(request, "admin:second_step_setup"))
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        device = _accepting(request.user, form.cleaned_data["code"])
        if device:
            django_otp.login(request, device)
            request.session.cycle_key()
            note(request, "second step passed")
            if isinstance(device, StaticDevice):
                left = device.token_set.count()
                messages.warning(request, f"U gebruikte een reservecode. U hebt er nog {left}.")
            return HttpResponseRedirect(next_address(request))
        note(request, "second step refused")
        form.add_error("code", WRONG)
    return _page(request, site, "code", {"title": "Tweede stap van het inloggen", "form": form})


@never_cache
@sensitive_post_parameters("code", "password")
def set_up(request, site):
    """Set up an app with a QR code or with the key in text; then show the backup codes, once."""
    if not _half_in(request):
        return redirect_to_login(request.get_full_path(), reverse("admin:login"))
    if django_otp.user_has_device(request.user) and not request.user.is_verified():
        return HttpResponseRedirect(_with_next(request, "admin:second_step"))
    device = _device_to_confirm(request.user)
    replaces = django_otp.user_has_device(request.user)
    form_class = PasswordAndCodeForm if replaces else CodeForm
    form = form_class(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if replaces and not _password_is_right(request, form.cleaned_data["password"]):
            form.add_error("password", "Dit wachtwoord klopt niet.")
        elif device.verify_token(form.cleaned_data["code"]):
            codes = _confirm(device)
            django_otp.login(request, device)
            request.session.cycle_key()
            end_sessions([request.user], but=request.session.session_key)
            note(request, "second step set up")
            context = {"title": "Uw reservecodes", "codes": codes, "next": next_address(request)}
            return _page(request, site, "backup_codes", context)
        else:
            form.add_error("code", WRONG)
    key = b32encode(unhexlify(device.key)).decode()
    context = {
        "title": "Tweede stap instellen",
        "form": form,
        "picture": _qr_picture(device.config_url),
        "key": " ".join(key[start : start + 4] for start in range(0, len(key), 4)),
        "replaces": replaces,
        "required": settings.SECOND_STEP_REQUIRED,
    }
    return _page(request, site, "set_up", context)


def _half_in(request):
    """Whether name and password of somebody who may work here have been given."""
    return request.user.is_active and request.user.is_staff


def _device_to_confirm(user):
    device = TOTPDevice.objects.filter(user=user, confirmed=False).first()
    return device or TOTPDevice.objects.create(user=user, name="app", confirmed=False)


def _confirm(device):
    """Make `device` the only one of its owner; return new backup codes."""
    with transaction.atomic():
        TOTPDevice.objects.filter(user=device.user).exclude(pk=device.pk).delete()
        StaticDevice.objects.filter(user=device.user).delete()
        device.confirmed = True
        device.save()
        static = StaticDevice.objects.create(user=device.user, name="reservecodes")
        codes = [StaticToken.random_token().lower() for _ in range(BACKUP_CODES)]
        StaticToken.objects.bulk_create(
            StaticToken(device=static, token=stored(static, one)) for one in codes
        )
    return codes


def stored(device, code):
    """Return backup code `code` as the database has it: 16 characters, from which none follows.

    By scrypt. The salt is the device's own, and has SECRET_KEY in it, which is in no backup.
    """
    salt = salted_hmac("veiligalmere.backup_codes", str(device.pk), algorithm="sha256").digest()
    digest = scrypt(code.encode(), salt=salt, **COST, maxmem=64 * 2**20, dklen=12)
    return b64encode(digest).decode()


def _accepting(user, code):
    """Return the device of `user` that accepts `code`, or None.

    Only one of them is asked: each has its own pause after a wrong code.
    """
    kind = TOTPDevice if code.isascii() and code.isdigit() else StaticDevice
    device = kind.objects.devices_for_user(user, confirmed=True).first()
    if device is None:
        return None
    if kind is StaticDevice:
        code = stored(device, code)
    return django_otp.verify_token(user, device.persistent_id, code)


def _password_is_right(request, password):
    """Whether it is the password of who is logged in; wrong ones count as at the login itself."""
    return bool(authenticate(request, username=request.user.get_username(), password=password))


def _qr_picture(address):
    """Return `address` as a QR code, in an address that an <img> can have."""
    import qrcode.image.svg  # noqa: PLC0415 -- see tests/test_start.py

    picture = qrcode.make(address, image_factory=qrcode.image.svg.SvgPathFillImage, border=3)
    return f"data:image/svg+xml;base64,{b64encode(picture.to_string()).decode()}"


def next_address(request):
    """Return the address of this site that `request` asks to go to after login; or the desk's."""
    address = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME) or ""
    safe = url_has_allowed_host_and_scheme(
        address, {request.get_host()}, require_https=request.is_secure()
    )
    return address if safe else reverse("admin:index")


def _with_next(request, name):
    return f"{reverse(name)}?{request.GET.urlencode()}"


def _page(request, site, name, context):
    if request.method not in {"GET", "HEAD", "POST"}:
        raise PermissionDenied
    request.current_app = site.name
    context = {
        **site.each_context(request),
        "next_name": REDIRECT_FIELD_NAME,
        "next": next_address(request),
        "wrong": show_first_mistake(context),
        **context,
    }
    return TemplateResponse(request, f"admin/login/{name}.html", context)
