"""How allauth behaves here: people are put on the register, they do not sign up."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class SuiteAccountAdapter(DefaultAccountAdapter):
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
