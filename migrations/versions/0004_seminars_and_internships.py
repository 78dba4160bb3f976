"""Seminars, internships, agreements, events and pushes; certificates of further kinds; signatories by date."""

import sqlalchemy as sa
from alembic import op

import lms.foundation.database

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('agreements',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('object', sa.Text(), nullable=False),
    sa.Column('signed_on', sa.Date(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('expires_on', sa.Date(), nullable=True),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('recorded_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('recorded_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['recorded_by'], ['people.id'], name=op.f('fk_agreements_recorded_by_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agreements'))
    )
    op.create_table('attendee_aliases',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('value', sa.String(length=254), nullable=False),
    sa.Column('email_key', sa.String(length=254), nullable=False),
    sa.Column('accepted_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('accepted_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['accepted_by'], ['people.id'], name=op.f('fk_attendee_aliases_accepted_by_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attendee_aliases')),
    sa.UniqueConstraint('kind', 'value', 'email_key', name=op.f('uq_attendee_aliases_kind_value_email_key'))
    )
    with op.batch_alter_table('attendee_aliases', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attendee_aliases_email_key'), ['email_key'], unique=False)
        batch_op.create_index(batch_op.f('ix_attendee_aliases_value'), ['value'], unique=False)

    op.create_table('push_sources',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('kinds', sa.String(length=40), nullable=False),
    sa.Column('made_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('made_by', sa.Integer(), nullable=True),
    sa.Column('ended_at', lms.foundation.database.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['made_by'], ['people.id'], name=op.f('fk_push_sources_made_by_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_push_sources')),
    sa.UniqueConstraint('name', name=op.f('uq_push_sources_name'))
    )
    op.create_table('seminars',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('slug', sa.String(length=80), nullable=False),
    sa.Column('theme', sa.String(length=20), nullable=False),
    sa.Column('titles', sa.Text(), nullable=False),
    sa.Column('summaries', sa.Text(), nullable=False),
    sa.Column('mode', sa.String(length=8), nullable=False),
    sa.Column('time_zone', sa.String(length=60), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('city', sa.String(length=120), nullable=False),
    sa.Column('venue', sa.String(length=200), nullable=False),
    sa.Column('address', sa.String(length=200), nullable=False),
    sa.Column('directions', sa.Text(), nullable=False),
    sa.Column('map_url', sa.String(length=400), nullable=False),
    sa.Column('online_url', sa.String(length=400), nullable=False),
    sa.Column('organisers', sa.Text(), nullable=False),
    sa.Column('by_invitation', sa.Boolean(), nullable=False),
    sa.Column('opens_at', lms.foundation.database.Instant(), nullable=True),
    sa.Column('closes_at', lms.foundation.database.Instant(), nullable=True),
    sa.Column('offer_hours', sa.Integer(), nullable=False),
    sa.Column('credit_rule', sa.Text(), nullable=False),
    sa.Column('sequence', sa.Integer(), nullable=False),
    sa.Column('told_sequence', sa.Integer(), nullable=False),
    sa.Column('created_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('published_at', lms.foundation.database.Instant(), nullable=True),
    sa.Column('cancelled_at', lms.foundation.database.Instant(), nullable=True),
    sa.Column('cancelled_why', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['created_by'], ['people.id'], name=op.f('fk_seminars_created_by_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seminars')),
    sa.UniqueConstraint('slug', name=op.f('uq_seminars_slug'))
    )
    op.create_table('subscriptions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('address', sa.String(length=500), nullable=False),
    sa.Column('kinds', sa.Text(), nullable=False),
    sa.Column('created_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('paused_at', lms.foundation.database.Instant(), nullable=True),
    sa.Column('paused_why', sa.String(length=300), nullable=False),
    sa.Column('resumed_at', lms.foundation.database.Instant(), nullable=True),
    sa.Column('ended_at', lms.foundation.database.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['created_by'], ['people.id'], name=op.f('fk_subscriptions_created_by_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subscriptions'))
    )
    op.create_table('admissions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('track', sa.String(length=10), nullable=False),
    sa.Column('evidence', sa.String(length=300), nullable=False),
    sa.Column('recorded_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('recorded_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_admissions_cohort_id_cohorts')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_admissions_person_id_people')),
    sa.ForeignKeyConstraint(['recorded_by'], ['people.id'], name=op.f('fk_admissions_recorded_by_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_admissions'))
    )
    with op.batch_alter_table('admissions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_admissions_cohort_id'), ['cohort_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_admissions_person_id'), ['person_id'], unique=False)

    op.create_table('agreement_changes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('agreement_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('expires_on', sa.Date(), nullable=True),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('recorded_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('recorded_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreements.id'], name=op.f('fk_agreement_changes_agreement_id_agreements')),
    sa.ForeignKeyConstraint(['recorded_by'], ['people.id'], name=op.f('fk_agreement_changes_recorded_by_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agreement_changes'))
    )
    with op.batch_alter_table('agreement_changes', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_agreement_changes_agreement_id'), ['agreement_id'], unique=False)

    op.create_table('agreement_parties',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('agreement_id', sa.Integer(), nullable=False),
    sa.Column('institution_id', sa.Integer(), nullable=False),
    sa.Column('signatory', sa.String(length=160), nullable=False),
    sa.Column('office', sa.String(length=160), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreements.id'], name=op.f('fk_agreement_parties_agreement_id_agreements')),
    sa.ForeignKeyConstraint(['institution_id'], ['institutions.id'], name=op.f('fk_agreement_parties_institution_id_institutions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agreement_parties')),
    sa.UniqueConstraint('agreement_id', 'institution_id', name=op.f('uq_agreement_parties_agreement_id_institution_id'))
    )
    with op.batch_alter_table('agreement_parties', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_agreement_parties_institution_id'), ['institution_id'], unique=False)

    op.create_table('comparison_choices',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('allowed', sa.Boolean(), nullable=False),
    sa.Column('why', sa.String(length=300), nullable=False),
    sa.Column('chosen_by', sa.Integer(), nullable=False),
    sa.Column('since', lms.foundation.database.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['chosen_by'], ['people.id'], name=op.f('fk_comparison_choices_chosen_by_people')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_comparison_choices_cohort_id_cohorts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comparison_choices'))
    )
    with op.batch_alter_table('comparison_choices', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_comparison_choices_cohort_id'), ['cohort_id'], unique=False)

    op.create_table('deliveries',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('subscription_id', sa.Integer(), nullable=False),
    sa.Column('line_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(length=60), nullable=False),
    sa.Column('message_id', sa.String(length=40), nullable=False),
    sa.Column('created_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('next_at', lms.foundation.database.Instant(), nullable=True),
    sa.Column('done_at', lms.foundation.database.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['line_id'], ['audit_lines.id'], name=op.f('fk_deliveries_line_id_audit_lines')),
    sa.ForeignKeyConstraint(['subscription_id'], ['subscriptions.id'], name=op.f('fk_deliveries_subscription_id_subscriptions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_deliveries')),
    sa.UniqueConstraint('message_id', name=op.f('uq_deliveries_message_id')),
    sa.UniqueConstraint('subscription_id', 'line_id', name=op.f('uq_deliveries_subscription_id_line_id'))
    )
    with op.batch_alter_table('deliveries', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_deliveries_next_at'), ['next_at'], unique=False)
        batch_op.create_index('ix_deliveries_subscription_id_next_at', ['subscription_id', 'next_at'], unique=False)

    op.create_table('internship_offers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=True),
    sa.Column('agreement_id', sa.Integer(), nullable=True),
    sa.Column('host_id', sa.Integer(), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('city', sa.String(length=120), nullable=False),
    sa.Column('area', sa.String(length=160), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.Column('requirements', sa.Text(), nullable=False),
    sa.Column('modality', sa.String(length=8), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('places', sa.Integer(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('hours', lms.foundation.database.Exact(length=60), nullable=False),
    sa.Column('supervisor_name', sa.String(length=160), nullable=False),
    sa.Column('supervisor_email', sa.String(length=254), nullable=False),
    sa.Column('supervisor_office', sa.String(length=160), nullable=False),
    sa.Column('apply_by', lms.foundation.database.Instant(), nullable=True),
    sa.Column('made_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('made_by', sa.Integer(), nullable=True),
    sa.Column('published_at', lms.foundation.database.Instant(), nullable=True),
    sa.Column('closed_at', lms.foundation.database.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreements.id'], name=op.f('fk_internship_offers_agreement_id_agreements')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_internship_offers_cohort_id_cohorts')),
    sa.ForeignKeyConstraint(['host_id'], ['institutions.id'], name=op.f('fk_internship_offers_host_id_institutions')),
    sa.ForeignKeyConstraint(['made_by'], ['people.id'], name=op.f('fk_internship_offers_made_by_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_internship_offers'))
    )
    with op.batch_alter_table('internship_offers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_internship_offers_agreement_id'), ['agreement_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_internship_offers_cohort_id'), ['cohort_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_internship_offers_host_id'), ['host_id'], unique=False)

    op.create_table('push_deliveries',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('source_id', sa.Integer(), nullable=False),
    sa.Column('message_id', sa.String(length=100), nullable=True),
    sa.Column('body_sha256', sa.String(length=64), nullable=False),
    sa.Column('received_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('status', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('reference', sa.String(length=120), nullable=False),
    sa.Column('repeats', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['source_id'], ['push_sources.id'], name=op.f('fk_push_deliveries_source_id_push_sources')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_push_deliveries')),
    sa.UniqueConstraint('source_id', 'message_id', name=op.f('uq_push_deliveries_source_id_message_id'))
    )
    with op.batch_alter_table('push_deliveries', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_push_deliveries_received_at'), ['received_at'], unique=False)

    op.create_table('push_secrets',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('source_id', sa.Integer(), nullable=False),
    sa.Column('sealed', sa.String(length=300), nullable=False),
    sa.Column('made_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('until', lms.foundation.database.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['source_id'], ['push_sources.id'], name=op.f('fk_push_secrets_source_id_push_sources')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_push_secrets'))
    )
    with op.batch_alter_table('push_secrets', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_push_secrets_source_id'), ['source_id'], unique=False)

    op.create_table('seminar_delegations',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('seminar_id', sa.Integer(), nullable=False),
    sa.Column('institution', sa.String(length=200), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('contact', sa.String(length=160), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('made_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('besides', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['seminar_id'], ['seminars.id'], name=op.f('fk_seminar_delegations_seminar_id_seminars')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seminar_delegations')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_seminar_delegations_token_hash'))
    )
    with op.batch_alter_table('seminar_delegations', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_seminar_delegations_seminar_id'), ['seminar_id'], unique=False)

    op.create_table('seminar_invitations',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('seminar_id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('most', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('sent_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('sent_by', sa.Integer(), nullable=True),
    sa.Column('ended_at', lms.foundation.database.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['seminar_id'], ['seminars.id'], name=op.f('fk_seminar_invitations_seminar_id_seminars')),
    sa.ForeignKeyConstraint(['sent_by'], ['people.id'], name=op.f('fk_seminar_invitations_sent_by_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seminar_invitations')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_seminar_invitations_token_hash'))
    )
    with op.batch_alter_table('seminar_invitations', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_seminar_invitations_seminar_id'), ['seminar_id'], unique=False)

    op.create_table('seminar_places',
    sa.Column('seminar_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('places', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['seminar_id'], ['seminars.id'], name=op.f('fk_seminar_places_seminar_id_seminars')),
    sa.PrimaryKeyConstraint('seminar_id', 'kind', name=op.f('pk_seminar_places'))
    )
    op.create_table('seminar_questions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('seminar_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('labels', sa.Text(), nullable=False),
    sa.Column('options', sa.Text(), nullable=False),
    sa.Column('required', sa.Boolean(), nullable=False),
    sa.Column('restricted', sa.Boolean(), nullable=False),
    sa.Column('shown_when', sa.Text(), nullable=False),
    sa.Column('retired_at', lms.foundation.database.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['seminar_id'], ['seminars.id'], name=op.f('fk_seminar_questions_seminar_id_seminars')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seminar_questions')),
    sa.UniqueConstraint('seminar_id', 'code', name=op.f('uq_seminar_questions_seminar_id_code'))
    )
    op.create_table('seminar_sessions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('seminar_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('titles', sa.Text(), nullable=False),
    sa.Column('starts_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('ends_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('place', sa.String(length=200), nullable=False),
    sa.Column('mode', sa.String(length=8), nullable=False),
    sa.Column('counts', sa.Boolean(), nullable=False),
    sa.Column('cancelled_at', lms.foundation.database.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['seminar_id'], ['seminars.id'], name=op.f('fk_seminar_sessions_seminar_id_seminars')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seminar_sessions')),
    sa.UniqueConstraint('seminar_id', 'code', name=op.f('uq_seminar_sessions_seminar_id_code'))
    )
    op.create_table('seminar_survey_answers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('seminar_id', sa.Integer(), nullable=False),
    sa.Column('sheet', sa.String(length=32), nullable=False),
    sa.Column('question', sa.String(length=20), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['seminar_id'], ['seminars.id'], name=op.f('fk_seminar_survey_answers_seminar_id_seminars')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seminar_survey_answers'))
    )
    with op.batch_alter_table('seminar_survey_answers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_seminar_survey_answers_seminar_id'), ['seminar_id'], unique=False)

    op.create_table('subscription_secrets',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('subscription_id', sa.Integer(), nullable=False),
    sa.Column('sealed', sa.String(length=300), nullable=False),
    sa.Column('made_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('until', lms.foundation.database.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['subscription_id'], ['subscriptions.id'], name=op.f('fk_subscription_secrets_subscription_id_subscriptions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subscription_secrets'))
    )
    with op.batch_alter_table('subscription_secrets', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_subscription_secrets_subscription_id'), ['subscription_id'], unique=False)

    op.create_table('attendance_reports',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('seminar_id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('platform', sa.String(length=12), nullable=False),
    sa.Column('reading', sa.Text(), nullable=False),
    sa.Column('uploaded_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('uploaded_by', sa.Integer(), nullable=True),
    sa.Column('applied_at', lms.foundation.database.Instant(), nullable=True),
    sa.Column('undone_at', lms.foundation.database.Instant(), nullable=True),
    sa.Column('undone_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['seminar_id'], ['seminars.id'], name=op.f('fk_attendance_reports_seminar_id_seminars')),
    sa.ForeignKeyConstraint(['session_id'], ['seminar_sessions.id'], name=op.f('fk_attendance_reports_session_id_seminar_sessions')),
    sa.ForeignKeyConstraint(['undone_by'], ['people.id'], name=op.f('fk_attendance_reports_undone_by_people')),
    sa.ForeignKeyConstraint(['uploaded_by'], ['people.id'], name=op.f('fk_attendance_reports_uploaded_by_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attendance_reports')),
    sa.UniqueConstraint('session_id', 'sha256', name=op.f('uq_attendance_reports_session_id_sha256'))
    )
    with op.batch_alter_table('attendance_reports', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attendance_reports_seminar_id'), ['seminar_id'], unique=False)

    op.create_table('delivery_tries',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('delivery_id', sa.Integer(), nullable=False),
    sa.Column('subscription_id', sa.Integer(), nullable=False),
    sa.Column('at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('status', sa.Integer(), nullable=True),
    sa.Column('good', sa.Boolean(), nullable=False),
    sa.Column('error', sa.String(length=200), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('ms', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['delivery_id'], ['deliveries.id'], name=op.f('fk_delivery_tries_delivery_id_deliveries')),
    sa.ForeignKeyConstraint(['subscription_id'], ['subscriptions.id'], name=op.f('fk_delivery_tries_subscription_id_subscriptions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery_tries'))
    )
    with op.batch_alter_table('delivery_tries', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_delivery_tries_delivery_id'), ['delivery_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_delivery_tries_subscription_id'), ['subscription_id'], unique=False)

    op.create_table('internship_applications',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('offer_id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('motivation', sa.Text(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('applied_at', lms.foundation.database.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_internship_applications_cohort_id_cohorts')),
    sa.ForeignKeyConstraint(['offer_id'], ['internship_offers.id'], name=op.f('fk_internship_applications_offer_id_internship_offers')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_internship_applications_person_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_internship_applications')),
    sa.UniqueConstraint('offer_id', 'person_id', name=op.f('uq_internship_applications_offer_id_person_id'))
    )
    with op.batch_alter_table('internship_applications', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_internship_applications_cohort_id'), ['cohort_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_internship_applications_person_id'), ['person_id'], unique=False)

    op.create_table('seminar_devices',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('seminar_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('does', sa.String(length=8), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=True),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('made_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('made_by', sa.Integer(), nullable=True),
    sa.Column('expires_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('ended_at', lms.foundation.database.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['made_by'], ['people.id'], name=op.f('fk_seminar_devices_made_by_people')),
    sa.ForeignKeyConstraint(['seminar_id'], ['seminars.id'], name=op.f('fk_seminar_devices_seminar_id_seminars')),
    sa.ForeignKeyConstraint(['session_id'], ['seminar_sessions.id'], name=op.f('fk_seminar_devices_session_id_seminar_sessions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seminar_devices')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_seminar_devices_token_hash'))
    )
    with op.batch_alter_table('seminar_devices', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_seminar_devices_seminar_id'), ['seminar_id'], unique=False)

    op.create_table('seminar_materials',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('seminar_id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('url', sa.String(length=400), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('open_to', sa.String(length=10), nullable=False),
    sa.Column('added_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('added_by', sa.Integer(), nullable=True),
    sa.Column('withdrawn_at', lms.foundation.database.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['added_by'], ['people.id'], name=op.f('fk_seminar_materials_added_by_people')),
    sa.ForeignKeyConstraint(['seminar_id'], ['seminars.id'], name=op.f('fk_seminar_materials_seminar_id_seminars')),
    sa.ForeignKeyConstraint(['session_id'], ['seminar_sessions.id'], name=op.f('fk_seminar_materials_session_id_seminar_sessions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seminar_materials'))
    )
    with op.batch_alter_table('seminar_materials', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_seminar_materials_seminar_id'), ['seminar_id'], unique=False)

    op.create_table('seminar_registrations',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('seminar_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('short_code', sa.String(length=12), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('delegation_id', sa.Integer(), nullable=True),
    sa.Column('invitation_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('given_names', sa.String(length=120), nullable=False),
    sa.Column('surname1', sa.String(length=80), nullable=False),
    sa.Column('surname2', sa.String(length=80), nullable=True),
    sa.Column('sort_key', sa.String(length=300).with_variant(sa.String(length=300, collation='C'), 'postgresql'), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('email_key', sa.String(length=254), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('institution', sa.String(length=200), nullable=False),
    sa.Column('office', sa.String(length=160), nullable=False),
    sa.Column('registered_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('registered_by', sa.Integer(), nullable=True),
    sa.Column('link_sent_at', lms.foundation.database.Instant(), nullable=True),
    sa.Column('reminded_at', lms.foundation.database.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['delegation_id'], ['seminar_delegations.id'], name=op.f('fk_seminar_registrations_delegation_id_seminar_delegations')),
    sa.ForeignKeyConstraint(['invitation_id'], ['seminar_invitations.id'], name=op.f('fk_seminar_registrations_invitation_id_seminar_invitations')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_seminar_registrations_person_id_people')),
    sa.ForeignKeyConstraint(['registered_by'], ['people.id'], name=op.f('fk_seminar_registrations_registered_by_people')),
    sa.ForeignKeyConstraint(['seminar_id'], ['seminars.id'], name=op.f('fk_seminar_registrations_seminar_id_seminars')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seminar_registrations')),
    sa.UniqueConstraint('code', name=op.f('uq_seminar_registrations_code')),
    sa.UniqueConstraint('seminar_id', 'email_key', name=op.f('uq_seminar_registrations_seminar_id_email_key'))
    )
    with op.batch_alter_table('seminar_registrations', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_seminar_registrations_delegation_id'), ['delegation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_seminar_registrations_person_id'), ['person_id'], unique=False)

    op.create_table('seminar_speakers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('seminar_id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=160), nullable=False),
    sa.Column('office', sa.String(length=160), nullable=False),
    sa.Column('institution', sa.String(length=200), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('biography', sa.Text(), nullable=False),
    sa.Column('moderates', sa.Boolean(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['seminar_id'], ['seminars.id'], name=op.f('fk_seminar_speakers_seminar_id_seminars')),
    sa.ForeignKeyConstraint(['session_id'], ['seminar_sessions.id'], name=op.f('fk_seminar_speakers_session_id_seminar_sessions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seminar_speakers'))
    )
    with op.batch_alter_table('seminar_speakers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_seminar_speakers_seminar_id'), ['seminar_id'], unique=False)

    op.create_table('internship_application_events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['internship_applications.id'], name=op.f('fk_internship_application_events_application_id_internship_applications')),
    sa.ForeignKeyConstraint(['by_id'], ['people.id'], name=op.f('fk_internship_application_events_by_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_internship_application_events'))
    )
    with op.batch_alter_table('internship_application_events', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_internship_application_events_application_id'), ['application_id'], unique=False)

    op.create_table('placements',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('application_id', sa.Integer(), nullable=True),
    sa.Column('agreement_id', sa.Integer(), nullable=True),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('host_id', sa.Integer(), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('city', sa.String(length=120), nullable=False),
    sa.Column('area', sa.String(length=160), nullable=False),
    sa.Column('modality', sa.String(length=8), nullable=False),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('time_zone', sa.String(length=60), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('hours', lms.foundation.database.Exact(length=60), nullable=False),
    sa.Column('supervisor_name', sa.String(length=160), nullable=False),
    sa.Column('supervisor_email', sa.String(length=254), nullable=False),
    sa.Column('supervisor_office', sa.String(length=160), nullable=False),
    sa.Column('academic_id', sa.Integer(), nullable=True),
    sa.Column('student_regime', sa.Boolean(), nullable=False),
    sa.Column('authority', sa.Boolean(), nullable=False),
    sa.Column('emergency_contact', sa.String(length=200), nullable=False),
    sa.Column('made_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('made_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['academic_id'], ['people.id'], name=op.f('fk_placements_academic_id_people')),
    sa.ForeignKeyConstraint(['agreement_id'], ['agreements.id'], name=op.f('fk_placements_agreement_id_agreements')),
    sa.ForeignKeyConstraint(['application_id'], ['internship_applications.id'], name=op.f('fk_placements_application_id_internship_applications')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_placements_cohort_id_cohorts')),
    sa.ForeignKeyConstraint(['host_id'], ['institutions.id'], name=op.f('fk_placements_host_id_institutions')),
    sa.ForeignKeyConstraint(['made_by'], ['people.id'], name=op.f('fk_placements_made_by_people')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_placements_person_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_placements')),
    sa.UniqueConstraint('application_id', name=op.f('uq_placements_application_id'))
    )
    with op.batch_alter_table('placements', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_placements_academic_id'), ['academic_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_placements_cohort_id'), ['cohort_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_placements_host_id'), ['host_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_placements_person_id'), ['person_id'], unique=False)

    op.create_table('presence_marks',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('seminar_id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=True),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('source', sa.String(length=10), nullable=False),
    sa.Column('reference', sa.String(length=80), nullable=False),
    sa.Column('at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('until', lms.foundation.database.Instant(), nullable=True),
    sa.Column('minutes', sa.Integer(), nullable=True),
    sa.Column('voids_id', sa.Integer(), nullable=True),
    sa.Column('device_id', sa.Integer(), nullable=True),
    sa.Column('report_id', sa.Integer(), nullable=True),
    sa.Column('recorded_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('recorded_by', sa.Integer(), nullable=True),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['device_id'], ['seminar_devices.id'], name=op.f('fk_presence_marks_device_id_seminar_devices')),
    sa.ForeignKeyConstraint(['recorded_by'], ['people.id'], name=op.f('fk_presence_marks_recorded_by_people')),
    sa.ForeignKeyConstraint(['registration_id'], ['seminar_registrations.id'], name=op.f('fk_presence_marks_registration_id_seminar_registrations')),
    sa.ForeignKeyConstraint(['report_id'], ['attendance_reports.id'], name=op.f('fk_presence_marks_report_id_attendance_reports')),
    sa.ForeignKeyConstraint(['seminar_id'], ['seminars.id'], name=op.f('fk_presence_marks_seminar_id_seminars')),
    sa.ForeignKeyConstraint(['session_id'], ['seminar_sessions.id'], name=op.f('fk_presence_marks_session_id_seminar_sessions')),
    sa.ForeignKeyConstraint(['voids_id'], ['presence_marks.id'], name=op.f('fk_presence_marks_voids_id_presence_marks')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_presence_marks')),
    sa.UniqueConstraint('seminar_id', 'reference', name=op.f('uq_presence_marks_seminar_id_reference')),
    sa.UniqueConstraint('voids_id', name=op.f('uq_presence_marks_voids_id'))
    )
    with op.batch_alter_table('presence_marks', schema=None) as batch_op:
        batch_op.create_index('ix_presence_marks_registration_id_session_id', ['registration_id', 'session_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_presence_marks_report_id'), ['report_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_presence_marks_session_id'), ['session_id'], unique=False)

    op.create_table('seminar_registration_answers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('question', sa.String(length=20), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.Column('at', lms.foundation.database.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['registration_id'], ['seminar_registrations.id'], name=op.f('fk_seminar_registration_answers_registration_id_seminar_registrations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seminar_registration_answers'))
    )
    with op.batch_alter_table('seminar_registration_answers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_seminar_registration_answers_registration_id'), ['registration_id'], unique=False)

    op.create_table('seminar_registration_events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('until', lms.foundation.database.Instant(), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['people.id'], name=op.f('fk_seminar_registration_events_by_id_people')),
    sa.ForeignKeyConstraint(['registration_id'], ['seminar_registrations.id'], name=op.f('fk_seminar_registration_events_registration_id_seminar_registrations')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seminar_registration_events'))
    )
    with op.batch_alter_table('seminar_registration_events', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_seminar_registration_events_registration_id'), ['registration_id'], unique=False)

    op.create_table('seminar_surveys_taken',
    sa.Column('registration_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['registration_id'], ['seminar_registrations.id'], name=op.f('fk_seminar_surveys_taken_registration_id_seminar_registrations')),
    sa.PrimaryKeyConstraint('registration_id', name=op.f('pk_seminar_surveys_taken'))
    )
    op.create_table('host_links',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('placement_id', sa.Integer(), nullable=False),
    sa.Column('purpose', sa.String(length=10), nullable=False),
    sa.Column('subject', sa.String(length=40), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('sent_to', sa.String(length=254), nullable=False),
    sa.Column('made_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('made_by', sa.Integer(), nullable=True),
    sa.Column('expires_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('used_at', lms.foundation.database.Instant(), nullable=True),
    sa.Column('revoked_at', lms.foundation.database.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['made_by'], ['people.id'], name=op.f('fk_host_links_made_by_people')),
    sa.ForeignKeyConstraint(['placement_id'], ['placements.id'], name=op.f('fk_host_links_placement_id_placements')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_host_links')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_host_links_token_hash'))
    )
    with op.batch_alter_table('host_links', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_host_links_placement_id'), ['placement_id'], unique=False)

    op.create_table('internship_reports',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('placement_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('handed_in_at', lms.foundation.database.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['placement_id'], ['placements.id'], name=op.f('fk_internship_reports_placement_id_placements')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_internship_reports')),
    sa.UniqueConstraint('placement_id', 'version', name=op.f('uq_internship_reports_placement_id_version'))
    )
    op.create_table('log_entries',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('placement_id', sa.Integer(), nullable=False),
    sa.Column('reference', sa.String(length=40), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('starts', sa.String(length=5), nullable=False),
    sa.Column('ends', sa.String(length=5), nullable=False),
    sa.Column('pause', sa.Integer(), nullable=False),
    sa.Column('activity', sa.Text(), nullable=False),
    sa.Column('outcome', sa.String(length=40), nullable=False),
    sa.Column('remote', sa.Boolean(), nullable=False),
    sa.Column('written_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('received_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('replaces_id', sa.Integer(), nullable=True),
    sa.Column('withdrawn', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['placement_id'], ['placements.id'], name=op.f('fk_log_entries_placement_id_placements')),
    sa.ForeignKeyConstraint(['replaces_id'], ['log_entries.id'], name=op.f('fk_log_entries_replaces_id_log_entries')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_log_entries')),
    sa.UniqueConstraint('placement_id', 'reference', name=op.f('uq_log_entries_placement_id_reference')),
    sa.UniqueConstraint('replaces_id', name=op.f('uq_log_entries_replaces_id'))
    )
    with op.batch_alter_table('log_entries', schema=None) as batch_op:
        batch_op.create_index('ix_log_entries_placement_id_day', ['placement_id', 'day'], unique=False)

    op.create_table('mid_reviews',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('placement_id', sa.Integer(), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('findings', sa.Text(), nullable=False),
    sa.Column('adjustments', sa.Text(), nullable=False),
    sa.Column('written_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('written_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['placement_id'], ['placements.id'], name=op.f('fk_mid_reviews_placement_id_placements')),
    sa.ForeignKeyConstraint(['written_by'], ['people.id'], name=op.f('fk_mid_reviews_written_by_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mid_reviews'))
    )
    with op.batch_alter_table('mid_reviews', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mid_reviews_placement_id'), ['placement_id'], unique=False)

    op.create_table('placement_events',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('placement_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=14), nullable=False),
    sa.Column('at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('frozen', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['people.id'], name=op.f('fk_placement_events_by_id_people')),
    sa.ForeignKeyConstraint(['placement_id'], ['placements.id'], name=op.f('fk_placement_events_placement_id_placements')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_placement_events'))
    )
    with op.batch_alter_table('placement_events', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_placement_events_placement_id'), ['placement_id'], unique=False)

    op.create_table('placement_papers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('placement_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('issuer', sa.String(length=200), nullable=False),
    sa.Column('number', sa.String(length=80), nullable=False),
    sa.Column('dated_on', sa.Date(), nullable=True),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('added_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('added_by', sa.Integer(), nullable=True),
    sa.Column('withdrawn_at', lms.foundation.database.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['added_by'], ['people.id'], name=op.f('fk_placement_papers_added_by_people')),
    sa.ForeignKeyConstraint(['placement_id'], ['placements.id'], name=op.f('fk_placement_papers_placement_id_placements')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_placement_papers'))
    )
    with op.batch_alter_table('placement_papers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_placement_papers_placement_id'), ['placement_id'], unique=False)

    op.create_table('travel_costs',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('placement_id', sa.Integer(), nullable=False),
    sa.Column('item', sa.String(length=120), nullable=False),
    sa.Column('amount', lms.foundation.database.Exact(length=60), nullable=False),
    sa.Column('currency', sa.String(length=3), nullable=False),
    sa.Column('payer', sa.String(length=20), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('added_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('added_by', sa.Integer(), nullable=True),
    sa.Column('withdrawn_at', lms.foundation.database.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['added_by'], ['people.id'], name=op.f('fk_travel_costs_added_by_people')),
    sa.ForeignKeyConstraint(['placement_id'], ['placements.id'], name=op.f('fk_travel_costs_placement_id_placements')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_travel_costs'))
    )
    with op.batch_alter_table('travel_costs', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_travel_costs_placement_id'), ['placement_id'], unique=False)

    op.create_table('travel_gifts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('placement_id', sa.Integer(), nullable=False),
    sa.Column('what', sa.String(length=200), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('occasion', sa.String(length=200), nullable=False),
    sa.Column('giver', sa.String(length=200), nullable=False),
    sa.Column('added_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('added_by', sa.Integer(), nullable=True),
    sa.Column('withdrawn_at', lms.foundation.database.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['added_by'], ['people.id'], name=op.f('fk_travel_gifts_added_by_people')),
    sa.ForeignKeyConstraint(['placement_id'], ['placements.id'], name=op.f('fk_travel_gifts_placement_id_placements')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_travel_gifts'))
    )
    with op.batch_alter_table('travel_gifts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_travel_gifts_placement_id'), ['placement_id'], unique=False)

    op.create_table('work_plans',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('placement_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('written_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('written_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['placement_id'], ['placements.id'], name=op.f('fk_work_plans_placement_id_placements')),
    sa.ForeignKeyConstraint(['written_by'], ['people.id'], name=op.f('fk_work_plans_written_by_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_work_plans')),
    sa.UniqueConstraint('placement_id', 'version', name=op.f('uq_work_plans_placement_id_version'))
    )
    op.create_table('host_link_visits',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('link_id', sa.Integer(), nullable=False),
    sa.Column('at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('deed', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['link_id'], ['host_links.id'], name=op.f('fk_host_link_visits_link_id_host_links')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_host_link_visits'))
    )
    with op.batch_alter_table('host_link_visits', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_host_link_visits_link_id'), ['link_id'], unique=False)

    op.create_table('internship_evaluations',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('placement_id', sa.Integer(), nullable=False),
    sa.Column('party', sa.String(length=12), nullable=False),
    sa.Column('levels', sa.Text(), nullable=False),
    sa.Column('share', lms.foundation.database.Exact(length=60), nullable=True),
    sa.Column('comment', sa.Text(), nullable=False),
    sa.Column('at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('link_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=160), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['people.id'], name=op.f('fk_internship_evaluations_by_id_people')),
    sa.ForeignKeyConstraint(['link_id'], ['host_links.id'], name=op.f('fk_internship_evaluations_link_id_host_links')),
    sa.ForeignKeyConstraint(['placement_id'], ['placements.id'], name=op.f('fk_internship_evaluations_placement_id_placements')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_internship_evaluations'))
    )
    with op.batch_alter_table('internship_evaluations', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_internship_evaluations_placement_id'), ['placement_id'], unique=False)

    op.create_table('log_evidence',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('entry_id', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('media_type', sa.String(length=60), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('added_at', lms.foundation.database.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['entry_id'], ['log_entries.id'], name=op.f('fk_log_evidence_entry_id_log_entries')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_log_evidence'))
    )
    with op.batch_alter_table('log_evidence', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_log_evidence_entry_id'), ['entry_id'], unique=False)

    op.create_table('plan_approvals',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('party', sa.String(length=12), nullable=False),
    sa.Column('approved', sa.Boolean(), nullable=False),
    sa.Column('comment', sa.String(length=1000), nullable=False),
    sa.Column('at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('link_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=160), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['people.id'], name=op.f('fk_plan_approvals_by_id_people')),
    sa.ForeignKeyConstraint(['link_id'], ['host_links.id'], name=op.f('fk_plan_approvals_link_id_host_links')),
    sa.ForeignKeyConstraint(['plan_id'], ['work_plans.id'], name=op.f('fk_plan_approvals_plan_id_work_plans')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_approvals')),
    sa.UniqueConstraint('plan_id', 'party', name=op.f('uq_plan_approvals_plan_id_party'))
    )
    op.create_table('week_signatures',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('placement_id', sa.Integer(), nullable=False),
    sa.Column('week', sa.Date(), nullable=False),
    sa.Column('entries', sa.Text(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('signed', sa.Boolean(), nullable=False),
    sa.Column('comment', sa.String(length=1000), nullable=False),
    sa.Column('at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('link_id', sa.Integer(), nullable=True),
    sa.Column('by_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=160), nullable=False),
    sa.ForeignKeyConstraint(['by_id'], ['people.id'], name=op.f('fk_week_signatures_by_id_people')),
    sa.ForeignKeyConstraint(['link_id'], ['host_links.id'], name=op.f('fk_week_signatures_link_id_host_links')),
    sa.ForeignKeyConstraint(['placement_id'], ['placements.id'], name=op.f('fk_week_signatures_placement_id_placements')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_week_signatures'))
    )
    with op.batch_alter_table('week_signatures', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_week_signatures_placement_id'), ['placement_id'], unique=False)

    with op.batch_alter_table('certificate_batches', schema=None) as batch_op:
        batch_op.add_column(sa.Column('kind', sa.String(length=20), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('about', sa.String(length=40), nullable=False, server_default=''))
        batch_op.alter_column('cohort_id',
               existing_type=sa.INTEGER(),
               nullable=True)
        batch_op.create_index(batch_op.f('ix_certificate_batches_about'), ['about'], unique=False)

    with op.batch_alter_table('certificate_outcomes', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_certificate_outcomes_person_id_people'), type_='foreignkey')

    with op.batch_alter_table('certificates', schema=None) as batch_op:
        batch_op.add_column(sa.Column('holder', sa.String(length=40), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('about', sa.String(length=40), nullable=False, server_default=''))
        batch_op.alter_column('cohort_id',
               existing_type=sa.INTEGER(),
               nullable=True)
        batch_op.alter_column('person_id',
               existing_type=sa.INTEGER(),
               nullable=True)
        batch_op.create_index('ix_certificates_about', ['about'], unique=False)

    with op.batch_alter_table('closed_actas', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_closed_actas_paper_sha256'), ['paper_sha256'], unique=False)

    with op.batch_alter_table('signatories', schema=None) as batch_op:
        batch_op.add_column(sa.Column('starts_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('ends_on', sa.Date(), nullable=True))
        batch_op.alter_column('cohort_id',
               existing_type=sa.INTEGER(),
               nullable=True)

    with op.batch_alter_table('source_pulls', schema=None) as batch_op:
        batch_op.add_column(sa.Column('refused_count', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('ms', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('asked_by', sa.String(length=12), nullable=False, server_default=''))

    # ### end Alembic commands ###


def downgrade() -> None:
    """What the version before can not hold goes: papers and signatories of no cohort, and the batches of them."""
    op.execute("""DELETE FROM certificate_outcomes WHERE person_id NOT IN (SELECT id FROM people)
OR batch_id IN (SELECT id FROM certificate_batches WHERE cohort_id IS NULL)
OR certificate_id IN (SELECT id FROM certificates WHERE cohort_id IS NULL OR person_id IS NULL)""")
    op.execute("""DELETE FROM certificate_ends
WHERE certificate_id IN (SELECT id FROM certificates WHERE cohort_id IS NULL OR person_id IS NULL)
OR replaced_by_id IN (SELECT id FROM certificates WHERE cohort_id IS NULL OR person_id IS NULL)""")
    op.execute('DELETE FROM certificates WHERE cohort_id IS NULL OR person_id IS NULL')
    op.execute('DELETE FROM certificate_batches WHERE cohort_id IS NULL')
    op.execute('DELETE FROM signatories WHERE cohort_id IS NULL')
    with op.batch_alter_table('source_pulls', schema=None) as batch_op:
        batch_op.drop_column('asked_by')
        batch_op.drop_column('ms')
        batch_op.drop_column('refused_count')

    with op.batch_alter_table('signatories', schema=None) as batch_op:
        batch_op.alter_column('cohort_id',
               existing_type=sa.INTEGER(),
               nullable=False)
        batch_op.drop_column('ends_on')
        batch_op.drop_column('starts_on')

    with op.batch_alter_table('closed_actas', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_closed_actas_paper_sha256'))

    with op.batch_alter_table('certificates', schema=None) as batch_op:
        batch_op.drop_index('ix_certificates_about')
        batch_op.alter_column('person_id',
               existing_type=sa.INTEGER(),
               nullable=False)
        batch_op.alter_column('cohort_id',
               existing_type=sa.INTEGER(),
               nullable=False)
        batch_op.drop_column('about')
        batch_op.drop_column('holder')

    with op.batch_alter_table('certificate_outcomes', schema=None) as batch_op:
        batch_op.create_foreign_key(batch_op.f('fk_certificate_outcomes_person_id_people'), 'people', ['person_id'], ['id'])

    with op.batch_alter_table('certificate_batches', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_certificate_batches_about'))
        batch_op.alter_column('cohort_id',
               existing_type=sa.INTEGER(),
               nullable=False)
        batch_op.drop_column('about')
        batch_op.drop_column('kind')

    with op.batch_alter_table('week_signatures', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_week_signatures_placement_id'))

    op.drop_table('week_signatures')
    op.drop_table('plan_approvals')
    with op.batch_alter_table('log_evidence', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_log_evidence_entry_id'))

    op.drop_table('log_evidence')
    with op.batch_alter_table('internship_evaluations', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_internship_evaluations_placement_id'))

    op.drop_table('internship_evaluations')
    with op.batch_alter_table('host_link_visits', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_host_link_visits_link_id'))

    op.drop_table('host_link_visits')
    op.drop_table('work_plans')
    with op.batch_alter_table('travel_gifts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_travel_gifts_placement_id'))

    op.drop_table('travel_gifts')
    with op.batch_alter_table('travel_costs', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_travel_costs_placement_id'))

    op.drop_table('travel_costs')
    with op.batch_alter_table('placement_papers', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_placement_papers_placement_id'))

    op.drop_table('placement_papers')
    with op.batch_alter_table('placement_events', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_placement_events_placement_id'))

    op.drop_table('placement_events')
    with op.batch_alter_table('mid_reviews', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_mid_reviews_placement_id'))

    op.drop_table('mid_reviews')
    with op.batch_alter_table('log_entries', schema=None) as batch_op:
        batch_op.drop_index('ix_log_entries_placement_id_day')

    op.drop_table('log_entries')
    op.drop_table('internship_reports')
    with op.batch_alter_table('host_links', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_host_links_placement_id'))

    op.drop_table('host_links')
    op.drop_table('seminar_surveys_taken')
    with op.batch_alter_table('seminar_registration_events', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_seminar_registration_events_registration_id'))

    op.drop_table('seminar_registration_events')
    with op.batch_alter_table('seminar_registration_answers', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_seminar_registration_answers_registration_id'))

    op.drop_table('seminar_registration_answers')
    with op.batch_alter_table('presence_marks', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_presence_marks_session_id'))
        batch_op.drop_index(batch_op.f('ix_presence_marks_report_id'))
        batch_op.drop_index('ix_presence_marks_registration_id_session_id')

    op.drop_table('presence_marks')
    with op.batch_alter_table('placements', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_placements_person_id'))
        batch_op.drop_index(batch_op.f('ix_placements_host_id'))
        batch_op.drop_index(batch_op.f('ix_placements_cohort_id'))
        batch_op.drop_index(batch_op.f('ix_placements_academic_id'))

    op.drop_table('placements')
    with op.batch_alter_table('internship_application_events', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_internship_application_events_application_id'))

    op.drop_table('internship_application_events')
    with op.batch_alter_table('seminar_speakers', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_seminar_speakers_seminar_id'))

    op.drop_table('seminar_speakers')
    with op.batch_alter_table('seminar_registrations', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_seminar_registrations_person_id'))
        batch_op.drop_index(batch_op.f('ix_seminar_registrations_delegation_id'))

    op.drop_table('seminar_registrations')
    with op.batch_alter_table('seminar_materials', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_seminar_materials_seminar_id'))

    op.drop_table('seminar_materials')
    with op.batch_alter_table('seminar_devices', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_seminar_devices_seminar_id'))

    op.drop_table('seminar_devices')
    with op.batch_alter_table('internship_applications', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_internship_applications_person_id'))
        batch_op.drop_index(batch_op.f('ix_internship_applications_cohort_id'))

    op.drop_table('internship_applications')
    with op.batch_alter_table('delivery_tries', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_delivery_tries_subscription_id'))
        batch_op.drop_index(batch_op.f('ix_delivery_tries_delivery_id'))

    op.drop_table('delivery_tries')
    with op.batch_alter_table('attendance_reports', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attendance_reports_seminar_id'))

    op.drop_table('attendance_reports')
    with op.batch_alter_table('subscription_secrets', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_subscription_secrets_subscription_id'))

    op.drop_table('subscription_secrets')
    with op.batch_alter_table('seminar_survey_answers', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_seminar_survey_answers_seminar_id'))

    op.drop_table('seminar_survey_answers')
    op.drop_table('seminar_sessions')
    op.drop_table('seminar_questions')
    op.drop_table('seminar_places')
    with op.batch_alter_table('seminar_invitations', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_seminar_invitations_seminar_id'))

    op.drop_table('seminar_invitations')
    with op.batch_alter_table('seminar_delegations', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_seminar_delegations_seminar_id'))

    op.drop_table('seminar_delegations')
    with op.batch_alter_table('push_secrets', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_push_secrets_source_id'))

    op.drop_table('push_secrets')
    with op.batch_alter_table('push_deliveries', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_push_deliveries_received_at'))

    op.drop_table('push_deliveries')
    with op.batch_alter_table('internship_offers', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_internship_offers_host_id'))
        batch_op.drop_index(batch_op.f('ix_internship_offers_cohort_id'))
        batch_op.drop_index(batch_op.f('ix_internship_offers_agreement_id'))

    op.drop_table('internship_offers')
    with op.batch_alter_table('deliveries', schema=None) as batch_op:
        batch_op.drop_index('ix_deliveries_subscription_id_next_at')
        batch_op.drop_index(batch_op.f('ix_deliveries_next_at'))

    op.drop_table('deliveries')
    with op.batch_alter_table('comparison_choices', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_comparison_choices_cohort_id'))

    op.drop_table('comparison_choices')
    with op.batch_alter_table('agreement_parties', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_agreement_parties_institution_id'))

    op.drop_table('agreement_parties')
    with op.batch_alter_table('agreement_changes', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_agreement_changes_agreement_id'))

    op.drop_table('agreement_changes')
    with op.batch_alter_table('admissions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_admissions_person_id'))
        batch_op.drop_index(batch_op.f('ix_admissions_cohort_id'))

    op.drop_table('admissions')
    op.drop_table('subscriptions')
    op.drop_table('seminars')
    op.drop_table('push_sources')
    with op.batch_alter_table('attendee_aliases', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attendee_aliases_value'))
        batch_op.drop_index(batch_op.f('ix_attendee_aliases_email_key'))

    op.drop_table('attendee_aliases')
    op.drop_table('agreements')
    # ### end Alembic commands ###
