-- Who follows the directory reads its few events among millions of others: this index holds no others. Its condition is
-- written once more in services/referrals/store/directory_log.py.
CREATE INDEX stored_events_directory ON stored_events (notification_id)
    WHERE topic IN ('agency.stated.v1', 'capacity.stated.v1', 'service.stated.v1');
