"""Deeds of the desk."""

from newsroom.content.actions.intake import Conflict as Conflict
from newsroom.content.actions.intake import Into as Into
from newsroom.content.actions.intake import Older as Older
from newsroom.content.actions.intake import Outcome as Outcome
from newsroom.content.actions.intake import take_in as take_in
from newsroom.content.actions.people import appoint as appoint
from newsroom.content.actions.people import dismiss as dismiss
from newsroom.content.actions.releasing import correct as correct
from newsroom.content.actions.releasing import kill as kill
from newsroom.content.actions.releasing import publish as publish
from newsroom.content.actions.releasing import withhold as withhold
from newsroom.content.actions.review import approve as approve
from newsroom.content.actions.review import approve_as_edited as approve_as_edited
from newsroom.content.actions.review import ensure_review as ensure_review
from newsroom.content.actions.review import request_changes as request_changes
from newsroom.content.actions.review import submit as submit
from newsroom.content.actions.timing import cancel_schedule as cancel_schedule
from newsroom.content.actions.timing import publish_scheduled as publish_scheduled
from newsroom.content.actions.timing import schedule as schedule
from newsroom.content.actions.writing import PictureOf as PictureOf
from newsroom.content.actions.writing import add_picture as add_picture
from newsroom.content.actions.writing import edit as edit
from newsroom.content.actions.writing import write as write
