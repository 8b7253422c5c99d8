"""Items at the hub, before they stand on a shelf.

- `editors`: what is done with one: drafts, publishing, withdrawing, undoing
- `checking`: what an item may be; `form`: one as the fields of a form, and back
- `uploads`, `intake`: files that people send, told by what they hold; their bytes taken in
"""
