"""Owns the table of the pages: address, view, and the action of the public API that a person must be allowed."""

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route

from services.gateway.pages.api import ApiProblem
from services.gateway.pages.gate import Gated, Open, Pressed, Public
from services.gateway.pages.views import (
    about,
    again,
    answer,
    asking,
    boxes,
    checks,
    claims,
    client,
    clients,
    consent,
    definitions,
    demographics,
    directory,
    directory_forms,
    drafts,
    exports,
    feedback,
    files,
    group_session,
    handoff,
    held,
    initiatives,
    lead,
    link,
    needs,
    one_contact,
    outreach,
    own_figures,
    plan,
    pregnancy,
    problem,
    referral,
    referral_steps,
    releases,
    safe_contact,
    scorecard,
    script,
    send,
    service_forms,
    sign_in,
    staff,
    targets,
    visits,
    watch,
    work,
)
from services.gateway.pages.visit import Site
from services.runtime.auth import AuthProblem

FORM = ("POST",)
METHOD_NOT_ALLOWED = 405

PAGES: tuple[BaseRoute, ...] = (
    Open("/", sign_in.front),
    Open("/sign-in", sign_in.sign_in),
    Open("/sign-in/go", sign_in.sign_in_go),
    Open("/sign-in/back", sign_in.sign_in_back),
    Open("/sign-out", sign_in.sign_out, methods=FORM),
    Open("/language/{code}", sign_in.language),
    Open("/about", about.about),
    Open("/about/principles", initiatives.principles),
    Open("/about/initiatives/{initiative}", initiatives.initiative),
    Open("/docs", about.docs),
    Open("/openapi.json", about.openapi),
    Public("/answer", answer.code_form),
    Public("/answer", answer.give_answer, methods=FORM),
    Public("/answer/{letter}", answer.code_form),
    Open("/problems/{slug}", problem.problem),
    Gated("/work", work.work, "list_work"),
    Gated("/work/news", work.news, "list_work"),
    Gated("/work/inbox", boxes.inbox, "list_referrals"),
    Pressed("/work/inbox", boxes.narrow_inbox, "search_referrals"),
    Pressed("/work/outbox", boxes.narrow_outbox, "search_referrals"),
    Gated("/work/outbox", boxes.outbox, "list_referrals"),
    Gated("/staff", staff.staff, "list_staff"),
    Gated("/staff/{step}", staff.staff, "list_staff"),
    Gated("/staff/{step}", held.step, "hand_on", methods=FORM),
    Gated("/work/claims", claims.claims, "list_claims"),
    Gated("/work/watch", watch.watch, "list_watch"),
    Gated("/work/drafts", drafts.drafts, "list_referrals"),
    Pressed("/work/drafts", drafts.autosave, "change_draft"),
    Gated("/drafts/{draft}", send.go_on, "get_draft"),
    Gated("/drafts/{draft}/throw-away", drafts.back_to_it, "get_draft"),
    Pressed("/drafts/{draft}/throw-away", drafts.throw_away, "delete_draft"),
    Gated("/work/{work}/{step}", claims.back_to_work, "list_work"),
    Pressed("/work/{work}/{step}", claims.step_claim, "claim_work"),
    Gated("/referrals/new", send.new_referral, "send_referral"),
    Gated("/referrals/new", send.send_referral, "send_referral", methods=FORM),
    Gated("/referrals/{referral}", referral.referral, "get_referral"),
    Pressed("/referrals/{referral}/open", referral_steps.open_referral, "receive_referral"),
    Gated("/referrals/{referral}/appointments", visits.book, "book_appointment", methods=FORM),
    Gated("/appointments/{appointment}", visits.appointment, "get_appointment"),
    Gated("/appointments/{appointment}/{step}", visits.step, "attend_appointment", methods=FORM),
    Gated("/appointments/{appointment}/{step}", referral_steps.back_to_it, "get_appointment"),
    Gated("/referrals/{referral}/again", again.send_again, "get_referral"),
    Gated(
        "/referrals/{referral}/contact", referral_steps.contact_for_referral, "record_contact", methods=FORM, files=True
    ),
    Gated("/referrals/{referral}/feedback", feedback.answer_feedback, "answer_referral_feedback", methods=FORM),
    Pressed("/referrals/{referral}/ask-feedback", feedback.ask_feedback, "ask_referral_feedback"),
    Gated("/referrals/{referral}/letter", answer.letter, "get_referral_letter"),
    Gated("/referrals/{referral}/ask", asking.ask, "ask_about_referral", methods=FORM),
    Gated("/referrals/{referral}/reply", asking.answer, "answer_question", methods=FORM),
    Gated("/referrals/{referral}/answer", answer.answer_for_them, "answer_for_receiver", methods=FORM),
    Pressed("/referrals/{referral}/files", files.add_to_referral, "create_note", files=True),
    Gated("/referrals/{referral}/files/{file}", files.of_referral, "list_referral_files"),
    Gated("/referrals/{referral}/{step}", referral_steps.step_referral, "accept_referral", methods=FORM),
    Gated("/referrals/{referral}/{step}", referral_steps.back_to_it, "get_referral"),
    Gated("/handoffs/{handoff}", handoff.handoff, "get_handoff"),
    Pressed("/handoffs/{handoff}/open", handoff.open_handoff, "get_handoff_given"),
    Gated("/handoffs/{handoff}/contact", handoff.contact_for_handoff, "record_contact", methods=FORM, files=True),
    Gated("/handoffs/{handoff}/ask", asking.ask, "ask_about_handoff", methods=FORM),
    Gated("/handoffs/{handoff}/reply", asking.answer, "answer_question", methods=FORM),
    Gated("/handoffs/{handoff}/script", script.call, "get_handoff"),
    Gated("/handoffs/{handoff}/{step}", handoff.step_handoff, "accept_handoff", methods=FORM),
    Gated("/handoffs/{handoff}/{step}", referral_steps.back_to_it, "get_handoff"),
    Gated("/clients", clients.clients, "search_clients"),
    Pressed("/clients", clients.find_clients, "search_clients"),
    Gated("/clients/new", clients.new_client, "register_client"),
    Gated("/clients/new", clients.register_client, "register_client", methods=FORM),
    Gated("/clients/{handle}", client.client, "get_client"),
    Gated("/clients/{handle}/refer", send.refer_client, "send_referral"),
    Gated("/clients/{handle}/episode", client.open_episode, "open_episode", methods=FORM),
    Gated("/clients/{handle}/episode", referral_steps.back_to_it, "get_client"),
    Gated("/clients/{handle}/demographics", demographics.demographics, "get_demographics"),
    Gated("/clients/{handle}/demographics", demographics.state_demographics, "state_demographics", methods=FORM),
    Gated("/clients/{handle}/identity", demographics.identity, "get_identity"),
    Gated("/clients/{handle}/identity", demographics.correct_identity, "correct_identity", methods=FORM),
    Pressed("/clients/{handle}/pause", outreach.pause, "pause_outreach"),
    Gated("/clients/{handle}/pause", referral_steps.back_to_it, "get_client"),
    Pressed("/clients/{handle}/unlink", link.unlink, "unlink_client"),
    Gated("/clients/{handle}/unlink", referral_steps.back_to_it, "get_client"),
    Gated("/clients/{handle}/stop", outreach.stop, "record_no_contact", methods=FORM),
    Gated("/clients/{handle}/stop", referral_steps.back_to_it, "get_client"),
    Pressed("/clients/{handle}/contact-again", outreach.contact_again, "correct_no_contact"),
    Gated("/clients/{handle}/contact-again", referral_steps.back_to_it, "get_client"),
    Pressed("/clients/{handle}/resume", outreach.resume, "resume_outreach"),
    Gated("/clients/{handle}/resume", referral_steps.back_to_it, "get_client"),
    Gated("/clients/{handle}/pregnancy", pregnancy.pregnancy, "list_episodes"),
    Pressed("/clients/{handle}/pregnancy", pregnancy.pregnancy, "list_episodes"),
    Gated("/clients/{handle}/pregnancy/{step}", pregnancy.step, "date_episode", methods=FORM),
    Gated("/clients/{handle}/pregnancy/{step}", referral_steps.back_to_it, "list_episodes"),
    Gated("/clients/{handle}/contact", client.contact_form, "record_contact"),
    Gated("/clients/{handle}/contact", client.record_contact, "record_contact", methods=FORM, files=True),
    Gated("/contacts/{contact}", one_contact.contact, "get_contact"),
    Pressed("/contacts/{contact}/files", files.add_to_contact, "create_note", files=True),
    Gated("/contacts/{contact}/files/{file}", files.of_contact, "list_contact_files"),
    Gated("/contacts/{contact}/{step}", one_contact.step_contact, "amend_contact", methods=FORM),
    Gated("/contacts/{contact}/{step}", referral_steps.back_to_it, "get_contact"),
    Gated("/group-session", group_session.group_form, "record_group_session"),
    Gated("/group-session", group_session.record_group, "record_group_session", methods=FORM),
    Gated("/clients/{handle}/needs", needs.needs, "list_needs"),
    Gated("/clients/{handle}/needs", needs.identify_need, "identify_need", methods=FORM),
    Gated(
        "/clients/{handle}/needs/never-asked",
        needs.enter_screening_in_error,
        "enter_screening_in_error",
        methods=FORM,
    ),
    Gated("/clients/{handle}/needs/{step}", needs.step_need, "resolve_need", methods=FORM),
    Gated("/clients/{handle}/needs/{step}", referral_steps.back_to_it, "list_needs"),
    Gated("/clients/{handle}/screening", needs.screening_form, "record_screening"),
    Gated("/clients/{handle}/screening", needs.record_screening, "record_screening", methods=FORM),
    Gated("/clients/{handle}/plan", plan.plan, "get_contact_plan"),
    Gated("/clients/{handle}/plan", plan.plan_contact, "plan_contact", methods=FORM),
    Gated("/clients/{handle}/plan/record", plan.record_planned, "record_planned_contact", methods=FORM),
    Pressed("/clients/{handle}/plan/cancel", plan.call_off, "cancel_contact"),
    Gated("/clients/{handle}/plan/{step}", referral_steps.back_to_it, "get_contact_plan"),
    Gated("/clients/{handle}/consent", consent.consent_form, "record_consent"),
    Gated("/clients/{handle}/consent", consent.record_consent, "record_consent", methods=FORM),
    Pressed("/clients/{handle}/consent/change", consent.change_form, "change_consent"),
    Pressed("/clients/{handle}/consent/acknowledge", consent.acknowledge, "acknowledge_consent"),
    Pressed("/clients/{handle}/consent/take-back", consent.take_back, "revoke_consent"),
    Gated("/clients/{handle}/consent/entered-in-error", consent.enter_in_error, "enter_consent_in_error", methods=FORM),
    Gated("/clients/{handle}/consent/{step}", referral_steps.back_to_it, "record_consent"),
    Gated("/clients/{handle}/safe-contact", safe_contact.safe_contact_form, "plan_safe_contact"),
    Gated("/clients/{handle}/safe-contact", safe_contact.plan_safe_contact, "plan_safe_contact", methods=FORM),
    Gated("/clients/{handle}/handoff", client.handoff_form, "propose_handoff"),
    Gated("/clients/{handle}/handoff", client.propose_handoff, "propose_handoff", methods=FORM),
    Gated("/checks/{check}", checks.check, "get_capacity_check"),
    Gated("/checks/{check}/answer", checks.answer, "answer_capacity_check", methods=FORM),
    Pressed("/checks/{check}/close", checks.close, "close_capacity_check"),
    Gated("/checks/{check}/{step}", referral_steps.back_to_it, "get_capacity_check"),
    Gated("/clients/{handle}/lead", lead.lead, "list_responsibility"),
    Gated("/clients/{handle}/lead", lead.take_lead, "take_responsibility", methods=FORM),
    Pressed("/clients/{handle}/lead/leave", lead.leave_lead, "leave_responsibility"),
    Gated("/clients/{handle}/lead/{step}", referral_steps.back_to_it, "list_responsibility"),
    Gated("/directory", directory.directory, "search_services"),
    Pressed("/directory", directory.find_services, "search_services"),
    Gated("/directory/new-agency", directory_forms.agency_form, "list_agency"),
    Gated("/directory/new-agency", directory_forms.list_agency, "list_agency", methods=FORM),
    Gated("/directory/agencies/{agency}", directory.agency, "get_agency"),
    Gated("/directory/agencies/{agency}/edit", directory_forms.edit_agency_form, "edit_agency"),
    Gated("/directory/agencies/{agency}/edit", directory_forms.edit_agency, "edit_agency", methods=FORM),
    Gated("/directory/agencies/{agency}/new-service", service_forms.service_form, "list_service"),
    Gated("/directory/agencies/{agency}/new-service", service_forms.list_service, "list_service", methods=FORM),
    Pressed("/directory/agencies/{agency}/{step}", directory_forms.step_agency, "activate_agency"),
    Gated("/directory/agencies/{agency}/{step}", referral_steps.back_to_it, "get_agency"),
    Gated("/directory/services/{service}/edit", service_forms.edit_service_form, "edit_service"),
    Gated("/directory/services/{service}/edit", service_forms.edit_service, "edit_service", methods=FORM),
    Gated("/directory/services/{service}/room", directory.state_room, "state_capacity", methods=FORM),
    Gated("/directory/services/{service}/room", directory.back_to_directory, "search_services"),
    Gated("/scorecard", scorecard.scorecard, "get_release_figures"),
    Gated("/scorecard/figures.{kind}", exports.figures_file, "get_release_figures"),
    Gated("/figures", own_figures.own_figures, "get_agency_figures"),
    Gated("/definitions", definitions.definitions, "list_measures"),
    Gated("/targets", targets.targets, "list_targets"),
    Gated("/releases", releases.releases, "list_releases"),
    Pressed("/releases", releases.build_release, "build_release"),
    Gated("/releases/{release}/{step}", releases.step_release, "approve_release", methods=FORM),
    Gated("/releases/{release}/{step}", releases.back_to_releases, "list_releases"),
)


def allowed(request: Request) -> list[str]:
    """The methods of every page at the request's address: one address may have several routes."""
    routes = [each for each in request.app.routes if isinstance(each, Route)]
    at_it = (each for each in routes if each.matches(request.scope)[0] is not Match.NONE)
    return sorted({method for each in at_it for method in each.methods or ()})


def pages_app(site: Site) -> Starlette:
    """The pages as an application; an address that leads nowhere has a page too."""

    async def lost(request: Request, error: Exception) -> Response:
        status = getattr(error, "status_code", 404)
        slug = "method-not-allowed" if status == METHOD_NOT_ALLOWED else "not-found"
        try:
            visit = await site.visit(request)
        except AuthProblem:
            visit = site.stranger(request)
        answer = await problem.show_problem(visit, ApiProblem(status, {"type": f"/problems/{slug}"}))
        if status == METHOD_NOT_ALLOWED:
            answer.headers["Allow"] = ", ".join(allowed(request))
        return answer

    static = Route("/static/{hash}/{name}", site.static.serve, name="static")
    app = Starlette(routes=[*PAGES, static], exception_handlers={404: lost, 405: lost})
    app.state.site = site
    app.state.show_problem = problem.show_problem
    app.router.redirect_slashes = False
    return app
