"""What nodes answer about a block: its transactions, traces, receipts, states; read and joined."""
