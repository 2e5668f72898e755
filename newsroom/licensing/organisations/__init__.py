"""Who belongs to an organisation: roles, invitations, joining, requests, and two accounts that are one person."""
