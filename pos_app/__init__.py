"""The till: a desktop program for the shop counter that works with or without a network."""
