"""What a reform does to a population that is computed part by part: the same tables as of the whole, in bounded memory."""
