"""An organisation's own pages: its people, invitations, requests and settings; and what one person does about them."""
