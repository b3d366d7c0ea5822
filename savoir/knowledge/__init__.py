"""What the firm knows: help articles in French and English, their search, and answers taken from them."""
