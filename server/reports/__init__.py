"""Read models for people: what the console shows, checked against what each person may see."""
