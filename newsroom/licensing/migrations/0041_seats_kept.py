from django.db import migrations

SEATS = """
CREATE FUNCTION newsroom_seat_within() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    most integer;
BEGIN
    IF NEW.valid_to IS NOT NULL AND TG_OP = 'UPDATE' THEN
        RETURN NEW;
    END IF;
    PERFORM 1 FROM licensing_licence WHERE id = NEW.licence_id FOR NO KEY UPDATE;
    SELECT seats INTO most FROM licensing_licenceversion WHERE licence_id = NEW.licence_id AND recorded_to IS NULL;
    IF most IS NULL OR NEW.number > most THEN
        RAISE EXCEPTION 'licence % has % seats, not %', NEW.licence_id, COALESCE(most, 0), NEW.number
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'seat_within_licence';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER seat_within_licence BEFORE INSERT OR UPDATE ON licensing_seat
    FOR EACH ROW EXECUTE FUNCTION newsroom_seat_within();

CREATE FUNCTION newsroom_seats_hold() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.recorded_to IS NOT NULL OR NEW.seats IS NULL THEN
        RETURN NULL;
    END IF;
    PERFORM 1 FROM licensing_licence WHERE id = NEW.licence_id FOR NO KEY UPDATE;
    IF EXISTS (
        SELECT 1 FROM licensing_seat
        WHERE licence_id = NEW.licence_id AND valid_to IS NULL AND number > NEW.seats
    ) THEN
        RAISE EXCEPTION 'licence % has people above seat %', NEW.licence_id, NEW.seats
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'seats_hold_who_sits';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER seats_hold_who_sits AFTER INSERT ON licensing_licenceversion
    FOR EACH ROW EXECUTE FUNCTION newsroom_seats_hold();
"""
NO_SEATS = """
DROP TRIGGER seat_within_licence ON licensing_seat;
DROP FUNCTION newsroom_seat_within();
DROP TRIGGER seats_hold_who_sits ON licensing_licenceversion;
DROP FUNCTION newsroom_seats_hold();
"""


class Migration(migrations.Migration):
    """No seat above what the licence has, whoever writes; no fewer seats than people who sit."""

    dependencies = [("licensing", "0040_people")]
    operations = [migrations.RunSQL(SEATS, NO_SEATS)]
