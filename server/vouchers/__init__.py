"""Vouchers as sold: their terms, their codes, and the links that open the code page."""
