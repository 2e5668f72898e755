"""What was once released stays: the database refuses to delete such a story, however it is asked."""

from django.db import migrations

GUARD = """
CREATE FUNCTION content_story_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'story % was released and cannot be deleted', OLD.id USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER content_story_kept BEFORE DELETE ON content_story
    FOR EACH ROW WHEN (OLD.item_id IS NOT NULL) EXECUTE FUNCTION content_story_kept();
"""
UNGUARD = """
DROP TRIGGER content_story_kept ON content_story;
DROP FUNCTION content_story_kept();
"""


class Migration(migrations.Migration):
    dependencies = [("content", "0001_initial")]

    operations = [migrations.RunSQL(GUARD, UNGUARD)]
