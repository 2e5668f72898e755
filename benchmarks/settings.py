"""The production settings, served with the two bare pages."""

from newsroom.config.settings import *  # noqa: F403  # the same settings, one value apart

ROOT_URLCONF = "benchmarks.urls"
