"""Small ready-made scenes, plans and outcomes for tests and examples. Real values of siren.core, no physics."""
