"""How the system is brought up: command line, local supervisor, simulator, initiatives; may import every service."""
