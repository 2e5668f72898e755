"""The addresses of what an organisation agreed to."""

from django.urls import path, re_path

from newsroom.portal.views import contracts

urlpatterns = [
    path("organisation/<slug:slug>/contracts/", contracts.contracts, name="organisation_contracts"),
    re_path(
        r"^organisation/(?P<slug>[-\w]+)/contracts/(?P<number>[-\w]{1,20})/$",
        contracts.contract,
        name="organisation_contract",
    ),
    re_path(
        r"^organisation/(?P<slug>[-\w]+)/contracts/(?P<number>[-\w]{1,20})/notice/$",
        contracts.notice,
        name="contract_notice",
    ),
    re_path(
        r"^organisation/(?P<slug>[-\w]+)/contracts/(?P<number>[-\w]{1,20})/attest/$",
        contracts.attest,
        name="contract_attest",
    ),
    re_path(
        r"^organisation/(?P<slug>[-\w]+)/contracts/(?P<number>[-\w]{1,20})/documents/(?P<document>[-\w]{1,24})\.pdf$",
        contracts.document,
        name="contract_document",
    ),
    re_path(
        r"^organisation/deletion/(?P<token>[-\w.]{1,200}:[-\w]{1,20}:[-\w]{1,100})/$",
        contracts.attest_by_link,
        name="attest_deletion",
    ),
]
