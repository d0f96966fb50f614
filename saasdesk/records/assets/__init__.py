"""Assets: what is known of one device, and which devices a person has."""

from saasdesk.records.assets.assets import AssetFacts, DeviceFacts, asset_facts, assets_of_person

__all__ = ["AssetFacts", "DeviceFacts", "asset_facts", "assets_of_person"]
