"""The WSGI application: `granian --interface wsgi newsroom.config.wsgi:application`."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.config.settings")
application = get_wsgi_application()
