"""Addresses of the round, below /beheer/voortgang/."""

from django.contrib import admin
from django.urls import path

from plan.progress import round_views as views
from veiligalmere.editorial.json_answers import for_staff

staff = admin.site.admin_view

urlpatterns = [
    path("ronde/", staff(views.current_round), name="progress_round_now"),
    path("ronde/<str:number>/", staff(views.whole_round), name="progress_round"),
    path("ronde/<str:number>/herinneren/", staff(views.remind_owner), name="progress_remind"),
    path("ronde/<str:number>/vaststellen/", staff(views.adopt_report), name="progress_adopt"),
    path("ronde/<str:number>/<int:action>/", staff(views.row), name="progress_row"),
    path(
        "ronde/<str:number>/<int:action>/getypt/",
        for_staff(admin.site, views.typed_in_row),
        name="progress_typed",
    ),
]
