"""An extension of Ostrea's law: a tax on dogs."""
