"""The hub's own pages, for the people who look after it: sign in, write items, see that shops are well.

- `app`: the addresses; `door`: who may come in, and how every answer leaves
- `signing_in`, `accounts`: people and their passwords
- `fleet`: shops and their kiosks
- `lists`, `editing`: items, as `sync.hub.items` has them; `preview` shows one as others will see it
- `suggestions`: what makers suggest; `importing`: many items at once
- `reports`: who came, and what was taken; `follow_ups`: who asked to be rung back
- `render`, `templates/`, `static/`: what it looks like

Everything works without scripts; with them, previews follow what is typed. What is written goes through
`sync.hub.items.editors` and the stores, never from here into the database.
"""

from sync.hub.admin.app import routes

__all__ = ["routes"]
