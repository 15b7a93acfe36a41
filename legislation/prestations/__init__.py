"""Prestations familiales, RSA, prime d'activité, aides au logement, allocations des personnes âgées et handicapées, pour les droits de 2017 à 2025.

La période d'une variable est le mois du droit. Dans l'ordre de lecture : les périodes dont les revenus sont lus (`periodes`) ; les
personnes et la composition de la famille (`personnes`, `familles`) ; les ressources de l'avant-dernière année (`ressources_annuelles`) ;
les prestations familiales (`allocations_familiales`, `complement_familial`, `allocation_rentree_scolaire`,
`allocation_soutien_familial`, `paje`) ; les ressources d'un mois et le montant forfaitaire d'un foyer (`ressources_mensuelles`,
`montant_forfaitaire`), communs au revenu de solidarité active (`rsa`) et à la prime d'activité (`prime_activite`) ; l'allocation aux adultes
handicapés (`aah_ressources`, `aah`) et celle de solidarité aux personnes âgées (`aspa`), qui y comptent ; les aides au logement des
locataires (`logement_loue`, `logement_ressources`, `aides_au_logement`) ; les totaux (`totaux`).

Le RSA et la prime d'activité d'un mois lisent les revenus et les autres prestations de mois antérieurs, jamais un RSA ni une
prime : rien ne remonte le temps sans fin. Les aides au logement regardent si un RSA était dû le mois précédent, d'après son forfait logement entier.
"""
