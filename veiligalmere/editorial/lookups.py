"""What Django's own lookups lack."""

from django.db.models import IntegerField
from django.db.models.lookups import In


@IntegerField.register_lookup
class IntegerIn(In):
    """`id__in=[…]` that passes over numbers too large for the column, as `id=` does already.

    The database refuses them with an error, and a number in a posted form can be any.
    """

    def process_rhs(self, compiler, connection):
        """Return the SQL of the list and its values, as Django asks."""
        if self.rhs_is_direct_value():
            kind = self.lhs.output_field.get_internal_type()
            low, high = connection.ops.integer_field_range(kind)
            self.rhs = [
                one
                for one in self.rhs
                if not isinstance(one, int)
                or ((low is None or low <= one) and (high is None or one <= high))
            ]
        return super().process_rhs(compiler, connection)
