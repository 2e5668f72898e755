"""What allauth says on our pages and our catalogues say in our own words: one word for a password, in every language."""

from django.utils.translation import gettext_noop

OURS = (
    gettext_noop("Email"),
    gettext_noop("Remember Me"),
    gettext_noop("Forgot your password?"),
    gettext_noop("Current Password"),
    gettext_noop("New Password"),
    gettext_noop("New Password (again)"),
    gettext_noop("Incorrect password."),
    gettext_noop("Please type your current password."),
    gettext_noop("You must type the same password each time."),
    gettext_noop("The email address and/or password you specified are not correct."),
    gettext_noop("Password successfully changed."),
    gettext_noop("Use your password"),
)
