"""From the vendor's record to our fields: paths, templates, named steps, compiled once for a run."""

from saasdesk.mapping.mapping import (
    CompiledMapping,
    LaunchTodo,
    MappingProblem,
    MapRow,
    Policy,
    Target,
    check_source,
    compile_mapping,
    is_record_per_row,
    missing_for_launch,
    warnings_for_launch,
)
from saasdesk.mapping.paths import PathProblem, compile_path
from saasdesk.mapping.templates import Template, TemplateProblem, compile_template, is_template
from saasdesk.mapping.transforms import TransformProblem, step_names

__all__ = [
    "CompiledMapping",
    "LaunchTodo",
    "MapRow",
    "MappingProblem",
    "PathProblem",
    "Policy",
    "Target",
    "Template",
    "TemplateProblem",
    "TransformProblem",
    "check_source",
    "compile_mapping",
    "compile_path",
    "compile_template",
    "is_record_per_row",
    "is_template",
    "missing_for_launch",
    "step_names",
    "warnings_for_launch",
]
