"""What each published event means for a journey, an entity a file, or that it means nothing."""
