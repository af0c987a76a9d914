"""Reports of what went wrong to a Sentry server, where whoever runs the site wants them."""

from django.core.exceptions import ImproperlyConfigured

from veiligalmere.observation.formatting import without_secrets

# Of a request only these parts leave the machine: no cookies, headers, body or search words.
KEPT_OF_REQUEST = ("method", "url")


def report_to(dsn):
    """Report every error that is logged to the Sentry server at `dsn`, without personal data.

    Raises ImproperlyConfigured if the package is missing or the address is none.
    """
    try:
        import sentry_sdk  # noqa: PLC0415 -- see tests/test_start.py
        from sentry_sdk.utils import BadDsn  # noqa: PLC0415
    except ImportError as error:  # the package is optional
        raise ImproperlyConfigured(
            "SENTRY_DSN needs the package of requirements/sentry.txt."
        ) from error
    try:
        sentry_sdk.init(
            dsn,
            send_default_pii=False,
            # The values of variables are texts of editors, passwords and addresses of visitors.
            include_local_variables=False,
            max_request_body_size="never",
            # The trail before an error has queries with values and addresses with search words.
            max_breadcrumbs=0,
            traces_sample_rate=0,
            auto_session_tracking=False,
            server_name="",
            before_send=without_personal_data,
        )
    except BadDsn as error:
        raise ImproperlyConfigured("SENTRY_DSN must be the address that Sentry shows.") from error


def without_personal_data(event, hint):
    """Return `event` without what its request tells of a person."""
    request = event.get("request")
    if request:
        event["request"] = {
            name: without_secrets(request[name]) for name in KEPT_OF_REQUEST if name in request
        }
    event.pop("user", None)
    return event
