"""Public web pages over a replica: browse, search, the item behind a code, and its files.

- `app`: the addresses, as routes to mount or as an app that stands alone
- `views`, `files`: one function an address: pages, and the bytes that items offer
- `catalogue`: what the pages ask of the replica, some of it kept until the replica changes
- `item`, `links`, `dates`: what one item's page says, links that may be followed, and an event's dates as a file
- `render`, `colours`, `icons`: templates, Markdown, theme colours and drawings
- `responses`: headers and entity tags of every answer

Nothing here sets a cookie, runs a script in the visitor's browser or asks anything of another host.
"""
