"""The payment gateway of each merchant, for callers on an event loop.

A gateway talks to a network and blocks, so it is called in a thread and never inside a
transaction. The sandbox keeps its tables in our database; its transactions go back to the loop.
"""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from server.kernel.database import Connection
from server.kernel.runtime import Runtime
from server.payments.gateway import Gateway
from server.payments.sandbox import SandboxGateway, open_sandbox
from shared.ids import MerchantId

Result = TypeVar("Result")

TRANSACTION_SECONDS_MAX = 30.0


def sandbox_of(runtime: Runtime, merchant: MerchantId) -> SandboxGateway:
    """The sandbox account of a merchant; call its methods in a thread.

    Raises:
        SandboxForbiddenError: this installation takes real money.
    """
    loop = asyncio.get_running_loop()

    def transact(work: Callable[[Connection], Result]) -> Result:
        running = asyncio.run_coroutine_threadsafe(runtime.database.write(work), loop)
        return running.result(TRANSACTION_SECONDS_MAX)

    environment = runtime.settings.environment
    return open_sandbox(environment, runtime.keys(merchant), transact, runtime.clock)


def gateway_of(runtime: Runtime, merchant: MerchantId) -> Gateway:
    """The gateway that a merchant's buyers pay at; call its methods in a thread.

    Only the sandbox exists so far, so an installation for real money has none.

    Raises:
        SandboxForbiddenError: this installation takes real money.
    """
    return sandbox_of(runtime, merchant)
