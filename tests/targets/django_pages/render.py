import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "site_settings")
import django
from django.template.loader import render_to_string

django.setup()
print(render_to_string("page.html", {"items": ["a"], "flag": False}))
