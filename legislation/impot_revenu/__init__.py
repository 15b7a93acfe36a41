"""L'impôt sur le revenu, dû sur les revenus d'une année ; les chiffres de la loi sont ceux des revenus de 2017 à 2025.

La période d'une variable est l'année des revenus : l'impôt de 2022 est celui des revenus de 2022, déclarés et mis en
recouvrement en 2023. Dans l'ordre de la liquidation : ce qui est déclaré (`individu_saisie`, `foyer_composition`,
`foyer_declaration`) ; les parts (`parts`) ; les traitements, salaires et pensions (`salaires_pensions`) ; les bénéfices (`independants`) ; les revenus de
capitaux et les revenus fonciers (`capitaux`, `revenus_fonciers`) ; les revenus global et imposable (`revenu_global`) ; le barème, le plafonnement
du quotient familial et la décote (`impot_brut`) ; les réductions et crédits d'impôt (`reductions`, `credits`) ; la
contribution sur les hauts revenus et les prélèvements sociaux (`contributions`) ; l'impôt net (`impot_net`).
"""
