"""A law whose scales are wrong, and whose formulas read none of them."""
