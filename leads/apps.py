"""The leads app: gallery, recognition, search, review, leads, warrant applications."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class LeadsConfig(AppConfig):
    """Registers the rules of leads and keeps the model cards that come with the software."""

    name = "leads"

    def ready(self) -> None:
        """Rules, history, model cards."""
        from auditlog.registry import auditlog

        from cases import costs as case_costs
        from cases import numbers, reactions, withheld
        from cases import panels as case_panels
        from ecpd.doctor import CHECKS
        from ecpd.policy import named
        from ecpd.web import dashboard
        from leads import after_upgrade, backlog, models, panels, rules  # noqa: F401 importing registers the rules
        from leads import dashboard as waiting
        from leads.costs import to_a_captain
        from leads.doctor import cases_without_a_number, face_models, pictures_not_compared
        from leads.numbers import numbered
        from leads.selectors.card import facts_of
        from leads.selectors.review import blind_cases
        from leads.services.card import seed, why_not_named
        from leads.services.exculpatory import enter_for_the_matter
        from leads.services.withdrawn import exhibit_is_added, exhibit_is_withdrawn

        for model in (models.GallerySource, models.OptOut, models.Lead, models.Corroboration,
                      models.WarrantApplication):  # fmt: skip
            auditlog.register(model)
        post_migrate.connect(lambda **kwargs: seed(), sender=self, dispatch_uid="leads.cards", weak=False)
        post_migrate.connect(
            lambda using, **kwargs: after_upgrade.close_drafts(using=using), sender=self, dispatch_uid="leads.drafts",
            weak=False,
        )  # fmt: skip
        reactions.before_withdrawal(exhibit_is_withdrawn)
        reactions.after_adding(exhibit_is_added)
        reactions.after_tying(enter_for_the_matter)
        for provider in (waiting.second_examinations, waiting.faces_to_compare, waiting.applications_to_decide,
                         waiting.to_verify, waiting.identities_to_check, waiting.my_leads, waiting.returned_applications,
                         waiting.against_what_was_approved, waiting.approved_to_send, waiting.cases_to_accept,
                         waiting.veiled_lately):  # fmt: skip
            dashboard.register(provider)
        withheld.withhold(("search", "examination", "lead", "corroboration", "warrant"), blind_cases)
        numbers.register(numbered)
        named.ask("model_card", why_not_named)
        named.tell("model_card", facts_of)
        backlog.register()
        for check in (
            face_models, cases_without_a_number, pictures_not_compared, after_upgrade.second_examinations,
            after_upgrade.marks_short_of_evidence, after_upgrade.links_of_another_kind,
        ):  # fmt: skip
            if check not in CHECKS:
                CHECKS.append(check)
        dashboard.register(waiting.waiting_for_others, section=dashboard.Section.OTHERS)
        case_costs.register(to_a_captain)
        case_panels.register("searches", "Searches", panels.searches)
        case_panels.register("leads", "Leads", panels.leads)
