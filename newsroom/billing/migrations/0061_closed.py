"""A closed month is the database's to keep."""

from django.db import migrations

KEEP = """
CREATE FUNCTION billing_closed_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a closed month does not move' USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE FUNCTION billing_closed_is_full() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM billing_closedmonth WHERE id >= NEW.month_id) THEN
        RAISE EXCEPTION 'month % is closed', NEW.month_id USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER closed_stays BEFORE UPDATE OR DELETE ON billing_closedmonth
    FOR EACH ROW EXECUTE FUNCTION billing_closed_stays();
CREATE TRIGGER closed_stays BEFORE UPDATE OR DELETE ON billing_journalline
    FOR EACH ROW EXECUTE FUNCTION billing_closed_stays();
CREATE TRIGGER closed_is_full BEFORE INSERT ON billing_journalline
    FOR EACH ROW EXECUTE FUNCTION billing_closed_is_full();
"""
LET_GO = """
DROP TRIGGER closed_is_full ON billing_journalline;
DROP TRIGGER closed_stays ON billing_journalline;
DROP TRIGGER closed_stays ON billing_closedmonth;
DROP FUNCTION billing_closed_is_full();
DROP FUNCTION billing_closed_stays();
"""


class Migration(migrations.Migration):
    dependencies = [("billing", "0060_book")]

    operations = [migrations.RunSQL(KEEP, LET_GO)]
