-- When a letter was printed last: its receiver holds what was true then (R13).
ALTER TABLE letters ADD COLUMN printed_at timestamptz;
