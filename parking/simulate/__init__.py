"""An invented patrol over invented cars, with the truth beside what its readers say. Pure and seeded; knows no models.

Nothing here is a real plate, person or place: plates follow the shapes that states issue and are drawn at random.
"""
