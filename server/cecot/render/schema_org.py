"""The dataset as search engines read it (schema.org Dataset; Google's guide to datasets)."""

from __future__ import annotations

import json
from collections.abc import Mapping

from cecot.material.description import Description
from cecot.render.dumps import Dumps, expected
from cecot.render.statements import Address


def dataset_record(
    description: Description,
    address: Address,
    dumps: Dumps | None,
    words: Mapping[str, str],
    language: str,
) -> dict[str, object]:
    """The dataset as a schema.org object in JSON-LD, in ``language``.

    ``words`` is what the dataset is, by language; ``dumps`` are its files, if it is in
    files: all are named, whether they are ready yet or not, so that the record stays the same.
    """
    titles = description.titles
    record = {
        "@context": "https://schema.org/",
        "@type": "Dataset",
        "@id": address("/.well-known/void#dataset"),
        "name": titles.get(language) or next(iter(titles.values()), description.names.base),
        "description": words.get(language) or next(iter(words.values()), ""),
        "url": address("/"),
        "identifier": description.names.base,
        "version": description.version,
        "inLanguage": sorted(titles) or None,
        "license": description.license,
        "dateModified": description.modified.date().isoformat() if description.modified else None,
        "isAccessibleForFree": True,
        "includedInDataCatalog": {"@type": "DataCatalog", "url": address("/dcat")},
        "distribution": [
            _file(name, media_type, address)
            for name, media_type in (expected(description).items() if dumps is not None else ())
        ],
    }
    return {name: value for name, value in record.items() if value not in (None, "", [])}


def embedded(record: Mapping[str, object]) -> str:
    """``record`` as JSON that may stand in a script element: nothing in it can end the element."""
    text = json.dumps(record, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _file(name: str, media_type: str, address: Address) -> dict[str, object]:
    return {
        "@type": "DataDownload",
        "name": name,
        "contentUrl": address(f"/dumps/{name}"),
        "encodingFormat": media_type,
    }
