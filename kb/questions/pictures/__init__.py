"""What pictures of answers show, and the builders of each kind."""
