"""One item at the desk: its form, what is done with it, and how it will look."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Final

import msgspec
from starlette.responses import Response

from sync import wording
from sync.errors import RecordError
from sync.hub.admin import preview
from sync.hub.admin.door import ROOT, RefusedError, Visit, go
from sync.hub.errors import HubError
from sync.hub.items import form, intake, uploads
from sync.hub.items.editors import ConflictError, Editors, Work
from sync.hub.items.form import Fields
from sync.hub.store import accounts, catalogue, drafts
from sync.pages.files import serve
from sync.records import KINDS, Item

_SAID: Final = {
    "saved": "Kept as a draft. What is on the shelves has not changed.",
    "published": "Published. It will be in the shops within minutes.",
    "scheduled": "It will be published by itself on that day.",
    "withdrawn": "Withdrawn. It will leave the shops within minutes. Nothing is lost: publish it to bring it back.",
    "restored": "Brought back, and published.",
    "discarded": "The draft is gone. This is what stands on the shelves.",
}


def new(visit: Visit) -> Response:
    """`/admin/items/new`: choose what it is."""
    return visit.page("new.html", kinds=KINDS)


def begin(visit: Visit) -> Response:
    """A kind was chosen."""
    kind = visit.typed("kind")
    if kind not in KINDS:
        raise HubError("Choose what it is.")
    return go(f"{ROOT}/items/{_desk(visit).new(kind, visit.me.id)}")


def edit(visit: Visit) -> Response:
    """`/admin/items/{id}`: the form."""
    work = _desk(visit).open(_id(visit))
    fields = form.fields_of(work.item)
    if language := _language(visit.asked("language")):
        fields.translations.setdefault(language, dict.fromkeys((*form.WORDS, form.UNCHECKED), ""))
    return _page(visit, work, fields, said=_SAID.get(visit.asked("said"), ""))


def save(visit: Visit) -> Response:
    """The form was sent: what it says is kept as a draft, then it is done what was asked for."""
    desk, do = _desk(visit), visit.typed("do")
    if do not in ("save", "translate") and not visit.me.publishes:
        raise RefusedError(403, "Editors publish. Save it as a draft, and ask one of them.")
    before = desk.open_or_empty(_id(visit))
    if before.is_scheduled and not visit.me.publishes:
        raise RefusedError(403, "This appears by itself on its day. Ask an editor to change it.")
    item, fields = _read(visit, before.item)
    item, troubles = _with_uploads(visit, item)
    shown = replace(fields, files=item.files, picture=item.picture)
    try:
        work = desk.save(item, visit.typed("mark"), visit.me.id)
    except ConflictError as error:
        return _page(visit, desk.open_or_empty(item.id), shown, status=409, troubles=[str(error), *troubles])
    if troubles or fields.wrong:
        if do not in ("save", "translate"):
            troubles.append("It is kept as a draft. Before it can be published, see what is marked below.")
        return _page(visit, work, shown, status=422, troubles=troubles)
    try:
        return _do(visit, desk, do, work)
    except (HubError, RecordError) as error:
        return _page(visit, desk.open(item.id), shown, status=422, troubles=[str(error)])


def look(visit: Visit) -> Response:
    """How what is typed will look: a part of the page."""
    work = _desk(visit).open_or_empty(_id(visit))
    item, _fields = _read(visit, work.item)
    return visit.page("preview.html", seen=preview.of(item, work.code, visit.base_url))


def discard(visit: Visit) -> Response:
    """Its draft is not wanted any more."""
    desk, item_id = _desk(visit), _id(visit)
    there = desk.open(item_id)
    if there.is_waiting and not visit.me.publishes:
        raise RefusedError(403, "Editors decide about this one. Ask one of them.")
    try:
        desk.discard(item_id, visit.typed("mark"), visit.me.id)
    except ConflictError as error:
        again = "Somebody else changed this meanwhile. Look at it again before you discard it."
        raise RefusedError(409, again) from error
    return go(f"{ROOT}/items/{item_id}?said=discarded" if there.in_force else f"{ROOT}/items?show=drafts")


def withdraw(visit: Visit) -> Response:
    """It leaves the shelves."""
    _desk(visit).withdraw(_id(visit), visit.me.id)
    visit.hub.publish()
    return go(f"{ROOT}/items/{_id(visit)}?said=withdrawn")


def history(visit: Visit) -> Response:
    """`/admin/items/{id}/history`: who did what to it, and when."""
    desk, item_id = _desk(visit), _id(visit)
    changes = desk.history(item_id)
    with visit.hub.database.reading() as db:
        names = accounts.names(db)
    rows = [
        {"change": change, "who": names.get(change.who, change.who), "fields": _differing(change, older)}
        for change, older in zip(changes, [*changes[1:], None], strict=True)
    ]
    return visit.page("history.html", work=desk.open(item_id), rows=rows)


def restore(visit: Visit) -> Response:
    """It becomes again what it was."""
    revision = visit.typed("revision")
    if not (revision.isascii() and revision.isdigit()):
        raise HubError("Choose a version from the history.")
    _desk(visit).restore(_id(visit), int(revision), visit.me.id)
    visit.hub.publish()
    return go(f"{ROOT}/items/{_id(visit)}?said=restored")


def picture(visit: Visit) -> Response:
    """`/admin/pictures/{sha256}`: a picture that may not be on any shelf yet."""
    sha256 = str(visit.request.path_params["sha256"])
    with visit.hub.database.reading() as db:
        media_type = intake.media_type(db, sha256)
    path = visit.hub.folder.blobs.content(sha256) if media_type and media_type.startswith("image/") else None
    if path is None:
        raise RefusedError(404, "There is no such picture.")
    safe = {"Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'"}
    return serve(
        visit.request, path, etag=f'"{sha256}"', media_type=str(media_type), cache="private, max-age=3600", headers=safe
    )


# -- inner


def _desk(visit: Visit) -> Editors:
    return Editors(visit.hub.database)


def _id(visit: Visit) -> str:
    return str(visit.request.path_params["item_id"])


def _read(visit: Visit, before: Item) -> tuple[Item, Fields]:
    sent = {name: value for name, value in visit.form.items() if isinstance(value, str)}
    ticked = {name: visit.ticked(name) for name in ("themes", "shops")}
    ticked["languages"] = [code for code in visit.ticked("languages") if _language(code) or code in before.languages]
    return form.read(sent, ticked, before)


def _with_uploads(visit: Visit, item: Item) -> tuple[Item, list[str]]:
    """The item with the files that were sent along, and what was wrong with others."""
    database, blobs = visit.hub.database, visit.hub.folder.blobs
    troubles: list[str] = []
    files, picture = list(item.files), item.picture
    for sent in visit.uploads("picture"):
        try:
            picture = uploads.take_picture(sent.file, sent.filename or "", database, blobs)
        except HubError as error:
            troubles.append(str(error))
    for sent in visit.uploads("files"):
        try:
            file = uploads.take_file(sent.file, sent.filename or "", database, blobs)
        except HubError as error:
            troubles.append(str(error))
        else:
            files = [one for one in files if one.sha256 != file.sha256] + [file]
    if len(files) > form.MOST_FILES:
        troubles.append(f"An item has {form.MOST_FILES} files at most; the last were left out.")
    return msgspec.structs.replace(item, files=files[: form.MOST_FILES], picture=picture), troubles


def _do(visit: Visit, desk: Editors, do: str, work: Work) -> Response:
    match do:
        case "publish":
            desk.publish(work.item, work.mark, visit.me.id)
            visit.hub.publish()
            said = "published"
        case "schedule":
            desk.schedule(work.item, visit.typed("publish_on"), work.mark, visit.me.id)
            said = "scheduled"
        case "translate" if language := _language(visit.typed("new_language")):
            return go(f"{ROOT}/items/{work.item.id}?language={language}#words-{language}")
        case _:
            said = "saved"
    return go(f"{ROOT}/items/{work.item.id}?said={said}")


def _language(code: str) -> str:
    return code if code in wording.LANGUAGES else ""


def _page(
    visit: Visit, work: Work, fields: Fields, *, status: int = 200, said: str = "", troubles: list[str] | None = None
) -> Response:
    with visit.hub.database.reading() as db:
        themes = catalogue.themes(db)
        shops = sorted(catalogue.shop_names(db).values())
        names = accounts.names(db)
    return visit.page(
        "edit.html",
        status=status,
        work=work,
        fields=fields,
        said=said,
        troubles=troubles or [],
        themes=themes,
        shops=sorted({*shops, *fields.shops}),
        names=names,
        choices=form,
        kinds=KINDS,
        states=drafts,
        tomorrow=(dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)).isoformat(),
        key_of=form.key_of,
        seen=preview.of(work.item, work.code, visit.base_url),
    )


def _differing(change: catalogue.Change, older: catalogue.Change | None) -> list[str]:
    """The names of the fields that a change made others."""
    now, before = change.fields or {}, (older.fields or {}) if older else {}
    if change.fields is None or not before:
        return []
    return [name.replace("_", " ") for name in {**before, **now} if now.get(name) != before.get(name)]
