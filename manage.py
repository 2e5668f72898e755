#!/usr/bin/env python3
"""Django's command line for newsroom. Beside a running `make demo` it means that site, unless DATABASE_URL is set."""

import os
import sys
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line
from django.db import OperationalError

from newsroom.config import running

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.config.settings")
    if running.join(os.environ, Path(os.environ.get("DATA_ROOT") or Path(__file__).resolve().parent / ".newsroom")):
        sys.stderr.write("newsroom: on the demo that runs here\n")
    try:
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, OperationalError) as error:
        sys.exit(f"newsroom: {str(error).strip().splitlines()[0]}")
