def coverage_begin(reg, options):
    pass
