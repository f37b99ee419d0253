"""cleaner beside what people use instead of it, in one run: see `__main__`."""
