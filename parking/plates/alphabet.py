"""The characters of a license plate, in the order the line reader's answers are folded to."""

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CODES = {character: place for place, character in enumerate(ALPHABET, start=1)}  # 0 stands for no character
