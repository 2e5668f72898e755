"""Loads the Celery application with Django, so that a task's name resolves in every process."""

from newsroom.config.celery import app as celery_app

__all__ = ["celery_app"]
