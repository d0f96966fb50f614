"""Previews that are kept whole, so that exactly what somebody has looked at can be applied."""

from saasdesk.sync.previews.applying import apply_preview, why_not_applicable
from saasdesk.sync.previews.keeping import forget_old_previews, keep_content
from saasdesk.sync.previews.rows import Unticked

__all__ = ["Unticked", "apply_preview", "forget_old_previews", "keep_content", "why_not_applicable"]
