"""The addresses of the public feeds."""

from django.urls import re_path

from newsroom.delivery.feeds import views

KIND = r"\.(?P<kind>atom|rss)$"

urlpatterns = [
    re_path(rf"^latest{KIND}", views.latest, name="feed_latest"),
    re_path(rf"^desk/(?P<code>[-\w]+){KIND}", views.desk, name="feed_desk"),
    re_path(rf"^topic/(?P<address>[-\w:]+){KIND}", views.topic, name="feed_topic"),
    re_path(rf"^language/(?P<code>[a-z-]+){KIND}", views.language, name="feed_language"),
]
