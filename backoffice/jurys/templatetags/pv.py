"""What pages ask about the minutes and what follows from them."""

from django import template

from ..delais import notification_de

register = template.Library()
register.simple_tag(notification_de)
