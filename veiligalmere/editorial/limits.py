"""Accounts that may only work on a part of the content.

What the parts are, the floors above know: they register a function here that tells whether an
account is limited at all, and give their querysets an `editable_by` of their own. Content that
belongs to no part is not for limited accounts.
"""

_limiters = []


def register_limiter(function):
    """Let `function`, which gets an account and returns a bool, decide about limits too."""
    _limiters.append(function)
    return function


def is_limited(user):
    """Whether `user` may only work on a part of the content."""
    return any(limiter(user) for limiter in _limiters)


def asks_limited(request):
    """Whether the account of `request` is limited; asked of the database once a request."""
    if not hasattr(request, "is_limited"):
        request.is_limited = is_limited(request.user)
    return request.is_limited
