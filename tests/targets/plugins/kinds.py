"""A plugin of coverage.py that does what its option `kind` says."""
import coverage


class Kinds(coverage.CoveragePlugin):
    def __init__(self, options):
        self.options = options

    def configure(self, config):
        getattr(self, self.options["kind"])(config)

    def source(self, config):
        assert config.get_option("run:source") is None
        config.set_option("run:source", ["part"])

    def omit(self, config):
        config.get_option("run:omit").append("part/*")

    def include(self, config):
        config.set_option("report:include", ("part/*",))

    def branch(self, config):
        config.set_option("run:branch", not config.get_option("run:branch"))

    def fail_under(self, config):
        assert config.get_option("report:fail_under") == 0
        config.set_option("report:fail_under", 99.5)

    def exclude(self, config):
        patterns = config.get_option("report:exclude_lines")
        assert len(patterns) > 2 and "from also" in patterns
        config.set_option("report:exclude_lines", {*patterns, "by plugin"})

    def no_exclude(self, config):
        config.set_option("report:exclude_lines", None)
        config.set_option("report:exclude_lines", [])

    def partial(self, config):
        config.set_option("run:branch", True)
        config.get_option("report:partial_branches").append("if value")

    def own(self, config):
        assert config.get_option("kinds:missing") is None
        config.set_option("kinds:given", config.get_option("kinds:word"))
        config.set_option("html:title", config.get_option("kinds:given"))
        config.set_option("report:precision", int(self.options["digits"]))

    def paths(self, config):
        assert config.get_option("paths") == {"all": [".", "/elsewhere"]}
        config.set_option("paths", {"all": [".", "/other"]})
        config.set_option("report:show_missing", config.get_option("paths") == {"all": [".", "/other"]})

    def unset(self, config):
        config.set_option("report:sort", None)
        config.set_option("report:skip_covered", True)
        config.set_option("report:skip_covered", None)

    def prints(self, config):
        print("a plugin may print")
        config.set_option("run:omit", ["main.py"])

    def fails(self, config):
        raise ValueError("no luck\ntoday")

    def unknown(self, config):
        config.get_option("run:nothing")

    def leaves(self, config):
        raise SystemExit(0)

    def wrong(self, config):
        config.set_option("report:exclude_lines", ["if ("])


def coverage_init(reg, options):
    reg.add_configurer(Kinds(options))
    reg.add_noop(coverage.CoveragePlugin())
