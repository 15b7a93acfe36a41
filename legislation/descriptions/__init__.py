"""Ce qui décrit les ménages d'une population sans qu'aucun impôt le demande : à quoi les résultats sont rapportés."""
