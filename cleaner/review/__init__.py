"""The labelling page: what to ask, the labels file, and a server for this machine only."""
