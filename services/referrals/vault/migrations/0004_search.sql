-- A word leads to clients in the order of their places, so that a part of a list is a part of an index, however common
-- it is. A place follows from the client under a key of the agency: the lists of two agencies are in no common order.
ALTER TABLE search_words ADD COLUMN client_id uuid NOT NULL, ADD COLUMN place uuid NOT NULL,
  DROP CONSTRAINT search_words_pkey, ADD PRIMARY KEY (word, place, row_id);
