"""RSS and Atom for everybody: headlines and summaries, never a text."""
