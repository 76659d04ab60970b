"""A Report for people and for programs, in one of six formats."""

from __future__ import annotations

from collections.abc import Callable

from cecot.validation.formats.annotations import write_github
from cecot.validation.formats.junit import write_junit
from cecot.validation.formats.objects import write_json
from cecot.validation.formats.sarif import write_sarif
from cecot.validation.formats.showing import Showing
from cecot.validation.formats.text import write_text
from cecot.validation.formats.turtle import write_report_graph
from cecot.validation.report import Report

Writer = Callable[[Report, Showing], str]

FORMATS: dict[str, Writer] = {
    "github": write_github,
    "json": write_json,
    "junit": write_junit,
    "sarif": write_sarif,
    "text": write_text,
    "turtle": write_report_graph,
}
"""The formats of a report by name; each ends in a line end."""

__all__ = ["FORMATS", "Showing", "Writer"]
