"""The guides as pages."""

from django.http import Http404
from django.views.generic import TemplateView

from .guides import GUIDES, PAR_SLUG


class Sommaire(TemplateView):
    """All the guides, those of the person first when they are logged in."""

    template_name = "aide/sommaire.html"

    def get_context_data(self, **kwargs):
        siens = [g for g in GUIDES if self.request.user.is_authenticated and self.request.user.a_role(g.role)]
        return super().get_context_data(siens=siens, autres=[guide for guide in GUIDES if guide not in siens], **kwargs)


class PageGuide(TemplateView):
    """One guide."""

    def get_template_names(self):
        return [self.kwargs["guide"].gabarit]

    def get_context_data(self, **kwargs):
        if kwargs["slug"] not in PAR_SLUG:
            raise Http404("Ce guide n’existe pas.")
        self.kwargs["guide"] = guide = PAR_SLUG[kwargs["slug"]]
        return super().get_context_data(guide=guide, **kwargs)
