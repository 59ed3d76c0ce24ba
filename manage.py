#!/usr/bin/env python
"""Entry point of every command; without DJANGO_SETTINGS_MODULE it works on the demonstration settings."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_public.settings.dev")
    execute_from_command_line(sys.argv)
