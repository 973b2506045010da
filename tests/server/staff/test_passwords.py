"""Passwords are argon2id, and an unknown name costs as much as a known one."""

from server.staff.passwords import hash_password, password_is_right


def test_the_right_password_is_right_and_another_is_wrong() -> None:
    stored = hash_password("correct horse")
    assert stored.startswith("$argon2id$")
    assert password_is_right(stored, "correct horse")
    assert not password_is_right(stored, "wrong horse")


def test_two_hashes_of_one_password_differ() -> None:
    assert hash_password("correct horse") != hash_password("correct horse")


def test_an_unknown_person_is_checked_and_always_wrong() -> None:
    assert not password_is_right(None, "nobody has this password")


def test_a_broken_hash_is_wrong_and_no_crash() -> None:
    assert not password_is_right("not a hash", "correct horse")
