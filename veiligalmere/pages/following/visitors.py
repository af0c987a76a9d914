"""Who may use the form: a visitor of our own page, and not too often.

There is no cookie to check, because nothing happens before the owner of an address confirms.
"""

from datetime import timedelta
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac

from plan.models import FormUse

SALT = "veiligalmere.following"
DAY = timedelta(days=1)  # and so the longest that a use is kept
PER_ADDRESS = 10, DAY
PER_NETWORK = 60, timedelta(hours=1)  # a school or an office may be behind one address
PREFIX = {4: 24, 6: 56}  # bits of an IP address that name a household or a small network


def comes_from_our_page(request):
    """Whether the browser says that the form was sent from a page of this site.

    Browsers say so in Origin, Sec-Fetch-Site, or both; what says neither is refused.
    """
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site")
    if origin is None and site is None:
        return False
    site_url = urlsplit(settings.SITE_URL)
    ours = {
        f"{request.scheme}://{request.get_host()}",
        # A proxy in between may not tell us the name and port that the visitor used.
        f"{site_url.scheme}://{site_url.netloc}".lower(),
    }
    return origin in {None, *ours} and site in {None, "same-origin"}


def is_too_often_for_network(request):
    """Count a use by the visitor's network; return whether it is one too many."""
    return _is_too_often(f"network {_network(request.META.get('REMOTE_ADDR', ''))}", *PER_NETWORK)


def is_too_often_for_address(email):
    """Count a use for this mail address; return whether it is one too many."""
    return _is_too_often(f"address {email}", *PER_ADDRESS)


def forget_uses(now=None):
    """Throw away what no limit asks for any more."""
    FormUse.objects.filter(used_at__lt=(now or timezone.now()) - DAY).delete()


def _is_too_often(what, most, within):
    digest = salted_hmac(SALT, what, algorithm="sha256").hexdigest()
    uses = FormUse.objects.filter(digest=digest, used_at__gt=timezone.now() - within)
    if uses.count() > most:
        return True  # what a flood goes on sending is not written any more
    # First counted, then compared: of many at once, none slips through.
    FormUse.objects.create(digest=digest)
    return uses.count() > most


def _network(address):
    try:
        prefix = PREFIX[ip_address(address).version]
    except ValueError:
        return ""
    return ip_network(f"{address}/{prefix}", strict=False)
