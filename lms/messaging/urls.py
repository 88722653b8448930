"""Addresses that providers call."""

from django.urls import path

from lms.messaging.views.receipts import sms_receipt
from lms.messaging.views.zalo_receipts import zalo_receipt

app_name = "messaging"
urlpatterns = [
    path("sms/", sms_receipt, name="sms_receipt"),
    path("zalo/", zalo_receipt, name="zalo_receipt"),
]
