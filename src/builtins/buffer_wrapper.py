"""The link between buffers and classes that define __buffer__ in Python."""
not_a_module()
include("runtime/buffer_wrapper.h")


@layout("BufferWrapper", type="_PyBufferWrapper_Type", flags="gc disallow", fields="view object", clear=False,
        prefix="bufferWrapper")
class _buffer_wrapper(object):
    def __buffer__(self, flags, /): ...
    def __release_buffer__(self, buffer, /): ...
