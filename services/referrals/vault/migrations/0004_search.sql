-- A word leads to clients in the order of their ids, so that a part of a list is a part of an index, however common it is.
ALTER TABLE search_words ADD COLUMN client_id uuid;
UPDATE search_words SET client_id = identities.client_id FROM identities WHERE identities.row_id = search_words.row_id;
UPDATE search_words SET client_id = given.client_id FROM given
  WHERE given.subject_id = search_words.row_id AND search_words.client_id IS NULL;
DELETE FROM search_words WHERE client_id IS NULL;
ALTER TABLE search_words ALTER COLUMN client_id SET NOT NULL, DROP CONSTRAINT search_words_pkey,
  ADD PRIMARY KEY (word, client_id, row_id);
