"""A read copy of the catalogue: built from packs, searched, read; never edited.

- `folder`: which file is the current one, and how a new one takes its place
- `schema`, `base`, `deltas`, `rows`, `rank`, `words`: how packs become rows and indexes
- `read`, `search`: what a screen or page asks
- `blobs`: the files that items offer, by hash
"""
