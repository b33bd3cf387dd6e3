"""Configuration files: sections, lists, durations, `${section.key}` and `include = other.conf`.

Three layers, later ones win: the defaults below, files, SHOP_SECTION_KEY in the environment.
"""

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

from shop.errors import ConfigError

DEFAULTS = {
    "shop": {"name": "Corner Shop", "country": "DE", "currency": "EUR"},
    "pricing": {"rules": "", "tax_rounding": "line", "prices_include_tax": "no"},
    "billing": {"terms_days": "30", "dunning_days": "7, 14, 28", "dunning_fee": "2.50"},
    "stock": {"valuation": "fifo", "reorder_window": "90d"},
    "logging": {"level": "warning", "file": ""},
    "plugins": {"load": "", "path": ""},
}
_SECTION = re.compile(r"\[([a-z][a-z0-9_]*)\]$")
_SETTING = re.compile(r"([a-z][a-z0-9_]*)\s*(\+?=)\s*(.*)$")
_REFERENCE = re.compile(r"\$\{([a-z0-9_]+)\.([a-z0-9_]+)\}")
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}


@dataclass
class Settings:
    """The values of all layers; the getters convert and say which setting is wrong."""

    values: dict = field(default_factory=dict)
    files: list = field(default_factory=list)

    def raw(self, section, key):
        try:
            return self.values[section][key]
        except KeyError:
            raise ConfigError(f"no setting {section}.{key}") from None

    def text(self, section, key):
        return self._expand(section, key, ())

    def _expand(self, section, key, seen):
        if (section, key) in seen:
            chain = " -> ".join(".".join(part) for part in [*seen, (section, key)])
            raise ConfigError(f"settings refer to each other: {chain}")

        def replace(found):
            return self._expand(found[1], found[2], (*seen, (section, key)))

        return _REFERENCE.sub(replace, self.raw(section, key))

    def boolean(self, section, key):
        value = self.text(section, key).lower()
        if value in ("yes", "true", "on", "1"):
            return True
        if value in ("no", "false", "off", "0"):
            return False
        raise ConfigError(f"{section}.{key}: not yes or no: {value!r}")

    def integer(self, section, key):
        value = self.text(section, key)
        try:
            return int(value)
        except ValueError:
            raise ConfigError(f"{section}.{key}: not a whole number: {value!r}") from None

    def items(self, section, key):
        """A list: separated by commas or lines, empty ones left out."""
        parts = re.split(r"[,\n]", self.text(section, key))
        return [part.strip() for part in parts if part.strip()]

    def seconds(self, section, key):
        """A duration such as '90d' or '1h30m'."""
        value = self.text(section, key)
        if not re.fullmatch(r"(\d+[smhdw])+", value):
            raise ConfigError(f"{section}.{key}: not a duration: {value!r}")
        return sum(int(n) * _UNITS[unit] for n, unit in re.findall(r"(\d+)([smhdw])", value))

    def dump(self):
        """All settings in the form of a file, in a fixed order."""
        lines = []
        for section in sorted(self.values):
            lines.append(f"[{section}]")
            for key in sorted(self.values[section]):
                value = self.values[section][key].replace("\n", "\n    ")
                lines.append(f"{key} = {value}".rstrip())
            lines.append("")
        return "\n".join(lines)


def load(paths=(), environ=None):
    """The settings of all `paths`, one over the other, and of the environment."""
    settings = Settings({section: dict(keys) for section, keys in DEFAULTS.items()})
    for path in paths:
        _read_file(settings, Path(path), ())
    environ = os.environ if environ is None else environ
    for name, value in sorted(environ.items()):
        if found := re.fullmatch(r"SHOP_([A-Z0-9]+)_([A-Z0-9_]+)", name):
            section, key = found[1].lower(), found[2].lower()
            if section in DEFAULTS:
                settings.values[section][key] = value
    return settings


def _read_file(settings, path, parents):
    path = path.resolve()
    if path in parents:
        raise ConfigError("includes itself", path=path.name)
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"can't be read: {error.strerror}", path=path.name) from error
    settings.files.append(path)
    section = None
    last = None
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.split("#", 1)[0].rstrip()
        if not stripped:
            continue
        if line[0].isspace():
            if last is None:
                raise ConfigError("a continuation of nothing", path.name, number)
            settings.values[section][last] += "\n" + stripped.strip()
        elif found := _SECTION.match(stripped):
            section, last = found[1], None
            settings.values.setdefault(section, {})
        elif found := _SETTING.match(stripped):
            key, operator, value = found.groups()
            if section is None:
                if key != "include":
                    raise ConfigError("a setting before the first section", path.name, number)
                _read_file(settings, path.parent / value, (*parents, path))
                continue
            before = settings.values[section].get(key, "")
            joined = f"{before}, {value}" if operator == "+=" and before else value
            settings.values[section][key] = joined
            last = key
        else:
            raise ConfigError(f"can't be understood: {stripped!r}", path.name, number)
