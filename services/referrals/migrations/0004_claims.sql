-- Who does what: an agency's claims are read by their age. Kept in force by the day they expire, they are few.
CREATE INDEX stored_events_claims ON stored_events (agency, recorded_at) WHERE starts_with(topic, 'claim.');
