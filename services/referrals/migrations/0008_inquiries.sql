-- What waits for privacy officers, and what they answered: few among many, read by agency, the first due first.

CREATE INDEX work_index_inquiries ON work_index (initiative, to_agency, state, due_at, id) WHERE kind = 'inquiry';
