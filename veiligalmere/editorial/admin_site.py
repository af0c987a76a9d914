"""The back-office: Django's admin at /beheer/, with our name on it."""

from django.contrib.admin import AdminSite


class BackOffice(AdminSite):
    """The admin of Veilig Almere."""

    site_header = "Veilig Almere"
    site_title = "Beheer Veilig Almere"
    index_title = "Beheer"
