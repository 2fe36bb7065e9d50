"""The only service on the public network: sign-in, policy, pages and the way through to the services behind."""
