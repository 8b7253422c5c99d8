"""Where a hub's database and files are: by its settings file, by the environment, and whose database it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine

from sync.hub import where
from sync.hub.cli import main
from sync.hub.errors import HubError, NotInitialisedError
from sync.hub.folder import HubFolder
from sync.hub.hub import Hub
from sync.hub.store import catalogue
from sync.hub.where import Where
from tests.conftest import use_database
from tests.postgresql import PostgreSQL

SECRET = "s3cret-word"
URL = f"postgresql://hub:{SECRET}@db.example.org:5433/goodstuff?sslmode=require"


def run(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(main, [*words, "--data", str(folder)])


def test_without_any_setting_everything_is_in_the_folder(tmp_path: Path) -> None:
    folder = HubFolder(tmp_path)
    assert (folder.where, folder.is_alone) == (Where(), True)
    assert folder.database_url == f"sqlite:///{tmp_path}/hub.db"


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "hub.toml").write_text(f'database_url = "{URL}"\nblob_url = "s3://shelves/files/"\n')
    found = where.read(tmp_path)
    assert found.database_url == URL.replace("postgresql", "postgresql+psycopg", 1)
    assert found.blob_url == "s3://shelves/files"
    monkeypatch.setenv("TOUCHPOINT_DATABASE_URL", "postgres://other@/elsewhere")
    monkeypatch.setenv("TOUCHPOINT_BLOB_URL", "")
    assert where.read(tmp_path) == Where("postgresql+psycopg://other@/elsewhere", "")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("database_url = ", "cannot be read"),
        ("database_url = 5", "database_url must be a text in quotes"),
        (f'databse_url = "{URL}"', "no setting 'databse_url' here; there are database_url, blob_url, replica_folder"),
        (f'database_url = "mysql://hub:{SECRET}@db/x"', "hub.toml must look like postgresql://USER:PASSWORD@HOST/NAME"),
        (f'database_url = "postgresql://hub:{SECRET}@db"', "must look like postgresql://"),
        (f'database_url = "postgresql://hub:{SECRET}@db:port/x"', "must look like postgresql://"),
        ('database_url = "hub.db"', "must look like postgresql://"),
        (f'blob_url = "s3://key:{SECRET}@shelves"', "must look like s3://BUCKET/PREFIX"),
        ('blob_url = "/srv/files"', "must look like s3://BUCKET/PREFIX"),
    ],
)
def test_what_cannot_be_understood_is_named_and_no_password_with_it(tmp_path: Path, content: str, says: str) -> None:
    (tmp_path / "hub.toml").write_text(content)
    for command in ("init", "publish"):
        said = run(tmp_path, command)
        assert said.exit_code == 1 and says in said.output, said.output
        assert SECRET not in said.output and "Traceback" not in said.output


def test_an_address_is_shown_without_who_and_by_what(tmp_path: Path) -> None:
    assert where.show(URL) == "postgresql://db.example.org:5433/goodstuff"
    assert where.show(f"postgresql+psycopg://h@db/x?password={SECRET}") == "postgresql://db/x"
    assert SECRET not in repr(Where(database_url=URL))


def test_a_server_that_does_not_answer_is_told_without_the_password(tmp_path: Path) -> None:
    use_database(tmp_path, f"postgresql://hub:{SECRET}@127.0.0.1:1/x")
    said = run(tmp_path, "init")
    assert said.exit_code == 1 and said.output.startswith(
        "Error: the database postgresql://127.0.0.1:1/x does not answer: "
    ), said.output
    assert SECRET not in said.output


@pytest.mark.parametrize("command", ["init", "serve"])
def test_the_help_says_how(command: str) -> None:
    said = CliRunner().invoke(main, [command, "--help"]).output
    assert "TOUCHPOINT_DATABASE_URL" in said and 'blob_url = "s3://BUCKET/PREFIX"' in said


# -- a database on a server


def test_init_makes_the_tables_there_and_a_second_time_changes_nothing(postgres: PostgreSQL, tmp_path: Path) -> None:
    url = postgres.empty()
    use_database(tmp_path / "hub", url)
    said = run(tmp_path / "hub", "init", "--base-url", "https://goodstuff.example.org")
    assert said.exit_code == 0 and "its database in postgresql:///" in said.output, said.output
    assert not (tmp_path / "hub" / "hub.db").exists()
    hub = Hub(HubFolder(tmp_path / "hub"))
    assert hub.base_url == "https://goodstuff.example.org"
    with hub.database.reading() as db:
        themes, revision = catalogue.theme_keys(db), catalogue.last_revision(db)
    assert {"food", "shelter", "transport", "security"} <= themes
    assert "There is a hub" in run(tmp_path / "hub", "init").output
    with hub.database.reading() as db:
        assert catalogue.last_revision(db) == revision
    hub.close()
    postgres.drop(url)


def test_a_database_of_nobody_is_no_hub_yet(postgres: PostgreSQL, tmp_path: Path) -> None:
    url = postgres.at_head()
    assert run(tmp_path / "hub", "init").exit_code == 0
    use_database(tmp_path / "hub", url)
    with pytest.raises(NotInitialisedError, match=r"no hub in postgresql:///.* yet: run `touchpoint-hub init"):
        Hub(HubFolder(tmp_path / "hub"))
    postgres.drop(url)


def test_another_hubs_database_is_left_alone(postgres: PostgreSQL, tmp_path: Path) -> None:
    url = postgres.at_head()
    for name in ("one", "other"):
        use_database(tmp_path / name, url)
    assert run(tmp_path / "one", "init").exit_code == 0
    said = run(tmp_path / "other", "init")
    assert said.exit_code == 1 and "is not the one whose keys are in" in said.output, said.output
    assert not (tmp_path / "other" / "offline" / "root.pem").exists()
    assert run(tmp_path / "third", "init").exit_code == 0
    use_database(tmp_path / "third", url)
    with pytest.raises(HubError, match="is not the one whose keys are in"):
        Hub(HubFolder(tmp_path / "third"))
    postgres.drop(url)


def test_somebody_elses_tables_are_left_alone(postgres: PostgreSQL, tmp_path: Path) -> None:
    url = postgres.empty()
    engine = create_engine(url)
    with engine.begin() as db:
        db.exec_driver_sql("CREATE TABLE guests (name text)")
    use_database(tmp_path / "hub", url)
    said = run(tmp_path / "hub", "init")
    assert said.exit_code == 1 and "has tables that are not a hub's (guests)" in said.output, said.output
    with engine.connect() as db:
        assert db.exec_driver_sql("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").scalar_one() == 1
    engine.dispose()
    postgres.drop(url)


def test_a_database_that_cannot_keep_every_letter_is_refused(postgres: PostgreSQL, tmp_path: Path) -> None:
    url = postgres.empty(encoding="LATIN1")
    use_database(tmp_path / "hub", url)
    said = run(tmp_path / "hub", "init")
    assert said.exit_code == 1 and "keeps texts as LATIN1" in said.output, said.output
    postgres.drop(url)
