import pytest

from server.demo.chain import DEFINITION, read_import
from server.demo.waiting import StepFailedError

PRINTED = """lantern: 3 stores, 3 products
distributor 推广员甲: link code 29b67anj
distributor 推广员乙: link code pe29tswq
log-in admin: password wea59pztwew9658k   (shown once)
log-in clerk-1: password p4ctkwkwnfqjbpkx  PIN 919331   (shown once)
"""


def test_everything_an_import_prints_is_understood() -> None:
    chain = read_import(PRINTED)
    assert (chain.stores, chain.products) == (3, 3)
    assert chain.link_codes == {"推广员甲": "29b67anj", "推广员乙": "pe29tswq"}
    assert chain.passwords == {"admin": "wea59pztwew9658k", "clerk-1": "p4ctkwkwnfqjbpkx"}
    assert chain.pins == {"clerk-1": "919331"}


def test_an_import_that_says_nothing_fails_the_step() -> None:
    with pytest.raises(StepFailedError, match="it said: nothing was imported"):
        read_import("nothing was imported; mend these and run it again")


def test_the_chain_of_the_documentation_is_there() -> None:
    assert DEFINITION.is_file()
