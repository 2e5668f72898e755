"""The addresses of what an organisation pays."""

from django.urls import path

from newsroom.portal.views import organisation_invoices as views

urlpatterns = [
    path("organisation/<slug:slug>/invoices/", views.invoices, name="organisation_invoices"),
    path("organisation/<slug:slug>/invoices/<int:pk>/", views.invoice, name="organisation_invoice"),
    path("organisation/<slug:slug>/uses/<int:pk>.csv", views.evidence, name="organisation_overage"),
]
