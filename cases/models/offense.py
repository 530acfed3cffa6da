"""NibrsOffense: the FBI's National Incident-Based Reporting System offense list."""

from django.db import models


class NibrsOffense(models.Model):
    """One offense code, its group and what it is a crime against."""

    class Against(models.TextChoices):
        """What NIBRS counts an offense as a crime against; FR-02's offense classes."""

        PERSON = "person", "Crime against a person"
        PROPERTY = "property", "Crime against property"
        SOCIETY = "society", "Crime against society"
        NOT_A_CRIME = "not_a_crime", "Not a crime"

    code = models.CharField(max_length=4, primary_key=True)
    name = models.CharField(max_length=120)
    group = models.CharField(max_length=1, choices=[("A", "A"), ("B", "B")])
    crime_against = models.CharField(max_length=12, choices=Against.choices)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
