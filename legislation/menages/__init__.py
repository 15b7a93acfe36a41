"""Le ménage : ses unités de consommation, son revenu disponible et son niveau de vie, au sens de l'Insee."""
