"""Who published a document, and what is known about that source."""
