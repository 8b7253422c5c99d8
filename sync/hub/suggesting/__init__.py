"""What makers suggest in public, and how editors answer it.

- `views`: the form, for anybody, without an account, a cookie or a script; `fields` what may be typed into it
- `traps`: what keeps machines away, where others would ask people to solve riddles
- `contact`: how to reach a maker, sealed
- `answering`: editors accept, decline, or call it spam

The templates are with those of the public pages.
"""

from sync.hub.suggesting.views import routes

__all__ = ["routes"]
