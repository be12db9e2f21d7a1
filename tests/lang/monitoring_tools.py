"""The registry of sys.monitoring."""
import sys

m = sys.monitoring


def error(function, *args):
    try:
        function(*args)
    except (ValueError, TypeError) as e:
        return str(e)
    assert False


assert error(m.use_tool_id, 9, 'x') == 'invalid tool 9 (must be between 0 and 5)'
m.use_tool_id(1, 'x')
assert m.get_tool(1) == 'x' and error(m.use_tool_id, 1, 'y') == 'tool 1 is already in use'
assert error(m.set_events, 2, 1) == 'tool 2 is not in use'
assert error(m.set_events, 1, 1 << 30) == 'invalid event set 0x40000000'
assert error(m.set_events, 1, m.events.C_RETURN) == 'cannot set C_RETURN or C_RAISE events independently'
assert m.register_callback(1, m.events.LINE, print) is None
assert m.register_callback(1, m.events.LINE, None) is print
assert error(m.register_callback, 1, 3, None) == 'The callback can only be set for one event at a time'
code = error.__code__
m.set_local_events(1, code, m.events.BRANCH_LEFT)
assert m.get_local_events(1, code) == m.events.BRANCH_LEFT
m.free_tool_id(1)
assert m.get_tool(1) is None and m.get_events(1) == 0
