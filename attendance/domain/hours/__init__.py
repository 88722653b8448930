"""How hours are worked out from marks, and what rules of the class say."""
