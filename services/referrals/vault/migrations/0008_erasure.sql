-- A restricted class has data keys of its own (R6): the ordinary ones have none.
ALTER TABLE data_keys ADD COLUMN class text NOT NULL DEFAULT '';
DROP INDEX data_keys_in_use;
CREATE UNIQUE INDEX data_keys_in_use ON data_keys (client_id, agency, class) WHERE shredded_at IS NULL;

-- Whoever keeps a key open learns at once that it is destroyed, whoever destroyed it.
CREATE FUNCTION tell_of_destroyed_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('destroyed_keys', OLD.id::text);
  RETURN NULL;
END $$;
CREATE TRIGGER destroyed_key AFTER UPDATE OF shredded_at ON data_keys FOR EACH ROW
  WHEN (NEW.shredded_at IS NOT NULL) EXECUTE FUNCTION tell_of_destroyed_key();
CREATE TRIGGER deleted_key AFTER DELETE ON data_keys FOR EACH ROW EXECUTE FUNCTION tell_of_destroyed_key();

-- An agency's clients, for what is erased of one of them.
CREATE INDEX given_client ON given (client_id, receiver);
