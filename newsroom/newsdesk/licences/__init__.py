"""Who may use what: looking it up, granting it, ending it."""
