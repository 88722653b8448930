"""What people type: at the door, and about others in the register."""
