"""A read copy of the catalogue: built from packs, searched, read; never edited.

- `folder`: which file is the current one, and how a new one takes its place
- `schema`, `base`, `deltas`, `rows`, `rank`, `words`: how packs become rows and indexes
- `read`, `search`, `suggest`: what a screen or page asks
- `filters`, `facets`, `bits`, `selection`: what of it is wanted, counted and paged without looking at each item
- `near`: where things stand, and how far from a shop
- `blobs`: the files that items offer, by hash
"""
