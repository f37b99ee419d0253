"""Labelled documents → models and scores. Imports scikit-learn; nothing in use imports it."""
