"""A plugin that gives contexts."""
import coverage


class Contexts(coverage.CoveragePlugin):
    def dynamic_context(self, frame):
        return "checking" if frame.f_code.co_name == "check" else None


def coverage_init(reg, options):
    reg.add_dynamic_context(Contexts())
