"""The merchant and its stores: who they are, where, and the rules their tills decide by."""
