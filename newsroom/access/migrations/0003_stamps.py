"""Stamps of a rule that rights do not follow yet change no answer; that a rule takes effect does."""

from django.db import migrations

SQL = """
DROP TRIGGER access_changed ON wire_productversion;
CREATE TRIGGER access_changed AFTER UPDATE ON wire_productversion FOR EACH ROW
    WHEN (OLD.effective_from IS DISTINCT FROM NEW.effective_from
          OR OLD.effective_to IS DISTINCT FROM NEW.effective_to)
    EXECUTE FUNCTION access_rule_changed();
CREATE TRIGGER access_made AFTER INSERT OR DELETE ON wire_productversion
    FOR EACH STATEMENT EXECUTE FUNCTION access_rule_changed();

CREATE OR REPLACE FUNCTION access_stamps_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of bigint[];
BEGIN
    SELECT array_agg(release_id) INTO of FROM (
        SELECT DISTINCT release_id FROM moved
        WHERE version_id IN (SELECT id FROM wire_productversion
                             WHERE effective_from IS NOT NULL AND effective_to IS NULL) LIMIT 2) AS two;
    IF cardinality(of) = 1 THEN
        PERFORM access_note(access_names(item.uri, item.slug))
        FROM wire_release AS release JOIN wire_item AS item ON item.id = release.item_id WHERE release.id = of[1];
    ELSIF cardinality(of) > 1 THEN
        PERFORM access_note(ARRAY['stamps']);
    END IF;
    RETURN NULL;
END $$;
"""
BACK = """
DROP TRIGGER IF EXISTS access_made ON wire_productversion;
DROP TRIGGER IF EXISTS access_changed ON wire_productversion;
CREATE TRIGGER access_changed AFTER INSERT OR UPDATE OR DELETE ON wire_productversion
    FOR EACH STATEMENT EXECUTE FUNCTION access_rule_changed();
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0002_triggers"), ("wire", "0010_stamps")]
    operations = [migrations.RunSQL(SQL, BACK)]
