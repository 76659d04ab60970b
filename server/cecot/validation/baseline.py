"""What was found before: a file of findings that do not count any more."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from pathlib import Path

from cecot.errors import UsageError
from cecot.validation.formats import Showing, fingerprint
from cecot.validation.report import Report

_VERSION = 1


def without_known(report: Report, known: Counter[str], showing: Showing) -> Report:
    """``report`` without what is ``known``, so often as it is; a second case of the same is new."""
    left, new = known.copy(), []
    for finding in report.findings:
        mark = fingerprint(finding, showing)
        left[mark] -= 1
        if left[mark] < 0:
            new.append(finding)
    return replace(report, results=tuple(new), known=len(report.findings) - len(new))


def written_baseline(report: Report, showing: Showing) -> str:
    """All findings of ``report`` as a baseline, in an order that keeps changes of it small."""
    marks = Counter(fingerprint(finding, showing) for finding in report.findings)
    told = {
        fingerprint(f, showing): {"rule": f.rule.name, "file": showing.path(f), "detail": f.detail}
        for f in report.findings
    }
    entries = [
        {"fingerprint": mark, "count": marks[mark], **told[mark]}
        for mark in sorted(told, key=lambda mark: (*told[mark].values(), mark))
    ]
    content = {"version": _VERSION, "findings": entries}
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def read_baseline(path: Path) -> Counter[str]:
    """How often each fingerprint is known to a baseline; raises UsageError for what is none."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if content["version"] != _VERSION:
            raise ValueError(f"version {content['version']}")
        return Counter({str(f["fingerprint"]): int(f["count"]) for f in content["findings"]})
    except OSError as error:
        raise UsageError(
            f"The baseline cannot be read: {error.strerror}.",
            hint="Make it: cecot validate ... --baseline FILE --write-baseline",
            where=str(path),
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise UsageError(
            "This is no baseline of cecot validate.",
            hint="Make it anew: cecot validate ... --baseline FILE --write-baseline",
            where=str(path),
        ) from error
