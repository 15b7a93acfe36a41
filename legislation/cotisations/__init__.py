"""Du brut au net et à l'imposable : cotisations des salariés, CSG, CRDS et contributions sur les revenus de remplacement, par mois.

Les chiffres de la loi sont ceux de 2017 à 2025. Dans l'ordre : ce que l'on sait de chaque personne (`individu_saisie`) ; les
cotisations des salariés (`cotisations_salariales`) et leur CSG, d'où les salaires net et imposable (`salaires`) ; les revenus de
référence et le taux de la CSG qu'ils commandent (`taux_remplacement`) ; les allocations de chômage (`chomage`) ; les pensions
(`retraites`). `inversion` retrouve les montants bruts à partir des montants imposables déclarés.

Cotisations et contributions sont des montants positifs, qui diminuent le revenu.
"""
