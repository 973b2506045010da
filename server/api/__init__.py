"""The edge for tills: exact bytes in, signatures checked, decided in groups, JSON out."""
