"""A plugin that needs no coverage.py."""


class Duck:
    def configure(self, config):
        assert config.get_option("duck:word") == "quack"
        config.set_option("run:omit", (config.get_option("run:omit") or []) + ["main.py"])


def coverage_init(reg, options):
    reg.add_configurer(Duck())
