"""Whoever changes what the gate reads leaves a row in `access_change`, in the same transaction and whatever road he takes."""

from django.db import migrations

NOTE = """
CREATE SEQUENCE access_change_number;

CREATE FUNCTION access_note(subjects text[]) RETURNS void LANGUAGE sql AS $$
    INSERT INTO access_change (subject, at, published)
    SELECT DISTINCT subject, clock_timestamp(), false FROM unnest(subjects) AS subject WHERE subject IS NOT NULL;
$$;

-- What nobody has been told of yet, numbered: one at a time, so that numbers become visible in their order.
CREATE FUNCTION access_take_changes() RETURNS TABLE (id bigint, subject varchar) LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT 1 FROM access_change WHERE NOT published) THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(6220016);
    UPDATE access_change AS each SET number = nextval('access_change_number')
    WHERE each.number IS NULL;
    RETURN QUERY SELECT each.id, each.subject FROM access_change AS each WHERE NOT each.published;
END $$;
"""
NOTE_BACK = """
DROP FUNCTION IF EXISTS access_take_changes();
DROP FUNCTION IF EXISTS access_note(text[]);
DROP SEQUENCE IF EXISTS access_change_number;
"""

LICENCES = """
CREATE FUNCTION access_holders(licence bigint) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT ARRAY['org:' || organisation_id, 'user:' || user_id,
                 CASE WHEN bearer <> '' THEN 'bearer:' || bearer END,
                 CASE WHEN audience <> '' THEN 'audience:' || audience END]
    FROM licensing_licence WHERE id = licence;
$$;

CREATE FUNCTION access_version_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM access_note(access_holders(COALESCE(NEW.licence_id, OLD.licence_id)));
    RETURN NULL;
END $$;
CREATE TRIGGER access_changed AFTER INSERT OR UPDATE OR DELETE ON licensing_licenceversion
    FOR EACH ROW EXECUTE FUNCTION access_version_changed();

CREATE FUNCTION access_licence_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM access_note(ARRAY['org:' || OLD.organisation_id, 'user:' || OLD.user_id, 'org:' || NEW.organisation_id,
                              'user:' || NEW.user_id, 'bearer:' || OLD.bearer, 'bearer:' || NEW.bearer,
                              'audience:' || OLD.audience, 'audience:' || NEW.audience]);
    RETURN NULL;
END $$;
CREATE TRIGGER access_changed AFTER UPDATE ON licensing_licence
    FOR EACH ROW EXECUTE FUNCTION access_licence_moved();

-- A floating seat is a lease that comes and goes with each reading; it changes no terms.
CREATE FUNCTION access_seat_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' AND NEW.valid_to IS NULL THEN
        PERFORM access_note(ARRAY['user:' || NEW.user_id]);
    ELSIF TG_OP = 'UPDATE' AND (OLD.valid_to IS NULL OR NEW.valid_to IS NULL OR OLD.user_id <> NEW.user_id) THEN
        PERFORM access_note(ARRAY['user:' || OLD.user_id, 'user:' || NEW.user_id]);
    ELSIF TG_OP = 'DELETE' THEN
        PERFORM access_note(ARRAY['user:' || OLD.user_id]);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER access_changed AFTER INSERT OR UPDATE OR DELETE ON licensing_seat
    FOR EACH ROW EXECUTE FUNCTION access_seat_changed();
"""
LICENCES_BACK = """
DROP TRIGGER IF EXISTS access_changed ON licensing_seat;
DROP TRIGGER IF EXISTS access_changed ON licensing_licence;
DROP TRIGGER IF EXISTS access_changed ON licensing_licenceversion;
DROP FUNCTION IF EXISTS access_seat_changed();
DROP FUNCTION IF EXISTS access_licence_moved();
DROP FUNCTION IF EXISTS access_version_changed();
DROP FUNCTION IF EXISTS access_holders(bigint);
"""

PEOPLE = """
CREATE FUNCTION access_membership_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM access_note(ARRAY['members:' || OLD.organisation_id, 'user:' || OLD.user_id]);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM access_note(ARRAY['members:' || NEW.organisation_id, 'user:' || NEW.user_id]);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER access_changed AFTER INSERT OR UPDATE OR DELETE ON accounts_membership
    FOR EACH ROW EXECUTE FUNCTION access_membership_changed();

CREATE FUNCTION access_user_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM access_note(array_append(
        (SELECT array_agg('members:' || organisation_id) FROM accounts_membership WHERE user_id = NEW.id),
        'user:' || NEW.id));
    RETURN NULL;
END $$;
CREATE TRIGGER access_changed AFTER UPDATE ON accounts_user FOR EACH ROW
    WHEN (OLD.is_active IS DISTINCT FROM NEW.is_active OR OLD.email IS DISTINCT FROM NEW.email)
    EXECUTE FUNCTION access_user_changed();

CREATE FUNCTION access_key_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM access_note(ARRAY['key:' || left(COALESCE(NEW.digest, OLD.digest), 16)]);
    RETURN NULL;
END $$;
CREATE TRIGGER access_made AFTER INSERT OR DELETE ON accounts_apikey
    FOR EACH ROW EXECUTE FUNCTION access_key_changed();
CREATE TRIGGER access_changed AFTER UPDATE ON accounts_apikey FOR EACH ROW
    WHEN ((to_jsonb(OLD) - 'last_used_at') IS DISTINCT FROM (to_jsonb(NEW) - 'last_used_at'))
    EXECUTE FUNCTION access_key_changed();
"""
PEOPLE_BACK = """
DROP TRIGGER IF EXISTS access_changed ON accounts_apikey;
DROP TRIGGER IF EXISTS access_made ON accounts_apikey;
DROP TRIGGER IF EXISTS access_changed ON accounts_user;
DROP TRIGGER IF EXISTS access_changed ON accounts_membership;
DROP FUNCTION IF EXISTS access_key_changed();
DROP FUNCTION IF EXISTS access_user_changed();
DROP FUNCTION IF EXISTS access_membership_changed();
"""

