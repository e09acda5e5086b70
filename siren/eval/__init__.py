"""What a session came to: paired evaluations, graded rules, reports."""
