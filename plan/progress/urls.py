"""Addresses of the round, below /beheer/voortgang/."""

from django.contrib import admin
from django.urls import path

from plan.progress import round_views as views

staff = admin.site.admin_view

urlpatterns = [
    path("ronde/", staff(views.current_round), name="progress_round_now"),
    path("ronde/<str:number>/", staff(views.whole_round), name="progress_round"),
    path("ronde/<str:number>/herinneren/", staff(views.remind_owner), name="progress_remind"),
    path("ronde/<str:number>/vaststellen/", staff(views.adopt_report), name="progress_adopt"),
    path("ronde/<str:number>/<int:action>/", staff(views.row), name="progress_row"),
]
