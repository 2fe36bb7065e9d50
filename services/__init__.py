"""The services; they never import each other and meet only in contracts."""
