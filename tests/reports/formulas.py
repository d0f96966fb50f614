"""Texts that a spreadsheet would calculate, and others."""

from hypothesis import strategies as st

# The full-width signs among them start a formula, too.
FORMULAS = tuple("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
STARTS = (*FORMULAS, "'")

any_text = st.text(st.characters(exclude_categories=["Cs"]))
formula_like = st.builds(str.__add__, st.sampled_from(STARTS), any_text)
