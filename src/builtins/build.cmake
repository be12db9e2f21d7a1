dx_generate_stubs(builtins)
