"""Data that comes in from elsewhere and goes out: CSV, JSON, bank statements."""
