"""All addresses of the site."""

from django.contrib import admin
from django.urls import include, path

from veiligalmere.editorial.addresses import BACK_OFFICE
from veiligalmere.pages import urls as pages

# The modules that tell the admin what there is to edit: here and not when Django starts, so that a
# worker that has just started can answer visitors before it has read them.
admin.autodiscover()

_BACK_OFFICE = BACK_OFFICE.removeprefix("/")

urlpatterns = [
    *pages.urlpatterns,
    path(f"{_BACK_OFFICE}jaarplan/", include("plan.outline.urls")),
    path(f"{_BACK_OFFICE}voortgang/", include("plan.progress.urls")),
    path(f"{_BACK_OFFICE}wachtwoord/", include("veiligalmere.editorial.login.password")),
    path(_BACK_OFFICE, admin.site.urls),
]

handler400 = pages.handler400
handler404 = pages.handler404
handler500 = pages.handler500
