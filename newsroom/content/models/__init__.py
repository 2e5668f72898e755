"""What is being written, and who may write it."""

from newsroom.content.models.desk import DeskRole as DeskRole
from newsroom.content.models.desk import DeskSettings as DeskSettings
from newsroom.content.models.picture import Picture as Picture
from newsroom.content.models.picture import PictureRendition as PictureRendition
from newsroom.content.models.schedule import Schedule as Schedule
from newsroom.content.models.story import Intake as Intake
from newsroom.content.models.story import Story as Story
from newsroom.content.models.story import StoryPicture as StoryPicture
from newsroom.content.models.story import StoryTopic as StoryTopic
from newsroom.content.models.task import DeskApproval as DeskApproval
