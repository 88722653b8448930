from allauth.account.forms import LoginForm


class IdentifierLoginForm(LoginForm):
    pass
