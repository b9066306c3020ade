"""regionopt: divides a public budget among regions, certifies the plan and draws it as offline maps.

import regionopt as ro
result = ro.load("taiwan-2040").solve()
result.status, result.regions, result.allocation, result.targets
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from regionopt.api import Case, Result, load
    from regionopt.common.errors import InputError, LimitError, ToolError

__all__ = ["Case", "InputError", "LimitError", "Result", "ToolError", "load"]

_HOMES = {
    "Case": "regionopt.api",
    "load": "regionopt.api",
    "Result": "regionopt.api",
    "InputError": "regionopt.common.errors",
    "LimitError": "regionopt.common.errors",
    "ToolError": "regionopt.common.errors",
}


def __getattr__(name: str) -> Any:
    """Import on first use: `import regionopt` alone costs nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'regionopt' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
