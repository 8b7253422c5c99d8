import random
from uuid import UUID, uuid4

import pytest

from sync import codes
from sync.errors import CodeError


def some_codes(count: int) -> list[str]:
    dice = random.Random(1)
    return [codes.from_number(dice.getrandbits(35)) for _ in range(count)]


def test_a_code_comes_from_the_id_and_stays_the_same() -> None:
    record_id = UUID("01890000-0000-7000-8000-0123456789ab")
    assert codes.for_id(str(record_id)) == codes.for_id(record_id.bytes) == "D2PF2DBK"


def test_what_is_shown_can_be_typed() -> None:
    for code in some_codes(200):
        assert codes.read(codes.show(code)) == code
        assert codes.read(f"  {codes.show(code).lower()} ") == code


def test_letters_that_look_like_numbers_are_forgiven() -> None:
    code = next(code for code in some_codes(5000) if "0" in code and "1" in code)
    assert codes.read(code.replace("0", "O").replace("1", "l")) == code
    assert codes.read(code.replace("0", "o").replace("1", "I")) == code


def test_every_single_wrong_letter_is_found() -> None:
    for code in some_codes(40):
        for at in range(codes.LENGTH):
            for letter in codes.ALPHABET:
                if letter != code[at]:
                    assert not codes.looks_like(code[:at] + letter + code[at + 1 :])


def test_every_swap_of_neighbours_is_found() -> None:
    for code in some_codes(500):
        for at in range(codes.LENGTH - 1):
            swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
            assert swapped == code or not codes.looks_like(swapped)


@pytest.mark.parametrize(("typed", "said"), [("", "0"), ("7K3M", "4"), ("7K3M-9QX2-1", "9"), ("UUUUUUUU", "“U”")])
def test_what_is_no_code_is_told_why(typed: str, said: str) -> None:
    with pytest.raises(CodeError, match=said):
        codes.read(typed)


def test_a_taken_code_has_others_to_go_to() -> None:
    own = codes.for_id(str(uuid4()))
    others = {codes.next_free(own, attempt) for attempt in range(1, 100)}
    assert len(others) == 99
    assert all(codes.looks_like(code) for code in others)
