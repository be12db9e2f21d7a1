"""The types of t-strings (PEP 750)."""
not_a_module()
include("builtins/template_objects.h")


@layout("Template", type="_PyTemplate_Type", module="string.templatelib", flags="gc concat", fields="strings interpolations",
        prefix="tmpl", clear=False, signature=False)
class Template(object):
    """Template object"""
    def __new__(cls, *args: raw): ...
    def __iter__(self): ...
    def __repr__(self): ...
    def __add__(self, other): ...
    strings = member("strings", doc="Strings")
    interpolations = member("interpolations", doc="Interpolations")
    @property
    def values(self):
        """Values of interpolations"""
    def __reduce__(self, /): ...
    __class_getitem__ = generic_alias


@layout("TemplateIter", type="_PyTemplateIter_Type", module="string.templatelib", flags="gc disallow", prefix="tmpliter",
        fields="source")
class TemplateIter(object):
    def __iter__(self): ...
    def __next__(self): ...


@layout("Interpolation", type="_PyInterpolation_Type", module="string.templatelib", flags="gc",
        fields="value expression conversion formatSpec", prefix="interpolation", clear=False, signature=False)
class Interpolation(object):
    """Interpolation object"""
    def __new__(cls, value, expression: Str = '', conversion=None, format_spec: Str = ''): ...
    def __repr__(self): ...
    value = member("value", doc="Value")
    expression = member("expression", doc="Expression")
    conversion = member("conversion", doc="Conversion")
    format_spec = member("formatSpec", doc="Format specifier")
    def __reduce__(self, /): ...
    __match_args__ = ("value", "expression", "conversion", "format_spec")
    __class_getitem__ = generic_alias
