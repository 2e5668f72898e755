from django.db import migrations

OWNER = """
CREATE FUNCTION newsroom_owner_remains() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    org bigint;
BEGIN
    FOREACH org IN ARRAY ARRAY[
        CASE WHEN TG_OP <> 'INSERT' THEN OLD.organisation_id END,
        CASE WHEN TG_OP <> 'DELETE' THEN NEW.organisation_id END
    ] LOOP
        CONTINUE WHEN org IS NULL;
        PERFORM 1 FROM accounts_organisation WHERE id = org FOR NO KEY UPDATE;
        IF EXISTS (SELECT 1 FROM accounts_membership WHERE organisation_id = org AND valid_to IS NULL)
            AND NOT EXISTS (
                SELECT 1 FROM accounts_membership
                WHERE organisation_id = org AND valid_to IS NULL AND role = 'owner'
            )
        THEN
            RAISE EXCEPTION 'organisation % has members and no owner', org
                USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'organisation_has_an_owner';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER organisation_has_an_owner AFTER INSERT OR UPDATE OR DELETE ON accounts_membership
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION newsroom_owner_remains();
"""
NO_OWNER = """
DROP TRIGGER organisation_has_an_owner ON accounts_membership;
DROP FUNCTION newsroom_owner_remains();
"""
APART = """
ALTER TABLE accounts_network ADD CONSTRAINT networks_apart
    EXCLUDE USING gist (cidr inet_ops WITH &&) WHERE (valid_to IS NULL);
"""


class Migration(migrations.Migration):
    """At least one owner while there are members; no two open networks with an address in common."""

    dependencies = [("accounts", "0010_belonging")]
    operations = [
        migrations.RunSQL(OWNER, NO_OWNER),
        migrations.RunSQL(APART, "ALTER TABLE accounts_network DROP CONSTRAINT networks_apart;"),
    ]
