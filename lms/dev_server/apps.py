from django.apps import AppConfig


class DevServerConfig(AppConfig):
    name = "lms.dev_server"
