"""When things happen again, and what runs them."""
