"""Guessing pairing codes is limited, and the limit holds for right codes too."""

from tests.server.api.running_server import World


def test_an_address_that_guesses_is_stopped_even_with_a_right_code(own_world: World) -> None:
    world = own_world
    code = world.code()
    replies = [world.line().pair(f"0000-000{digit}") for digit in range(10)]
    assert {reply.error().code for reply in replies} == {"wrong_pairing_code"}
    stopped = world.line().pair(code)
    assert (stopped.status, stopped.error().code) == (429, "too_many_attempts")
    assert "retry_at" in stopped.error().facts
    assert world.logged("pairing_code_guessing_stopped")
    log = "".join(world.lines)
    assert "0000-0001" not in log
    assert code not in log
