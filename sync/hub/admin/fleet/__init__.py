"""Shops and their kiosks: how they are, and what is done with them.

- `routes`: the addresses; `scope`: whose shops somebody sees
- `shops`: a shop and its shelves; `kiosks`: the fleet and one kiosk; `joining`: a kiosk that shows a code
- `telling`: who gets an e-mail when a kiosk is quiet
"""
