"""What the counter is made of: guns, cameras, speakers; each posts values and never decides."""
