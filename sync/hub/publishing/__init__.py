"""Publishing: what changed is packed, the set of packs is signed, and mirrors follow.

`plan` says which packs a publication has, `packing` makes them, `signing` reads and writes the signed set, `publisher`
puts these together, `compaction` does behind it what takes long, `roots` makes and changes keys, `mirror` copies.
"""
