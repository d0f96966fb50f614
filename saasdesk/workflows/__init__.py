"""Workflows: blocks along which records go, checked, and shown before anything happens."""
