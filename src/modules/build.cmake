dx_generate_stubs(modules)
