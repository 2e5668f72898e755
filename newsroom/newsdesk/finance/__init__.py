"""Finance at the desk: reports, the journal, and closing months."""
