"""The addresses of one story: what is asked most, and therefore looked at first."""

from django.urls import re_path

from newsroom.portal.views import spending, story

WORD = r"[-\w]+"

urlpatterns = [
    re_path(rf"^story/(?P<slug>{WORD})/$", story.story, name="story"),
    re_path(rf"^story/(?P<slug>{WORD})/original/(?P<position>[0-9]{{1,3}})/$", story.original, name="original"),
    re_path(rf"^story/(?P<slug>{WORD})/read/$", spending.read, name="read"),
    re_path(r"^pictures/(?P<token>[-\w]{8,32})/(?P<size>thumbnail|web)$", story.picture, name="picture"),
]
