"""The instructions of lending: importing this adds them to the program."""

from . import batch_handlers as batch_handlers
from . import borrowing as borrowing
from . import flash_loan as flash_loan
from . import isolation as isolation
from . import liquidation as liquidation
from . import markets as markets
from . import obligations as obligations
from . import protocol as protocol
from . import quotes as quotes
from . import refresh as refresh
from . import supply as supply
