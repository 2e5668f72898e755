"""The desk's addresses: our own pages, then Wagtail's, without those that do not belong here."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import include, path, re_path
from django.views.generic import RedirectView
from wagtail.admin import urls as wagtail_urls
from wagtail.admin.auth import require_admin_access

from newsroom.newsdesk import records
from newsroom.newsdesk.contracts import urls as contracts
from newsroom.newsdesk.customers import return_urls
from newsroom.newsdesk.customers import views as customers
from newsroom.newsdesk.deeds import DeedView
from newsroom.newsdesk.home import HomeView
from newsroom.newsdesk.invoicing import urls as invoicing
from newsroom.newsdesk.licences import rights
from newsroom.newsdesk.licences import views as licences
from newsroom.newsdesk.money import urls as money
from newsroom.newsdesk.organisations.urls import urlpatterns as organisations
from newsroom.newsdesk.pictures import Delete, file
from newsroom.newsdesk.products import urls as products
from newsroom.newsdesk.selling import urls as selling

CLOSED = (
    r"pages/|documents/|redirects/|forms/|sites/|locales/|collections/|workflows/|reports/|users/|groups/|api/|settings/"
    r"|bulk/content/story/|bulk/content/picture/delete/|password_reset/|choose-page/(?!external-link/|email-link/)|snippets/$|snippets/choose/"
    r"|images/\d+/generate_url/|images/\d+/preview/|styleguide/|block-preview/|failwhale/|test404/"
)


def closed(request: HttpRequest, rest: str) -> HttpResponse:
    """Wagtail has this page, and we do not: there are no pages, documents or second doors to sign in by."""
    raise Http404


own = [
    *selling.urlpatterns,
    path("", require_admin_access(HomeView.as_view()), name="home"),
    path("stories/<int:pk>/<slug:signal>/", require_admin_access(DeedView.as_view()), name="deed"),
    path("pictures/file/<path:name>", require_admin_access(file), name="picture_file"),
    path("licences/", require_admin_access(licences.LicenceList.as_view()), name="licences"),
    path("licences/grant/", require_admin_access(licences.Grant.as_view()), name="grant"),
    path("licences/<int:pk>/odrl.json", require_admin_access(rights.Odrl.as_view()), name="licence_odrl"),
    path("licences/<int:pk>/", require_admin_access(licences.LicenceDetail.as_view()), name="licence"),
    path("licences/<int:pk>/limits/", require_admin_access(licences.Limit.as_view()), name="limit_licence"),
    path("licences/<int:pk>/extend/", require_admin_access(licences.Extend.as_view()), name="extend_licence"),
    path("licences/<int:pk>/seats/", require_admin_access(licences.Seats.as_view()), name="seats_of_licence"),
    path("licences/<int:pk>/<slug:change>/", require_admin_access(licences.Change.as_view()), name="change_licence"),
    path("offers/", include("newsroom.newsdesk.offers.urls")),
    path("explain/", include("newsroom.newsdesk.explain.urls")),
    path("customers/", require_admin_access(customers.Customers.as_view()), name="customers"),
    path("organisations/<int:pk>/", require_admin_access(customers.OrganisationPage.as_view()), name="organisation"),
    path("people/<int:pk>/", require_admin_access(customers.PersonPage.as_view()), name="person"),
    path("people/<int:pk>/view-as/", require_admin_access(customers.ViewAs.as_view()), name="view_as"),
    path("view-as/stop/", require_admin_access(customers.stop_viewing), name="stop_viewing"),
    *return_urls.urlpatterns,
    *organisations,
    *products.urlpatterns,
    *invoicing.patterns,
    *contracts.patterns,
    *money.patterns,
    path("audit/", require_admin_access(records.Audit.as_view()), name="audit"),
    *selling.urlpatterns,
    path("reports/", include("newsroom.newsdesk.reports.urls")),
    path("finance/", include("newsroom.newsdesk.finance.urls")),
]

urlpatterns = [
    path("", include((own, "newsdesk"))),
    path("login/", RedirectView.as_view(pattern_name="account_login", query_string=True)),
    path("account/", RedirectView.as_view(url="/account/")),
    path("images/<int:image_id>/delete/", require_admin_access(Delete.as_view())),
    re_path(rf"^(?P<rest>(?:{CLOSED}).*)$", closed),
    path("", include(wagtail_urls)),
]
