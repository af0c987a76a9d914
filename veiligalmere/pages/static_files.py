"""The site's own styles, scripts and pictures, where no nginx stands before us to serve them."""

from functools import cached_property

from django.conf import settings
from whitenoise.middleware import WhiteNoiseMiddleware


class StaticFilesMiddleware:
    """WhiteNoise, that looks which files there are when the first of them is asked for.

    Looking through hundreds of them is a good part of what a worker needs to start, and behind
    nginx it never needs them.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """Answer with a file, or let the site answer."""
        if request.path_info.startswith(settings.STATIC_URL):
            return self._white_noise(request)
        return self.get_response(request)

    @cached_property
    def _white_noise(self):
        return WhiteNoiseMiddleware(self.get_response)
