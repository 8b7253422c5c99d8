"""Everything that travels between shops: the catalogue down, records up."""
