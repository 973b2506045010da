"""Who is logged in: sessions that live in the database and can be ended from there."""
