DEBUG = True
SECRET_KEY = "x"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": ["templates"],
        "OPTIONS": {"debug": True},
    }
]
