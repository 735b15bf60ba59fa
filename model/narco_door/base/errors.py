"""The one kind of error that a user can cause."""


class UserError(Exception):
    """Something in the user's input is wrong; the message says what, where and what was expected.

    The command line prints the message alone and exits with code 2.
    """
