"""The diploma from end to end."""

import sqlalchemy as sa
from alembic import op

import lms.foundation.database

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('editions',
    sa.Column('id', sa.String(length=64), nullable=False),
    sa.Column('programme', sa.String(length=60), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('loaded_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('sources', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_editions'))
    )
    with op.batch_alter_table('editions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_editions_programme'), ['programme'], unique=False)

    op.create_table('folio_series',
    sa.Column('series', sa.String(length=10), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('series', 'year', name=op.f('pk_folio_series'))
    )
    op.create_table('institutions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('short_name', sa.String(length=60), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('city', sa.String(length=120), nullable=False),
    sa.Column('sort_key', sa.String(length=220).with_variant(sa.String(length=220, collation='C'), 'postgresql'), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_institutions')),
    sa.UniqueConstraint('name', name=op.f('uq_institutions_name'))
    )
    with op.batch_alter_table('institutions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_institutions_sort_key'), ['sort_key'], unique=False)

    op.create_table('outbox_jobs',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('payload', sa.Text(), nullable=False),
    sa.Column('created_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('run_after', lms.foundation.database.Instant(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('done_at', lms.foundation.database.Instant(), nullable=True),
    sa.Column('dead_at', lms.foundation.database.Instant(), nullable=True),
    sa.Column('last_error', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox_jobs'))
    )
    with op.batch_alter_table('outbox_jobs', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_outbox_jobs_run_after'), ['run_after'], unique=False)

    op.create_table('people',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('email_key', sa.String(length=254), nullable=False),
    sa.Column('given_names', sa.String(length=120), nullable=False),
    sa.Column('surname1', sa.String(length=80), nullable=False),
    sa.Column('surname2', sa.String(length=80), nullable=True),
    sa.Column('preferred_name', sa.String(length=120), nullable=True),
    sa.Column('treatment', sa.String(length=20), nullable=True),
    sa.Column('certificate_name', sa.String(length=200), nullable=True),
    sa.Column('certificate_name_confirmed_at', lms.foundation.database.Instant(), nullable=True),
    sa.Column('sort_key', sa.String(length=300).with_variant(sa.String(length=300, collation='C'), 'postgresql'), nullable=False),
    sa.Column('search_key', sa.String(length=300), nullable=False),
    sa.Column('password_hash', sa.String(length=200), nullable=True),
    sa.Column('language', sa.String(length=8), nullable=False),
    sa.Column('time_zone', sa.String(length=60), nullable=True),
    sa.Column('created_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('closed_at', lms.foundation.database.Instant(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_people')),
    sa.UniqueConstraint('email', name=op.f('uq_people_email')),
    sa.UniqueConstraint('email_key', name=op.f('uq_people_email_key'))
    )
    with op.batch_alter_table('people', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_people_sort_key'), ['sort_key'], unique=False)

    op.create_table('sign_in_failures',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('at', lms.foundation.database.Instant(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_failures'))
    )
    with op.batch_alter_table('sign_in_failures', schema=None) as batch_op:
        batch_op.create_index('ix_sign_in_failures_key_at', ['key', 'at'], unique=False)

    op.create_table('affiliations',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('institution_id', sa.Integer(), nullable=False),
    sa.Column('office', sa.String(length=120), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['institution_id'], ['institutions.id'], name=op.f('fk_affiliations_institution_id_institutions')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_affiliations_person_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_affiliations'))
    )
    with op.batch_alter_table('affiliations', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_affiliations_institution_id'), ['institution_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_affiliations_person_id'), ['person_id'], unique=False)

    op.create_table('audit_lines',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('deed', sa.String(length=60), nullable=False),
    sa.Column('subject', sa.String(length=120), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=True),
    sa.Column('detail', sa.Text(), nullable=False),
    sa.Column('request_id', sa.String(length=32), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['people.id'], name=op.f('fk_audit_lines_actor_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_lines'))
    )
    with op.batch_alter_table('audit_lines', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_lines_actor_id'), ['actor_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_lines_at'), ['at'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_lines_cohort_id'), ['cohort_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_lines_deed'), ['deed'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_lines_subject'), ['subject'], unique=False)

    op.create_table('cohorts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('edition_id', sa.String(length=64), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('time_zone', sa.String(length=60), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('created_at', lms.foundation.database.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['edition_id'], ['editions.id'], name=op.f('fk_cohorts_edition_id_editions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_cohorts')),
    sa.UniqueConstraint('code', name=op.f('uq_cohorts_code'))
    )
    op.create_table('one_time_links',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('purpose', sa.String(length=20), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('created_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('expires_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('used_at', lms.foundation.database.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_one_time_links_person_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_one_time_links')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_one_time_links_token_hash'))
    )
    with op.batch_alter_table('one_time_links', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_one_time_links_person_id'), ['person_id'], unique=False)

    op.create_table('person_identifiers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('value', sa.String(length=40), nullable=False),
    sa.Column('recorded_at', lms.foundation.database.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_person_identifiers_person_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person_identifiers')),
    sa.UniqueConstraint('kind', 'country', 'value', name=op.f('uq_person_identifiers_kind_country_value'))
    )
    with op.batch_alter_table('person_identifiers', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_person_identifiers_person_id'), ['person_id'], unique=False)

    op.create_table('user_sessions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.String(length=64), nullable=False),
    sa.Column('device', sa.String(length=120), nullable=False),
    sa.Column('created_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('seen_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('expires_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('ended_at', lms.foundation.database.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_user_sessions_person_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_user_sessions')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_user_sessions_token_hash'))
    )
    with op.batch_alter_table('user_sessions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_user_sessions_person_id'), ['person_id'], unique=False)

    op.create_table('attempts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('module', sa.String(length=20), nullable=False),
    sa.Column('edition_id', sa.String(length=64), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('seed', sa.Integer(), nullable=False),
    sa.Column('started_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('ends_at', lms.foundation.database.Instant(), nullable=True),
    sa.Column('submitted_at', lms.foundation.database.Instant(), nullable=True),
    sa.Column('by_clock', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_attempts_cohort_id_cohorts')),
    sa.ForeignKeyConstraint(['edition_id'], ['editions.id'], name=op.f('fk_attempts_edition_id_editions')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_attempts_person_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attempts')),
    sa.UniqueConstraint('cohort_id', 'person_id', 'module', 'number', name=op.f('uq_attempts_cohort_id_person_id_module_number'))
    )
    with op.batch_alter_table('attempts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attempts_person_id'), ['person_id'], unique=False)

    op.create_table('calendar_steps',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('module', sa.String(length=20), nullable=False),
    sa.Column('opens', sa.String(length=20), nullable=True),
    sa.Column('quiz_due', sa.String(length=20), nullable=True),
    sa.Column('task_due', sa.String(length=20), nullable=True),
    sa.Column('after', sa.String(length=40), nullable=True),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_calendar_steps_cohort_id_cohorts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_calendar_steps')),
    sa.UniqueConstraint('cohort_id', 'module', name=op.f('uq_calendar_steps_cohort_id_module'))
    )
    op.create_table('certificates',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('series', sa.String(length=10), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('folio', sa.String(length=40), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('module', sa.String(length=20), nullable=True),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('snapshot', sa.Text(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('issued_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('issued_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_certificates_cohort_id_cohorts')),
    sa.ForeignKeyConstraint(['issued_by'], ['people.id'], name=op.f('fk_certificates_issued_by_people')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_certificates_person_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificates')),
    sa.UniqueConstraint('code', name=op.f('uq_certificates_code')),
    sa.UniqueConstraint('folio', name=op.f('uq_certificates_folio')),
    sa.UniqueConstraint('series', 'year', 'number', name=op.f('uq_certificates_series_year_number')),
    sa.UniqueConstraint('sha256', name=op.f('uq_certificates_sha256'))
    )
    with op.batch_alter_table('certificates', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_certificates_cohort_id'), ['cohort_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_certificates_person_id'), ['person_id'], unique=False)

    op.create_table('cohort_partners',
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('institution_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_cohort_partners_cohort_id_cohorts')),
    sa.ForeignKeyConstraint(['institution_id'], ['institutions.id'], name=op.f('fk_cohort_partners_institution_id_institutions')),
    sa.PrimaryKeyConstraint('cohort_id', 'institution_id', name=op.f('pk_cohort_partners'))
    )
    op.create_table('credits',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(length=60), nullable=False),
    sa.Column('reference', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.String(length=12), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('hours', lms.foundation.database.Exact(length=60), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('recorded_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('recorded_by', sa.Integer(), nullable=True),
    sa.Column('withdraws_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_credits_cohort_id_cohorts')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_credits_person_id_people')),
    sa.ForeignKeyConstraint(['recorded_by'], ['people.id'], name=op.f('fk_credits_recorded_by_people')),
    sa.ForeignKeyConstraint(['withdraws_id'], ['credits.id'], name=op.f('fk_credits_withdraws_id_credits')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_credits')),
    sa.UniqueConstraint('source', 'reference', name=op.f('uq_credits_source_reference')),
    sa.UniqueConstraint('withdraws_id', name=op.f('uq_credits_withdraws_id'))
    )
    with op.batch_alter_table('credits', schema=None) as batch_op:
        batch_op.create_index('ix_credits_cohort_id_person_id', ['cohort_id', 'person_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_credits_person_id'), ['person_id'], unique=False)

    op.create_table('extensions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('module', sa.String(length=20), nullable=False),
    sa.Column('item', sa.String(length=10), nullable=False),
    sa.Column('due_local', sa.String(length=20), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('given_at', lms.foundation.database.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['people.id'], name=op.f('fk_extensions_author_id_people')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_extensions_cohort_id_cohorts')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_extensions_person_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_extensions'))
    )
    with op.batch_alter_table('extensions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_extensions_person_id'), ['person_id'], unique=False)

    op.create_table('lesson_reads',
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('module', sa.String(length=20), nullable=False),
    sa.Column('lesson', sa.String(length=80), nullable=False),
    sa.Column('read_at', lms.foundation.database.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_lesson_reads_cohort_id_cohorts')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_lesson_reads_person_id_people')),
    sa.PrimaryKeyConstraint('cohort_id', 'person_id', 'module', 'lesson', name=op.f('pk_lesson_reads'))
    )
    op.create_table('posts',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=True),
    sa.Column('institution_id', sa.Integer(), nullable=True),
    sa.Column('module', sa.String(length=20), nullable=True),
    sa.Column('granted_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('granted_by', sa.Integer(), nullable=True),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('ended_at', lms.foundation.database.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_posts_cohort_id_cohorts')),
    sa.ForeignKeyConstraint(['granted_by'], ['people.id'], name=op.f('fk_posts_granted_by_people')),
    sa.ForeignKeyConstraint(['institution_id'], ['institutions.id'], name=op.f('fk_posts_institution_id_institutions')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_posts_person_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_posts'))
    )
    with op.batch_alter_table('posts', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_posts_cohort_id'), ['cohort_id'], unique=False)
        batch_op.create_index('ix_posts_person_id_role', ['person_id', 'role'], unique=False)

    op.create_table('releases',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('module', sa.String(length=20), nullable=False),
    sa.Column('item', sa.String(length=10), nullable=False),
    sa.Column('released_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('released_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_releases_cohort_id_cohorts')),
    sa.ForeignKeyConstraint(['released_by'], ['people.id'], name=op.f('fk_releases_released_by_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_releases'))
    )
    with op.batch_alter_table('releases', schema=None) as batch_op:
        batch_op.create_index('ix_releases_cohort_id_module', ['cohort_id', 'module'], unique=False)

    op.create_table('roster_batches',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('file_hash', sa.String(length=64), nullable=False),
    sa.Column('rows', sa.Text(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('imported_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('undone_at', lms.foundation.database.Instant(), nullable=True),
    sa.Column('undone_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['author_id'], ['people.id'], name=op.f('fk_roster_batches_author_id_people')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_roster_batches_cohort_id_cohorts')),
    sa.ForeignKeyConstraint(['undone_by'], ['people.id'], name=op.f('fk_roster_batches_undone_by_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roster_batches'))
    )
    with op.batch_alter_table('roster_batches', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_roster_batches_cohort_id'), ['cohort_id'], unique=False)

    op.create_table('signatories',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('office', sa.String(length=160), nullable=False),
    sa.Column('institution', sa.String(length=200), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_signatories_cohort_id_cohorts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_signatories'))
    )
    with op.batch_alter_table('signatories', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_signatories_cohort_id'), ['cohort_id'], unique=False)

    op.create_table('source_pulls',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(length=60), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('pulled_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('taken', sa.Integer(), nullable=False),
    sa.Column('known', sa.Integer(), nullable=False),
    sa.Column('refused', sa.Text(), nullable=False),
    sa.Column('error', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_source_pulls_cohort_id_cohorts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_source_pulls'))
    )
    with op.batch_alter_table('source_pulls', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_source_pulls_source'), ['source'], unique=False)

    op.create_table('submissions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('module', sa.String(length=20), nullable=False),
    sa.Column('edition_id', sa.String(length=64), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('handed_in_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('due_at', lms.foundation.database.Instant(), nullable=True),
    sa.Column('receipt', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_submissions_cohort_id_cohorts')),
    sa.ForeignKeyConstraint(['edition_id'], ['editions.id'], name=op.f('fk_submissions_edition_id_editions')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_submissions_person_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_submissions')),
    sa.UniqueConstraint('cohort_id', 'person_id', 'module', 'version', name=op.f('uq_submissions_cohort_id_person_id_module_version'))
    )
    with op.batch_alter_table('submissions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_submissions_person_id'), ['person_id'], unique=False)

    op.create_table('answers',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('attempt_id', sa.Integer(), nullable=False),
    sa.Column('question', sa.String(length=80), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('saved_at', lms.foundation.database.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempts.id'], name=op.f('fk_answers_attempt_id_attempts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_answers')),
    sa.UniqueConstraint('attempt_id', 'key', name=op.f('uq_answers_attempt_id_key'))
    )
    op.create_table('certificate_ends',
    sa.Column('certificate_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('replaced_by_id', sa.Integer(), nullable=True),
    sa.Column('ended_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('ended_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificates.id'], name=op.f('fk_certificate_ends_certificate_id_certificates')),
    sa.ForeignKeyConstraint(['ended_by'], ['people.id'], name=op.f('fk_certificate_ends_ended_by_people')),
    sa.ForeignKeyConstraint(['replaced_by_id'], ['certificates.id'], name=op.f('fk_certificate_ends_replaced_by_id_certificates')),
    sa.PrimaryKeyConstraint('certificate_id', name=op.f('pk_certificate_ends'))
    )
    op.create_table('enrolments',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('institution_id', sa.Integer(), nullable=True),
    sa.Column('batch_id', sa.Integer(), nullable=True),
    sa.Column('enrolled_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('enrolled_by', sa.Integer(), nullable=True),
    sa.Column('withdrawn_at', lms.foundation.database.Instant(), nullable=True),
    sa.Column('withdrawn_why', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['roster_batches.id'], name=op.f('fk_enrolments_batch_id_roster_batches')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_enrolments_cohort_id_cohorts')),
    sa.ForeignKeyConstraint(['enrolled_by'], ['people.id'], name=op.f('fk_enrolments_enrolled_by_people')),
    sa.ForeignKeyConstraint(['institution_id'], ['institutions.id'], name=op.f('fk_enrolments_institution_id_institutions')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_enrolments_person_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_enrolments')),
    sa.UniqueConstraint('cohort_id', 'person_id', name=op.f('uq_enrolments_cohort_id_person_id'))
    )
    with op.batch_alter_table('enrolments', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_enrolments_person_id'), ['person_id'], unique=False)

    op.create_table('markings',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('attempt_id', sa.Integer(), nullable=True),
    sa.Column('question', sa.String(length=80), nullable=True),
    sa.Column('submission_id', sa.Integer(), nullable=True),
    sa.Column('points', lms.foundation.database.Exact(length=60), nullable=False),
    sa.Column('out_of', lms.foundation.database.Exact(length=60), nullable=False),
    sa.Column('levels', sa.Text(), nullable=False),
    sa.Column('feedback', sa.Text(), nullable=False),
    sa.Column('marker_id', sa.Integer(), nullable=True),
    sa.Column('marked_at', lms.foundation.database.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempts.id'], name=op.f('fk_markings_attempt_id_attempts')),
    sa.ForeignKeyConstraint(['marker_id'], ['people.id'], name=op.f('fk_markings_marker_id_people')),
    sa.ForeignKeyConstraint(['submission_id'], ['submissions.id'], name=op.f('fk_markings_submission_id_submissions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_markings'))
    )
    with op.batch_alter_table('markings', schema=None) as batch_op:
        batch_op.create_index('ix_markings_attempt_id', ['attempt_id'], unique=False)
        batch_op.create_index('ix_markings_submission_id', ['submission_id'], unique=False)

    op.create_table('submission_files',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('submission_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.ForeignKeyConstraint(['submission_id'], ['submissions.id'], name=op.f('fk_submission_files_submission_id_submissions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_submission_files'))
    )
    with op.batch_alter_table('submission_files', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_submission_files_submission_id'), ['submission_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('submission_files', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_submission_files_submission_id'))

    op.drop_table('submission_files')
    with op.batch_alter_table('markings', schema=None) as batch_op:
        batch_op.drop_index('ix_markings_submission_id')
        batch_op.drop_index('ix_markings_attempt_id')

    op.drop_table('markings')
    with op.batch_alter_table('enrolments', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_enrolments_person_id'))

    op.drop_table('enrolments')
    op.drop_table('certificate_ends')
    op.drop_table('answers')
    with op.batch_alter_table('submissions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_submissions_person_id'))

    op.drop_table('submissions')
    with op.batch_alter_table('source_pulls', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_source_pulls_source'))

    op.drop_table('source_pulls')
    with op.batch_alter_table('signatories', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_signatories_cohort_id'))

    op.drop_table('signatories')
    with op.batch_alter_table('roster_batches', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_roster_batches_cohort_id'))

    op.drop_table('roster_batches')
    with op.batch_alter_table('releases', schema=None) as batch_op:
        batch_op.drop_index('ix_releases_cohort_id_module')

    op.drop_table('releases')
    with op.batch_alter_table('posts', schema=None) as batch_op:
        batch_op.drop_index('ix_posts_person_id_role')
        batch_op.drop_index(batch_op.f('ix_posts_cohort_id'))

    op.drop_table('posts')
    op.drop_table('lesson_reads')
    with op.batch_alter_table('extensions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_extensions_person_id'))

    op.drop_table('extensions')
    with op.batch_alter_table('credits', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_credits_person_id'))
        batch_op.drop_index('ix_credits_cohort_id_person_id')

    op.drop_table('credits')
    op.drop_table('cohort_partners')
    with op.batch_alter_table('certificates', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_certificates_person_id'))
        batch_op.drop_index(batch_op.f('ix_certificates_cohort_id'))

    op.drop_table('certificates')
    op.drop_table('calendar_steps')
    with op.batch_alter_table('attempts', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attempts_person_id'))

    op.drop_table('attempts')
    with op.batch_alter_table('user_sessions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_user_sessions_person_id'))

    op.drop_table('user_sessions')
    with op.batch_alter_table('person_identifiers', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_person_identifiers_person_id'))

    op.drop_table('person_identifiers')
    with op.batch_alter_table('one_time_links', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_one_time_links_person_id'))

    op.drop_table('one_time_links')
    op.drop_table('cohorts')
    with op.batch_alter_table('audit_lines', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_audit_lines_subject'))
        batch_op.drop_index(batch_op.f('ix_audit_lines_deed'))
        batch_op.drop_index(batch_op.f('ix_audit_lines_cohort_id'))
        batch_op.drop_index(batch_op.f('ix_audit_lines_at'))
        batch_op.drop_index(batch_op.f('ix_audit_lines_actor_id'))

    op.drop_table('audit_lines')
    with op.batch_alter_table('affiliations', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_affiliations_person_id'))
        batch_op.drop_index(batch_op.f('ix_affiliations_institution_id'))

    op.drop_table('affiliations')
    with op.batch_alter_table('sign_in_failures', schema=None) as batch_op:
        batch_op.drop_index('ix_sign_in_failures_key_at')

    op.drop_table('sign_in_failures')
    with op.batch_alter_table('people', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_people_sort_key'))

    op.drop_table('people')
    with op.batch_alter_table('outbox_jobs', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_outbox_jobs_run_after'))

    op.drop_table('outbox_jobs')
    with op.batch_alter_table('institutions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_institutions_sort_key'))

    op.drop_table('institutions')
    op.drop_table('folio_series')
    with op.batch_alter_table('editions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_editions_programme'))

    op.drop_table('editions')
