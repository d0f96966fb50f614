"""saasdesk: who in the company uses which SaaS application, and what to do about it."""

__version__ = "0.1.0"
