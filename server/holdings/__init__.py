"""Who holds every use of every voucher: grants, journals, feeds, events, in one set of books."""
