"""A database trigger for tables whose rows are only ever added.

`SET LOCAL newsroom.erasure = 'on'` lets a takedown or an erasure through, in that transaction alone.
"""

from django.db.migrations.operations import RunSQL

FUNCTION = """
CREATE OR REPLACE FUNCTION newsroom_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    allowed text[] := TG_ARGV[0]::text[];
BEGIN
    IF current_setting('newsroom.erasure', true) = 'on' THEN
        RETURN COALESCE(NEW, OLD);
    END IF;
    IF TG_OP = 'UPDATE' AND (to_jsonb(NEW) - allowed) = (to_jsonb(OLD) - allowed) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
"""


def append_only(table: str, *changeable: str) -> RunSQL:
    """Refuse DELETE, and UPDATE of any column but `changeable`, on this table."""
    columns = "{" + ",".join(changeable) + "}"
    return RunSQL(
        FUNCTION
        + f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table} "
        + f"FOR EACH ROW EXECUTE FUNCTION newsroom_append_only('{columns}');",
        f"DROP TRIGGER IF EXISTS append_only ON {table};",
    )
