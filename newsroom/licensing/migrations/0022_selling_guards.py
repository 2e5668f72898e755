"""A quote that was sent says what it said: the database refuses anything else."""

from django.db import migrations

from newsroom.core.append_only import append_only

FROZEN = """
CREATE OR REPLACE FUNCTION newsroom_quote_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changeable text[] := '{state,token_digest}';
BEGIN
    IF current_setting('newsroom.erasure', true) = 'on' THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    IF OLD.sent_at IS NULL THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.state = 'sent' AND (to_jsonb(NEW) - changeable) = (to_jsonb(OLD) - changeable) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a quote that was sent is frozen' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER quote_frozen BEFORE UPDATE OR DELETE ON licensing_quote
    FOR EACH ROW EXECUTE FUNCTION newsroom_quote_frozen();

CREATE OR REPLACE FUNCTION newsroom_quote_line_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('newsroom.erasure', true) = 'on' THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    IF EXISTS (
        SELECT 1 FROM licensing_quote
        WHERE sent_at IS NOT NULL
          AND id IN (CASE WHEN TG_OP = 'INSERT' THEN NEW.quote_id ELSE OLD.quote_id END,
                     CASE WHEN TG_OP = 'DELETE' THEN OLD.quote_id ELSE NEW.quote_id END)
    ) THEN
        RAISE EXCEPTION 'a quote that was sent is frozen' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN COALESCE(NEW, OLD);
END $$;
CREATE TRIGGER quote_line_frozen BEFORE INSERT OR UPDATE OR DELETE ON licensing_quoteline
    FOR EACH ROW EXECUTE FUNCTION newsroom_quote_line_frozen();
"""
THAWED = """
DROP TRIGGER IF EXISTS quote_frozen ON licensing_quote;
DROP TRIGGER IF EXISTS quote_line_frozen ON licensing_quoteline;
DROP FUNCTION IF EXISTS newsroom_quote_frozen();
DROP FUNCTION IF EXISTS newsroom_quote_line_frozen();
"""


class Migration(migrations.Migration):
    dependencies = [("licensing", "0021_selling")]
    operations = [
        migrations.RunSQL(FROZEN, THAWED),
        append_only("licensing_quoteanswer"),
        append_only("licensing_leadnote"),
        append_only("licensing_rate", "valid_to"),
    ]
