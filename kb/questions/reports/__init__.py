"""What a report to hand over gathers from the other questions."""
