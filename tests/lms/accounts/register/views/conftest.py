from typing import Any

from django.urls import reverse


def url(name: str, *args: Any) -> str:
    """A page of the people's part of the admin; rows are named by their key."""
    return reverse(f"wagtailusers_users:{name}", args=[getattr(arg, "pk", arg) for arg in args])
