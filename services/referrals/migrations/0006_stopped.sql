-- Work lists ask who wants no contact (R20): few events among millions. The condition is written once more in
-- services/referrals/store/quiet.py.
CREATE INDEX stored_events_stopped ON stored_events (client_id, originator_version DESC) INCLUDE (agency, topic)
    WHERE topic IN ('client.no_further_contact.v1', 'client.no_further_contact_corrected.v1');
