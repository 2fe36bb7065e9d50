-- Work lists ask whose outreach is paused (R5): few events among millions. The condition is written once more in
-- services/referrals/store/quiet.py, whose question is answered by the index alone.
CREATE INDEX stored_events_outreach ON stored_events (client_id, originator_version DESC) INCLUDE (topic)
    WHERE topic IN ('client.outreach_paused.v1', 'client.outreach_resumed.v1');
