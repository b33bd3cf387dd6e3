"""The least that tests with a database need."""

SECRET_KEY = "for tests"
INSTALLED_APPS = ["counter"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ = True
