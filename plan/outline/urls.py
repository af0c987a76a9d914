"""Addresses of the outline, below /beheer/jaarplan/."""

from django.contrib import admin
from django.urls import path

from plan.outline import views

staff = admin.site.admin_view

urlpatterns = [
    path("", staff(views.current_outline), name="plan_outline_now"),
    path("<year:year>/", staff(views.outline), name="plan_outline"),
]
