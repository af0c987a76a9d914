"""One type of page, with what an action has."""

from django.db import models
from modelcluster.fields import ParentalKey
from wagtail.fields import RichTextField
from wagtail.models import Orderable, Page


class ContentPage(Page):
    """A theme or an action."""

    lead = models.TextField(blank=True)
    body = RichTextField(blank=True)

    class Meta:
        app_label = "wagtail_site"

    def __str__(self):
        return self.title

    def get_context(self, request):
        """Return what the template shows beside the page: the menu, and its neighbours."""
        context = super().get_context(request)
        context["menu"] = self.get_site().root_page.get_children().live().in_menu()
        context["previous"] = self.get_prev_siblings().live().first()
        context["next"] = self.get_next_siblings().live().first()
        return context


class Label(Orderable):
    """A subject, working method or place of an action."""

    page = ParentalKey(ContentPage, on_delete=models.CASCADE, related_name="labels")
    kind = models.CharField(max_length=20)
    name = models.CharField(max_length=120)

    class Meta(Orderable.Meta):
        app_label = "wagtail_site"

    def __str__(self):
        return self.name
