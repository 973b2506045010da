"""The test setup itself: what it promises to every other test is true."""

import asyncio
import logging
import socket

import asyncpg
import pytest

from tests.closed_network import NetworkClosedError


class TestNetwork:
    def test_an_outside_address_is_refused(self) -> None:
        with socket.socket() as outside, pytest.raises(NetworkClosedError):
            outside.connect(("192.0.2.1", 80))

    def test_an_outside_name_is_refused(self) -> None:
        with pytest.raises(NetworkClosedError):
            socket.getaddrinfo("example.org", 80)

    def test_loopback_is_open(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            socket.create_connection(server.getsockname()).close()


class TestLogs:
    @pytest.mark.expects_log(r"WARNING server\.kernel: the disk is nearly full")
    def test_an_expected_record_passes(self) -> None:
        logging.getLogger("server.kernel").warning("the disk is nearly %s", "full")

    # The inner test runs in this process, so its record reaches the outer test as well.
    @pytest.mark.expects_log("a surprise")
    def test_an_unexpected_record_fails(self, pytester: pytest.Pytester) -> None:
        pytester.makeconftest("""
            import pytest
            from tests.unexpected_logs import failing_on_unexpected_logs

            @pytest.fixture(autouse=True)
            def _unexpected_logs(request):
                with failing_on_unexpected_logs(request.node):
                    yield
            """)
        pytester.makepyfile("""
            import logging

            def test_logs():
                logging.getLogger("pos_app.core").error("a surprise")
            """)
        result = pytester.runpytest_inprocess("-p", "no:xdist")
        result.stdout.fnmatch_lines(["*ERROR pos_app.core: a surprise*"])
        result.assert_outcomes(passed=1, errors=1)


@pytest.mark.postgresql
class TestPostgreSQL:
    def test_the_server_answers(self, postgresql_url: str) -> None:
        async def ask() -> object:
            connection = await asyncpg.connect(postgresql_url.replace("+asyncpg", ""))
            try:
                return await connection.fetchval("SELECT 6 * 7")
            finally:
                await connection.close()

        assert asyncio.run(ask()) == 42
