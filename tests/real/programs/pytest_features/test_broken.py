import no_such_module_for_this_test  # noqa: F401