WIRE = """
CREATE FUNCTION access_names(uri text, slug text) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT ARRAY['item:' || left(md5('uri:' || uri), 16), 'item:' || left(md5('slug:' || slug), 16)];
$$;

CREATE FUNCTION access_item_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM access_note(access_names(OLD.uri, OLD.slug));
    END IF;
    IF TG_OP = 'INSERT' OR (TG_OP = 'UPDATE' AND (OLD.uri <> NEW.uri OR OLD.slug <> NEW.slug)) THEN
        PERFORM access_note(access_names(NEW.uri, NEW.slug));
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER access_changed AFTER INSERT OR UPDATE OR DELETE ON wire_item
    FOR EACH ROW EXECUTE FUNCTION access_item_changed();

-- A release on the wire is frozen but for `is_head`; a takedown or an erasure may still touch it.
CREATE FUNCTION access_release_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM access_note(access_names(uri, slug)) FROM wire_item WHERE id = OLD.item_id;
    RETURN NULL;
END $$;
CREATE TRIGGER access_changed AFTER DELETE OR UPDATE OF signal, public_tier, embargo_until, shown_at, territories_out,
    channels_out, uses_out, archive, expires_at ON wire_release
    FOR EACH ROW EXECUTE FUNCTION access_release_changed();

-- One release's stamps are that story's matter; many at once (a product's rule changed) are everybody's.
CREATE FUNCTION access_stamps_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of bigint[];
BEGIN
    SELECT array_agg(release_id) INTO of FROM (SELECT DISTINCT release_id FROM moved LIMIT 2) AS two;
    IF cardinality(of) = 1 THEN
        PERFORM access_note(access_names(item.uri, item.slug))
        FROM wire_release AS release JOIN wire_item AS item ON item.id = release.item_id WHERE release.id = of[1];
    ELSIF cardinality(of) > 1 THEN
        PERFORM access_note(ARRAY['stamps']);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER access_stamped AFTER INSERT ON wire_stamp REFERENCING NEW TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION access_stamps_changed();
CREATE TRIGGER access_restamped AFTER UPDATE ON wire_stamp REFERENCING OLD TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION access_stamps_changed();
CREATE TRIGGER access_unstamped AFTER DELETE ON wire_stamp REFERENCING OLD TABLE AS moved
    FOR EACH STATEMENT EXECUTE FUNCTION access_stamps_changed();

CREATE FUNCTION access_rule_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM access_note(ARRAY['stamps']);
    RETURN NULL;
END $$;
CREATE TRIGGER access_changed AFTER INSERT OR UPDATE OR DELETE ON wire_productversion
    FOR EACH STATEMENT EXECUTE FUNCTION access_rule_changed();
"""
WIRE_BACK = """
DROP TRIGGER IF EXISTS access_changed ON wire_productversion;
DROP TRIGGER IF EXISTS access_unstamped ON wire_stamp;
DROP TRIGGER IF EXISTS access_restamped ON wire_stamp;
DROP TRIGGER IF EXISTS access_stamped ON wire_stamp;
DROP TRIGGER IF EXISTS access_changed ON wire_release;
DROP TRIGGER IF EXISTS access_changed ON wire_item;
DROP FUNCTION IF EXISTS access_rule_changed();
DROP FUNCTION IF EXISTS access_stamps_changed();
DROP FUNCTION IF EXISTS access_release_changed();
DROP FUNCTION IF EXISTS access_item_changed();
DROP FUNCTION IF EXISTS access_names(text, text);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0001_changes"),
        ("accounts", "0020_api_keys"),
        ("licensing", "0003_rights"),
        ("wire", "0003_rights"),
    ]
    operations = [
        migrations.RunSQL(NOTE, NOTE_BACK),
        migrations.RunSQL(LICENCES, LICENCES_BACK),
        migrations.RunSQL(PEOPLE, PEOPLE_BACK),
        migrations.RunSQL(WIRE, WIRE_BACK),
    ]
