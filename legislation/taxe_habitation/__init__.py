"""La taxe d'habitation : de 2014 à 2017, telle que le programme de l'administration la calculait ; depuis 2018, d'après les textes.

Dans l'ordre de la liquidation : ce qui est saisi (`cote_saisie`, `commune_saisie`, `local_saisie`, `foyer_saisie`) ; la valeur
locative (`valeur_locative`) et la position du revenu (`position_revenus`) ; les contrôles (`controles_*`) ; les régimes
d'abattement des collectivités (`regimes_abattement`, `seconde_liquidation`) ; les bases (`valeurs_imposables`, `bases`) ; les
cotisations, frais et prélèvements (`cotisations`, `frais`, `prelevements`) ; les dégrèvements (`reduction_taux`, `plafonnement`,
`degrevements`, et `dependances` pour la dépendance isolée) ; de 2018 à 2022, l'allègement de l'habitation principale
(`allegement_habitation_principale`), qui n'est plus imposable en 2023 ; la contribution à l'audiovisuel (`contribution_audiovisuel`) ; le
net à payer (`net_a_payer`) ; la taxe sur les logements vacants (`logements_vacants`).

Les calculs s'enchaînent : ce que l'avis ne dit pas découle du local, des foyers fiscaux des redevables et de la commune, et les
chiffres que la commune n'a pas donnés, de la loi (`deliberations_par_defaut`) ; depuis 2018, le revenu et les parts d'un foyer
découlent de son impôt sur le revenu de l'année précédente. Ce qui est donné n'est jamais recalculé : les
fichiers de l'administration, qui donnent tout, ont ses résultats.
"""
