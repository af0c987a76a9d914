"""Django's template backend, without what it leaves behind of each page."""

from django.template import TemplateDoesNotExist
from django.template.backends.django import DjangoTemplates, Template, reraise
from django.template.context import make_context


class Templates(DjangoTemplates):
    """Django's own, but the values that a template was rendered with go as soon as it is done.

    Django's last layer of a context points back at the context, so that everything in it stays
    until Python looks for cycles, which is many pages later. A worker that made some large pages
    would need room for all of them at once, and keep it.
    """

    def get_template(self, template_name):
        """Return the template of that name; raise TemplateDoesNotExist."""
        return _Template(super().get_template(template_name).template, self)

    def from_string(self, template_code):
        """Return the template that `template_code` is the source of."""
        return _Template(super().from_string(template_code).template, self)


class _Template(Template):
    def render(self, context=None, request=None):
        context = make_context(context, request, autoescape=self.backend.engine.autoescape)
        try:
            return self.template.render(context)
        except TemplateDoesNotExist as error:
            reraise(error, self.backend)
        finally:
            context.dicts.clear()
