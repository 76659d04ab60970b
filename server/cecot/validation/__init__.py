"""Checking the rooms by their rules: the shapes, and what SHACL cannot say (SHACL 1.0).

``validate`` gives a Report; ``cecot.validation.formats`` writes it.
"""

from cecot.validation.report import Finding, Report
from cecot.validation.running import validate
from cecot.validation.shapes import Rule, Severity

__all__ = ["Finding", "Report", "Rule", "Severity", "validate"]
