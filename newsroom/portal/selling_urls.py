"""The addresses of enquiries, offers and documents."""

from django.urls import path, re_path

from newsroom.portal.views import enquiries, offers, verify

WORD = r"(?P<token>[-\w]{1,64})"

urlpatterns = [
    path("contact/", enquiries.contact, name="contact"),
    path("contact/sent/", enquiries.contact_sent, name="contact_sent"),
    re_path(rf"^offers/{WORD}/$", offers.offer, name="offer"),
    re_path(rf"^offers/{WORD}/offer\.pdf$", offers.offer_pdf, name="offer_pdf"),
    re_path(rf"^offers/{WORD}/accept/$", offers.accept, name="offer_accept"),
    re_path(rf"^offers/{WORD}/decline/$", offers.decline, name="offer_decline"),
    path("verify/", verify.verify, name="verify"),
    re_path(r"^verify/(?P<number>[-\w]{1,80})/$", verify.verify, name="verify_number"),
]
