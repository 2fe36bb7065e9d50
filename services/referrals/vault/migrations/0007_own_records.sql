-- An agency that accepted her keeps a record of its own beside that of who registered her (R1): one an agency.
ALTER TABLE identities DROP CONSTRAINT identities_client_id_key;
ALTER TABLE identities ADD CONSTRAINT identities_of_an_agency UNIQUE (client_id, agency);
