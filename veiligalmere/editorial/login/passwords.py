"""What a password may not be."""

from itertools import pairwise

from django.core.exceptions import ValidationError

# Words that anyone would try first here (OWASP ASVS 5.0.0, 6.1.2). In a longer sentence they may
# be.
OUR_WORDS = (
    *("veiligalmere", "veilig", "almere", "gemeente", "jaarplan", "veiligheid", "stadhuis"),
    *("beheerder", "beheer", "eindredacteur", "redacteur", "redactie", "admin", "politie"),
    *("wachtwoord", "password", "welkom", "flevoland"),
)
LEFT_OVER = 8  # characters that have to be there beside what anyone would guess


class PredictableValidator:
    """Refuses a password that is little more than words of this place, rows and repetitions.

    Such as VeiligAlmere2026!, 123456789012 and aaaaaaaaaaaa. Of what it is composed does not
    matter otherwise.
    """

    def validate(self, password, user=None):
        """Raise ValidationError if too little of `password` is left without those."""
        left = password.casefold()
        for word in sorted(OUR_WORDS, key=len, reverse=True):
            left = left.replace(word, "")
        surprises = sum(abs(ord(one) - ord(other)) > 1 for one, other in pairwise(left))
        if surprises + 1 < LEFT_OVER:
            raise ValidationError(
                "Dit wachtwoord is te makkelijk te raden. Er staan vooral woorden van deze site, "
                "rijtjes of herhalingen in.",
                code="password_predictable",
            )

    def get_help_text(self):
        """Return what the form says beforehand."""
        return (
            "Uw wachtwoord mag niet vooral bestaan uit woorden als “veilig” en “Almere”, uit "
            "rijtjes als 12345 of uit herhalingen. Een zin van een paar woorden mag."
        )
