"""The tables, as a list of steps from an empty file to the current version."""

MIGRATIONS = [
    """
    CREATE TABLE customers (
        id INTEGER PRIMARY KEY, code TEXT UNIQUE NOT NULL, name TEXT NOT NULL,
        country TEXT NOT NULL, vat_id TEXT NOT NULL DEFAULT '', email TEXT NOT NULL DEFAULT '');
    CREATE TABLE products (
        id INTEGER PRIMARY KEY, sku TEXT UNIQUE NOT NULL, name TEXT NOT NULL,
        category TEXT NOT NULL, price INTEGER NOT NULL, weight INTEGER NOT NULL DEFAULT 0,
        tax_class TEXT NOT NULL DEFAULT 'standard', retired INTEGER NOT NULL DEFAULT 0);
    """,
    """
    CREATE TABLE orders (
        id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers(id),
        state TEXT NOT NULL, placed_on TEXT, note TEXT NOT NULL DEFAULT '',
        coupon TEXT NOT NULL DEFAULT '', net INTEGER NOT NULL DEFAULT 0,
        tax INTEGER NOT NULL DEFAULT 0, shipping INTEGER NOT NULL DEFAULT 0);
    CREATE TABLE lines (
        id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL REFERENCES orders(id) ON DELETE CASCADE,
        sku TEXT NOT NULL, quantity INTEGER NOT NULL, unit_price INTEGER NOT NULL,
        discount INTEGER NOT NULL DEFAULT 0);
    CREATE INDEX lines_by_order ON lines(order_id);
    CREATE TABLE movements (
        id INTEGER PRIMARY KEY, sku TEXT NOT NULL, day TEXT NOT NULL, kind TEXT NOT NULL,
        quantity INTEGER NOT NULL, cost INTEGER NOT NULL DEFAULT 0,
        reference TEXT NOT NULL DEFAULT '');
    CREATE INDEX movements_by_sku ON movements(sku);
    """,
    """
    CREATE TABLE invoices (
        id INTEGER PRIMARY KEY, number TEXT UNIQUE NOT NULL, order_id INTEGER NOT NULL,
        customer_id INTEGER NOT NULL, issued_on TEXT NOT NULL, due_on TEXT NOT NULL,
        total INTEGER NOT NULL, paid INTEGER NOT NULL DEFAULT 0,
        level INTEGER NOT NULL DEFAULT 0, kind TEXT NOT NULL DEFAULT 'invoice');
    CREATE TABLE payments (
        id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL, received_on TEXT NOT NULL,
        amount INTEGER NOT NULL, reference TEXT NOT NULL DEFAULT '',
        unused INTEGER NOT NULL DEFAULT 0);
    """,
    """
    CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL);
    CREATE TABLE jobs (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL, schedule TEXT NOT NULL, last_run TEXT);
    """,
]

SEED = """
INSERT INTO customers (code, name, country, vat_id, email) VALUES
    ('C-BAKER', 'Baker & Sons', 'DE', 'DE136695976', 'office@baker.example'),
    ('C-DUBOIS', 'Dubois SARL', 'FR', 'FR40303265045', 'contact@dubois.example'),
    ('C-EGGER', 'Anna Egger', 'AT', '', 'anna@egger.example'),
    ('C-SMITH', 'J. Smith', 'US', '', 'smith@smith.example');
INSERT INTO products (sku, name, category, price, weight, tax_class) VALUES
    ('HAM-500-6', 'Claw hammer 500 g', 'tools', 1890, 620, 'standard'),
    ('SAW-300-1', 'Hand saw 300 mm', 'tools', 2450, 540, 'standard'),
    ('NAI-060-3', 'Nails 60 mm, box of 200', 'hardware', 499, 900, 'standard'),
    ('SCR-040-5', 'Wood screws 40 mm, box of 100', 'hardware', 650, 420, 'standard'),
    ('PNT-WHT-7', 'Wall paint, white, 5 l', 'paint', 3995, 7200, 'standard'),
    ('BRU-050-3', 'Brush 50 mm', 'paint', 380, 90, 'standard'),
    ('BOK-DIY-8', 'The patient carpenter', 'books', 2900, 780, 'reduced'),
    ('GLV-LEA-3', 'Leather gloves', 'clothing', 1250, 210, 'standard');
INSERT INTO counters (name, value) VALUES ('invoice', 1000), ('credit', 500);
"""
