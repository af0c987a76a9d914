"""The addresses that visitors reach; `veiligalmere/urls.py` adds those of the back-office.

They stand alone because pages that are made for the page cache need no others: a site that has
just started answers before the back-office is loaded.
"""

from django.conf import settings
from django.urls import path, re_path, register_converter

from veiligalmere.pages import (
    actions,
    changes,
    developments,
    discovery,
    downloads,
    embeds,
    health,
    home,
    looking_back,
    media,
    methods,
    plan,
    preview,
    progress,
    standing,
    styleguide,
    terms,
    themes,
)
from veiligalmere.pages.api import page as api
from veiligalmere.pages.feeds import page as feeds
from veiligalmere.pages.figures import page as figures
from veiligalmere.pages.following import page as following
from veiligalmere.pages.open_data import dcat
from veiligalmere.pages.open_data import files as open_data_files
from veiligalmere.pages.open_data import page as open_data
from veiligalmere.pages.search import page as search


class YearConverter:
    """Four digits in an address, as an int."""

    regex = "[0-9]{4}"

    def to_python(self, value):
        """Return the year as an int."""
        return int(value)

    def to_url(self, value):
        """Return the year as four digits."""
        return f"{value:04d}"


register_converter(YearConverter, "year")

urlpatterns = [
    path("", home.home, name="home"),
    path("themas/", themes.themes, name="themes"),
    path("themas/<str:theme_slug>/", themes.theme, name="theme"),
    path("themas/<str:theme_slug>/<str:subtopic_slug>/", themes.subtopic, name="subtopic"),
    path("werkwijzen/", methods.methods, name="methods"),
    path("werkwijzen/<str:slug>/", methods.method, name="method"),
    path("jaarplan/", plan.current_plan, name="current_plan"),
    path("jaarplan/<year:year>/", plan.plan, name="plan"),
    path("jaarplan/<year:year>/op/", looking_back.choose_day, name="plan_day"),
    path("jaarplan/<year:year>/op/<str:day>/", looking_back.plan_on_day, name="plan_at"),
    path("jaarplan/<year:year>/<str:file>.pdf", downloads.plan_pdf, name="plan_pdf"),
    path("jaarplan/<year:year>/volledig/", plan.plan_full, name="plan_full"),
    path("jaarplan/<year:year>/acties.<str:kind>", downloads.actions_file, name="actions_file"),
    path("jaarplan/<year:year>/acties/", actions.actions, name="actions"),
    path("jaarplan/<year:year>/acties/<str:slug>/", actions.action, name="action"),
    path(
        "jaarplan/<year:year>/acties/<str:slug>/wijzigingen/",
        changes.action_changes,
        name="action_changes",
    ),
    path("wijzigingen/", changes.changes, name="changes"),
    path("insluiten/actie/<year:year>/<str:slug>/", embeds.action, name="embed_action"),
    path("insluiten/cijfer/<str:slug>/", embeds.figure, name="embed_figure"),
    path("feeds/alles.atom", feeds.everything, name="feed"),
    path("feeds/wijzigingen.atom", feeds.of_changes, name="feed_changes"),
    path("feeds/ontwikkelingen.atom", feeds.of_developments, name="feed_developments"),
    path("feeds/voortgangsrapportages.atom", feeds.of_reports, name="feed_reports"),
    path("feeds/themas/<str:slug>.atom", feeds.of_theme, name="feed_theme"),
    path("feeds/onderwerpen/<str:slug>.atom", feeds.of_subtopic, name="feed_subtopic"),
    path("feeds/acties/<year:year>/<str:slug>.atom", feeds.of_action, name="feed_action"),
    path("volgen/", following.follow, name="follow"),
    path("volgen/verstuurd/", following.sent, name="follow_sent"),
    path("volgen/bevestigen/<str:token>/", following.confirm, name="follow_confirm"),
    path("volgen/stoppen/<str:key>/", following.stop, name="follow_stop"),
    path("volgen/instellen/<str:key>/", following.settings_page, name="follow_settings"),
    path("ontwikkelingen/", developments.developments, name="developments"),
    path("ontwikkelingen/<year:year>/<str:slug>/", developments.development, name="development"),
    path(
        "ontwikkelingen/<year:year>/<str:slug>/document.pdf",
        developments.document,
        name="development_document",
    ),
    path("cijfers/", figures.all_figures, name="figures"),
    path("cijfers/alle-cijfers.<str:kind>", figures.figures_file, name="figures_file"),
    path("cijfers/<str:slug>/", figures.figure, name="figure"),
    path("cijfers/<str:slug>/cijfer.<str:kind>", figures.figure_file, name="figure_file"),
    path("begrippen/", terms.terms, name="terms"),
    path("open-data/", open_data.open_data, name="open_data"),
    path("open-data/dcat.ttl", dcat.turtle, name="dcat_turtle"),
    path("open-data/dcat.jsonld", dcat.jsonld, name="dcat_jsonld"),
    re_path(
        r"^open-data/(?P<name>[^/.]+)\.(?P<kind>[^/]+)$",
        open_data_files.file,
        name="open_data_file",
    ),
    *api.addresses,
    path("zoeken/", search.search, name="search"),
    path("opensearch.xml", search.opensearch, name="opensearch"),
    path("voortgang/", progress.progress, name="progress"),
    path("voortgang/vergelijk/", progress.comparison, name="progress_comparison"),
    path("voortgang/<str:number>/<str:file>.pdf", downloads.report_pdf, name="report_pdf"),
    re_path(
        r"^voortgang/(?P<number>[^/.]+)\.(?P<kind>[^/]+)$",
        downloads.report_file,
        name="report_file",
    ),
    path("voortgang/<str:number>/", progress.report, name="progress_report"),
    re_path(
        r"^(?P<slug>contact|toegankelijkheid|privacy|colofon)/$",
        standing.standing,
        name="standing",
    ),
    path("robots.txt", discovery.robots, name="robots"),
    path("sitemap.xml", discovery.sitemap, name="sitemap"),
    path(".well-known/security.txt", discovery.security_txt, name="security_txt"),
    path("media/<path:path>", media.media, name="media"),
    path("voorbeeld/<str:token>/", preview.shared_preview, name="shared_preview"),
    path(
        "voorbeeld/<str:token>/document.pdf",
        preview.shared_preview_document,
        name="shared_preview_document",
    ),
    path("voorbeeld/<str:label>/<int:object_id>/", preview.preview, name="preview"),
    path(
        "voorbeeld/<str:label>/<int:object_id>/document.pdf",
        preview.preview_document,
        name="preview_document",
    ),
    path("gezond/", health.alive, name="alive"),
    path("gezond/gereed/", health.ready, name="ready"),
]
if settings.DEBUG:
    urlpatterns.append(path("stijl/", styleguide.styleguide, name="styleguide"))

handler400 = "veiligalmere.pages.errors.bad_request"
handler404 = "veiligalmere.pages.errors.not_found"
handler500 = "veiligalmere.pages.unavailable.server_error"
