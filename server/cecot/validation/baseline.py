"""What was found before: a file of findings that do not count any more."""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import replace
from pathlib import Path

from cecot.errors import UsageError
from cecot.validation.report import Report, fingerprint, fingerprint_of_prefixes, path_from

_VERSION = 3
_MARKS = {2: fingerprint_of_prefixes, 3: fingerprint}
"""How each version that is read knows a finding."""


def without_known(report: Report, path: Path) -> Report:
    """``report`` without what the baseline holds, so often as it does: one case more is new.

    Raises UsageError for what is no baseline.
    """
    version, known = _read(path)
    folder = _folder(path)
    left, new = known.copy(), []
    for finding in report.findings:
        mark = _MARKS[version](finding, folder)
        left[mark] -= 1
        if left[mark] < 0:
            new.append(finding)
    return replace(report, results=tuple(new), known=len(report.findings) - len(new))


def written_baseline(report: Report, path: Path) -> str:
    """All findings of ``report`` as the baseline ``path``, in an order that keeps changes small.

    Files are called as from the folder of the baseline, so that it holds wherever one stands.
    """
    folder = _folder(path)
    marks = Counter(fingerprint(finding, folder) for finding in report.findings)
    told = {
        fingerprint(f, folder): {
            "rule": f.rule.name,
            "constraint": f.constraint,
            "file": path_from(folder, f),
            "detail": f.detail,
        }
        for f in report.findings
    }
    entries = [
        {"fingerprint": mark, "count": marks[mark], **told[mark]}
        for mark in sorted(told, key=lambda mark: (*told[mark].values(), mark))
    ]
    content = {"version": _VERSION, "findings": entries}
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def _folder(path: Path) -> Path:
    return Path(os.path.abspath(path)).parent


def _read(path: Path) -> tuple[int, Counter[str]]:
    """The version of a baseline, and how often each fingerprint is known to it."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["version"] == 1:
            raise UsageError(
                "This baseline was written by an older version, which did not tell apart the"
                " constraints of one shape.",
                hint="Write it anew: cecot validate ... --baseline FILE --write-baseline",
                where=str(path),
            )
        if content["version"] not in _MARKS:
            raise ValueError(f"version {content['version']}")
        known = Counter({str(f["fingerprint"]): int(f["count"]) for f in content["findings"]})
        return content["version"], known
    except OSError as error:
        raise UsageError(
            f"The baseline cannot be read: {error.strerror}.",
            hint="Make it: cecot validate ... --baseline FILE --write-baseline",
            where=str(path),
        ) from error
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise UsageError(
            "This is not a baseline of cecot validate.",
            hint="Make it anew: cecot validate ... --baseline FILE --write-baseline",
            where=str(path),
        ) from error
