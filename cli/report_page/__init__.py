"""`sealane report`: a block on one page, for a browser, that needs no network."""
