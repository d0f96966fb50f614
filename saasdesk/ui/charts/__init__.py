"""Charts that paint themselves with the tokens: bars, stacked bars, lines, sparklines; each mark can be walked to."""
