"""Names that Rasa itself brings (3.6), so that nobody has to declare them."""

INTENTS = {"nlu_fallback", "session_start", "restart", "back", "out_of_scope"}
SLOTS = {"requested_slot", "session_started_metadata"}
ACTIONS = {
    "action_listen", "action_restart", "action_session_start", "action_default_fallback", "action_deactivate_loop",
    "action_revert_fallback_events", "action_default_ask_affirmation", "action_default_ask_rephrase", "action_two_stage_fallback",
    "action_unlikely_intent", "action_back", "action_extract_slots", "action_validate_slot_mappings",
}  # fmt: skip
SPOKEN = {"utter_default", "utter_restart", "utter_ask_rephrase", "utter_going_round"}
"""Responses that Rasa's own actions speak, and the one that the choice of wordings says by itself (connectors/wording.py)."""
