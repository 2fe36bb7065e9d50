"""Owns what every test has: the plugins that give it servers and a browser."""

pytest_plugins = ["tests.fix_servers", "tests.fix_browser", "tests.fix_vault"]
