"""Previews that are kept whole, so that exactly what somebody has looked at can be applied."""
