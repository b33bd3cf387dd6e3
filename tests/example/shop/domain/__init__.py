"""What the shop does: catalogue, stock, orders, billing."""
