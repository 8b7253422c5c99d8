"""The central hub: curates, signs and publishes the catalogue; receives what shops record."""
