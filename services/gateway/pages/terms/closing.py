"""What closing a gap would mean, by measure: so many more, or fewer, of what counts in it, one of them and several."""

from collections.abc import Mapping

from services.gateway.pages.words import NN_

CLOSING: Mapping[str, tuple[str, str]] = {
    "response_rate": NN_(
        "%(number)s more referral answered within 14 days", "%(number)s more referrals answered within 14 days"
    ),
    "acceptance_rate": NN_(
        "%(number)s more referral accepted within 30 days", "%(number)s more referrals accepted within 30 days"
    ),
    "time_to_acceptance": NN_(
        "%(number)s more referral accepted within %(days)s days",
        "%(number)s more referrals accepted within %(days)s days",
    ),
    "time_to_first_contact": NN_(
        "%(number)s more referral whose receiver meets her within %(days)s days",
        "%(number)s more referrals whose receivers meet her within %(days)s days",
    ),
    "connected_rate": NN_(
        "%(number)s more referral connected within 30 days", "%(number)s more referrals connected within 30 days"
    ),
    "closed_loop_rate": NN_(
        "%(number)s more referral of which the sender is told the end within 90 days",
        "%(number)s more referrals of which the sender is told the end within 90 days",
    ),
    "closed_with_service": NN_(
        "%(number)s more referral closed with service within 90 days",
        "%(number)s more referrals closed with service within 90 days",
    ),
    "missed_visits": NN_("%(number)s fewer visit missed", "%(number)s fewer visits missed"),
    "clients_missing_visits": NN_(
        "%(number)s fewer client who missed a visit", "%(number)s fewer clients who missed a visit"
    ),
    "lost_to_follow_up": NN_(
        "%(number)s fewer accepted referral lost to follow-up", "%(number)s fewer accepted referrals lost to follow-up"
    ),
    "handoff_completion": NN_(
        "%(number)s more handoff completed within 14 days", "%(number)s more handoffs completed within 14 days"
    ),
    "warm_share": NN_(
        "%(number)s more completed handoff with a warm introduction",
        "%(number)s more completed handoffs with a warm introduction",
    ),
    "handoff_gap": NN_(
        "%(number)s more accepted handoff with at most %(days)s days between the two agencies' contacts",
        "%(number)s more accepted handoffs with at most %(days)s days between the two agencies' contacts",
    ),
    "duplicate_service": NN_(
        "%(number)s fewer client who gets the same help from two agencies",
        "%(number)s fewer clients who get the same help from two agencies",
    ),
    "first_trimester_clinical": NN_(
        "%(number)s more pregnancy reached in the first trimester",
        "%(number)s more pregnancies reached in the first trimester",
    ),
    "first_trimester_hedis": NN_(
        "%(number)s more pregnancy reached by 14 weeks and 6 days",
        "%(number)s more pregnancies reached by 14 weeks and 6 days",
    ),
    "need_supported": NN_(
        "%(number)s more need helped with within 30 days", "%(number)s more needs helped with within 30 days"
    ),
    "prenatal_months": NN_(
        "%(number)s more month of pregnancy with a contact", "%(number)s more months of pregnancy with a contact"
    ),
    "timely_prenatal_care": NN_(
        "%(number)s more delivery with prenatal care in time", "%(number)s more deliveries with prenatal care in time"
    ),
    "postpartum_visit": NN_(
        "%(number)s more delivery with a visit 7 to 84 days after it",
        "%(number)s more deliveries with a visit 7 to 84 days after them",
    ),
    "postpartum_visit_56": NN_(
        "%(number)s more delivery with a visit within 8 weeks after it",
        "%(number)s more deliveries with a visit within 8 weeks after them",
    ),
    "depression_screened_prenatal": NN_(
        "%(number)s more delivery before which she was asked about depression",
        "%(number)s more deliveries before which she was asked about depression",
    ),
    "depression_screened_postpartum": NN_(
        "%(number)s more delivery after which she was asked about depression",
        "%(number)s more deliveries after which she was asked about depression",
    ),
    "depression_follow_up": NN_(
        "%(number)s more positive screening followed up within 30 days",
        "%(number)s more positive screenings followed up within 30 days",
    ),
    "depression_referral_completed": NN_(
        "%(number)s more positive screening after which a referral was served",
        "%(number)s more positive screenings after which a referral was served",
    ),
    "ipv_referral": NN_(
        "%(number)s more positive screening followed by a referral within 30 days",
        "%(number)s more positive screenings followed by a referral within 30 days",
    ),
    "preterm_birth": NN_("%(number)s fewer delivery before 37 weeks", "%(number)s fewer deliveries before 37 weeks"),
    "recorded_in_time": NN_(
        "%(number)s more contact written down within 7 days", "%(number)s more contacts written down within 7 days"
    ),
    "pregnancies_dated": NN_(
        "%(number)s more pregnancy with a due date", "%(number)s more pregnancies with a due date"
    ),
    "race_self_reported": NN_(
        "%(number)s more pregnancy with race and ethnicity in her own words",
        "%(number)s more pregnancies with race and ethnicity in her own words",
    ),
    "never_answered": NN_("%(number)s fewer referral never answered", "%(number)s fewer referrals never answered"),
    "need_met": NN_("%(number)s more answer that the need was met", "%(number)s more answers that the need was met"),
    "feedback_response": NN_(
        "%(number)s more question answered within 30 days", "%(number)s more questions answered within 30 days"
    ),
}
"""`%(days)s` is the day by which a time is read."""
