-- How soon services answer is asked of the answers of some months among those of all years. The condition is written once
-- more in services/referrals/store/directory_log.py.
CREATE INDEX stored_events_answered ON stored_events (occurred_at) INCLUDE (originator_id)
    WHERE topic IN ('referral.accepted.v1', 'referral.declined.v1', 'referral.waitlisted.v1');
