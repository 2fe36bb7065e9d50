"""Who is calling and may they: sign-in, sessions, tokens and the one decision point."""
