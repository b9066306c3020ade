"""What regions and programmes are called: display names by (region, programme), the id where a case gives none."""

from __future__ import annotations

from collections.abc import Mapping

from regionopt.case.case import Case
from regionopt.common.errors import InputError
from regionopt.common.texts import Language


def display_names(case: Case, language: Language, within: str = "") -> Mapping[tuple[str, str], str]:
    """Names of regions by (region, "") and of programmes by (region, programme), the region's name before it; not
    before programmes of the region `within` which is spoken of anyway."""
    field = "name_zh" if language == "zh-TW" else "name_en"
    names = {(region.id, ""): str(getattr(region, field)) for region in case.regions}
    told = _told(case, field)
    for t in case.instance.tranches:
        own = told.get((t.region, t.programme)) or t.programme
        names[t.region, t.programme] = own if t.region == within else f"{names[t.region, '']} · {own}"
    return names


def _told(case: Case, field: str) -> Mapping[tuple[str, str], str]:
    """Names from the table of programmes; a case with returns of its own may do without that table."""
    try:
        records = case.resolved.context.sources.programmes
    except InputError:
        return {}
    return {(record["region"], record["programme"]): record[field] for record in records}
