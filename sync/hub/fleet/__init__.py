"""The kiosks that belong to a hub, as its people look after them.

- `fleet`: all of them, and what is done with them; `signs`: how one is, in words, trouble first
- `quiet`: when one that is not heard of should be
- `alerts`: an e-mail when one is quiet and when it is back; `telling`: to whom, and by which mail server
"""
