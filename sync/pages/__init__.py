"""Public web pages over a replica: browse, search, the item behind a code with its files, and the shops.

- `app`: the addresses, as routes to mount or as an app that stands alone
- `views`, `files`: one function an address: pages, and the bytes that items offer
- `catalogue`: what the pages ask of the replica, some of it kept until the replica changes
- `item`, `shops`, `links`, `dates`: what the page of an item or a shop says, links that may be followed, and an
  event's dates as a file
- `language`, `addresses`: which language a visitor is answered in, and addresses that keep it
- `opened`: which openings of a code are a visitor's, for whoever counts them
- `frame`, `render`, `colours`, `icons`: what stands around every page, templates, Markdown, theme colours, drawings
- `responses`: headers and entity tags of every answer

Nothing here sets a cookie, runs a script in the visitor's browser or asks anything of another host.
"""
