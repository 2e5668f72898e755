"""The addresses of those who sell. Under /desk/, within the desk's own names."""

from django.urls import path
from wagtail.admin.auth import require_admin_access

from newsroom.newsdesk.selling import certificate, leads, quote_deeds, quotes, rates

VIEWS = [
    ("leads/", leads.LeadList, "leads"),
    ("leads/countries/", leads.Countries, "lead_countries"),
    ("leads/<int:pk>/", leads.LeadDetail, "lead"),
    ("leads/<int:pk>/note/", leads.Note, "lead_note"),
    ("leads/<int:pk>/plan/", leads.Plan, "lead_plan"),
    ("leads/<int:pk>/assign/", leads.Assign, "lead_assign"),
    ("leads/<int:pk>/trial/", leads.StartTrial, "lead_trial"),
    ("leads/<int:lead_id>/quote/", quotes.NewQuote, "lead_quote"),
    ("leads/<int:pk>/state/<slug:state>/", leads.Move, "lead_move"),
    ("quotes/", quotes.QuoteList, "quotes"),
    ("quotes/new/", quotes.NewQuote, "quote_new"),
    ("quotes/<int:pk>/", quotes.QuoteDetail, "quote"),
    ("quotes/<int:pk>/terms/", quotes.ChangeTerms, "quote_terms"),
    ("quotes/<int:pk>/lines/add/", quote_deeds.AddLine, "line_add"),
    ("quotes/<int:pk>/lines/<int:line>/", quote_deeds.ChangeLine, "line"),
    ("quotes/<int:pk>/lines/<int:line>/remove/", quote_deeds.RemoveLine, "line_remove"),
    ("quotes/<int:pk>/revise/", quote_deeds.Revise, "quote_revise"),
    ("quotes/<int:pk>/withdraw/", quote_deeds.Withdraw, "quote_withdraw"),
    ("quotes/<int:pk>/send-back/", quote_deeds.SendBack, "quote_send_back"),
    ("quotes/<int:pk>/step/<slug:step>/", quote_deeds.Step, "quote_step"),
    ("rates/", rates.CardList, "rate_cards"),
    ("rates/open/", rates.OpenCard, "rate_card_open"),
    ("rates/<int:pk>/", rates.CardDetail, "rate_card"),
    ("rates/<int:pk>/add/", rates.AddRate, "rate_add"),
    ("rates/row/<int:pk>/end/", rates.EndRate, "rate_end"),
    ("licences/<int:pk>/certificate/", certificate.Certify, "certificate"),
    ("papers/<slug:number>.pdf", quote_deeds.Paper, "paper"),
]
urlpatterns = [path(where, require_admin_access(view.as_view()), name=name) for where, view, name in VIEWS]
