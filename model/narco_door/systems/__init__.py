"""What else the seminar spoke of: each a small mechanism that does nothing at the laws of 2007.

Every module holds plain functions of arrays; `monthly` is where the beats of a month call them.
"""
