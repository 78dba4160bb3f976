"""Grades and certificates: scales, recorded grades, actas, seals, batches, recognitions."""

import sqlalchemy as sa
from alembic import op

import lms.foundation.database

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None
KEPT = ('actas', 'acta_decisions', 'acta_submissions', 'acta_signatures', 'acta_ends', 'closed_actas')
WHY = 'a row of an acta is never changed nor deleted'


def upgrade() -> None:
    op.create_table('acta_series',
    sa.Column('year', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('year', name=op.f('pk_acta_series'))
    )
    op.create_table('seal_stamps',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('original', sa.String(length=64), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('level', sa.String(length=10), nullable=False),
    sa.Column('stamped_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('until', lms.foundation.database.Instant(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_seal_stamps')),
    sa.UniqueConstraint('original', 'number', name=op.f('uq_seal_stamps_original_number'))
    )
    with op.batch_alter_table('seal_stamps', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_seal_stamps_sha256'), ['sha256'], unique=False)

    op.create_table('scale_policies',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('country', sa.String(length=2), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('replaces', sa.String(length=60), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('made_by', sa.Integer(), nullable=True),
    sa.Column('made_at', lms.foundation.database.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['made_by'], ['people.id'], name=op.f('fk_scale_policies_made_by_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_scale_policies')),
    sa.UniqueConstraint('digest', name=op.f('uq_scale_policies_digest')),
    sa.UniqueConstraint('name', name=op.f('uq_scale_policies_name'))
    )
    op.create_table('actas',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('module', sa.String(length=20), nullable=False),
    sa.Column('rectifies', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('resolution', sa.String(length=200), nullable=False),
    sa.Column('opened_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('opened_by', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_actas_cohort_id_cohorts')),
    sa.ForeignKeyConstraint(['opened_by'], ['people.id'], name=op.f('fk_actas_opened_by_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_actas'))
    )
    with op.batch_alter_table('actas', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_actas_cohort_id'), ['cohort_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_actas_rectifies'), ['rectifies'], unique=False)

    op.create_table('certificate_batches',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('module', sa.String(length=20), nullable=True),
    sa.Column('people', sa.Text(), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('asked_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('asked_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['asked_by'], ['people.id'], name=op.f('fk_certificate_batches_asked_by_people')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_certificate_batches_cohort_id_cohorts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate_batches'))
    )
    with op.batch_alter_table('certificate_batches', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_certificate_batches_cohort_id'), ['cohort_id'], unique=False)

    op.create_table('grade_changes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('module', sa.String(length=20), nullable=False),
    sa.Column('item', sa.String(length=20), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('share', lms.foundation.database.Exact(length=60), nullable=True),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('at', lms.foundation.database.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['people.id'], name=op.f('fk_grade_changes_author_id_people')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_grade_changes_cohort_id_cohorts')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_grade_changes_person_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_grade_changes'))
    )
    with op.batch_alter_table('grade_changes', schema=None) as batch_op:
        batch_op.create_index('ix_grade_changes_cohort_id_person_id', ['cohort_id', 'person_id'], unique=False)

    op.create_table('policy_choices',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=10), nullable=False),
    sa.Column('policy_id', sa.Integer(), nullable=False),
    sa.Column('since', lms.foundation.database.Instant(), nullable=False),
    sa.Column('chosen_by', sa.Integer(), nullable=False),
    sa.Column('why', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['chosen_by'], ['people.id'], name=op.f('fk_policy_choices_chosen_by_people')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_policy_choices_cohort_id_cohorts')),
    sa.ForeignKeyConstraint(['policy_id'], ['scale_policies.id'], name=op.f('fk_policy_choices_policy_id_scale_policies')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_policy_choices'))
    )
    with op.batch_alter_table('policy_choices', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_policy_choices_cohort_id'), ['cohort_id'], unique=False)

    op.create_table('recognitions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('module', sa.String(length=20), nullable=False),
    sa.Column('equivalence', sa.String(length=40), nullable=False),
    sa.Column('study', sa.String(length=200), nullable=False),
    sa.Column('institution', sa.String(length=200), nullable=False),
    sa.Column('finished_on', sa.Date(), nullable=True),
    sa.Column('share', lms.foundation.database.Exact(length=60), nullable=True),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('file_kind', sa.String(length=10), nullable=False),
    sa.Column('file_size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('withdraws_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['author_id'], ['people.id'], name=op.f('fk_recognitions_author_id_people')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_recognitions_cohort_id_cohorts')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_recognitions_person_id_people')),
    sa.ForeignKeyConstraint(['withdraws_id'], ['recognitions.id'], name=op.f('fk_recognitions_withdraws_id_recognitions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recognitions')),
    sa.UniqueConstraint('withdraws_id', name=op.f('uq_recognitions_withdraws_id'))
    )
    with op.batch_alter_table('recognitions', schema=None) as batch_op:
        batch_op.create_index('ix_recognitions_cohort_id_person_id', ['cohort_id', 'person_id'], unique=False)

    op.create_table('requirement_exceptions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('requirement', sa.String(length=210), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('withdraws_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['author_id'], ['people.id'], name=op.f('fk_requirement_exceptions_author_id_people')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_requirement_exceptions_cohort_id_cohorts')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_requirement_exceptions_person_id_people')),
    sa.ForeignKeyConstraint(['withdraws_id'], ['requirement_exceptions.id'], name=op.f('fk_requirement_exceptions_withdraws_id_requirement_exceptions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_requirement_exceptions')),
    sa.UniqueConstraint('withdraws_id', name=op.f('uq_requirement_exceptions_withdraws_id'))
    )
    with op.batch_alter_table('requirement_exceptions', schema=None) as batch_op:
        batch_op.create_index('ix_requirement_exceptions_cohort_id_person_id', ['cohort_id', 'person_id'], unique=False)

    op.create_table('acta_decisions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('acta_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('attendance', lms.foundation.database.Exact(length=60), nullable=True),
    sa.Column('decided_by', sa.Integer(), nullable=False),
    sa.Column('decided_at', lms.foundation.database.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['acta_id'], ['actas.id'], name=op.f('fk_acta_decisions_acta_id_actas')),
    sa.ForeignKeyConstraint(['decided_by'], ['people.id'], name=op.f('fk_acta_decisions_decided_by_people')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_acta_decisions_person_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_acta_decisions'))
    )
    with op.batch_alter_table('acta_decisions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_acta_decisions_acta_id'), ['acta_id'], unique=False)

    op.create_table('acta_ends',
    sa.Column('acta_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('ended_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('ended_by', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['acta_id'], ['actas.id'], name=op.f('fk_acta_ends_acta_id_actas')),
    sa.ForeignKeyConstraint(['ended_by'], ['people.id'], name=op.f('fk_acta_ends_ended_by_people')),
    sa.PrimaryKeyConstraint('acta_id', name=op.f('pk_acta_ends'))
    )
    op.create_table('acta_submissions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('acta_id', sa.Integer(), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('submitted_by', sa.Integer(), nullable=False),
    sa.Column('submitted_at', lms.foundation.database.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['acta_id'], ['actas.id'], name=op.f('fk_acta_submissions_acta_id_actas')),
    sa.ForeignKeyConstraint(['submitted_by'], ['people.id'], name=op.f('fk_acta_submissions_submitted_by_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_acta_submissions'))
    )
    with op.batch_alter_table('acta_submissions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_acta_submissions_acta_id'), ['acta_id'], unique=False)

    op.create_table('certificate_outcomes',
    sa.Column('batch_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('certificate_id', sa.Integer(), nullable=True),
    sa.Column('problem', sa.Text(), nullable=False),
    sa.Column('at', lms.foundation.database.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['batch_id'], ['certificate_batches.id'], name=op.f('fk_certificate_outcomes_batch_id_certificate_batches')),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificates.id'], name=op.f('fk_certificate_outcomes_certificate_id_certificates')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_certificate_outcomes_person_id_people')),
    sa.PrimaryKeyConstraint('batch_id', 'person_id', name=op.f('pk_certificate_outcomes'))
    )
    op.create_table('acta_signatures',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('submission_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('signed_at', lms.foundation.database.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_acta_signatures_person_id_people')),
    sa.ForeignKeyConstraint(['submission_id'], ['acta_submissions.id'], name=op.f('fk_acta_signatures_submission_id_acta_submissions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_acta_signatures')),
    sa.UniqueConstraint('submission_id', 'person_id', name=op.f('uq_acta_signatures_submission_id_person_id'))
    )
    op.create_table('closed_actas',
    sa.Column('sequence', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('acta_id', sa.Integer(), nullable=False),
    sa.Column('submission_id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('module', sa.String(length=20), nullable=False),
    sa.Column('rectifies', sa.Integer(), nullable=True),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('folio', sa.String(length=40), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('snapshot', sa.Text(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('previous', sa.String(length=64), nullable=False),
    sa.Column('paper_sha256', sa.String(length=64), nullable=False),
    sa.Column('link', sa.String(length=64), nullable=False),
    sa.Column('kid', sa.String(length=64), nullable=False),
    sa.Column('signature', sa.String(length=200), nullable=False),
    sa.Column('closed_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('closed_by', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['acta_id'], ['actas.id'], name=op.f('fk_closed_actas_acta_id_actas')),
    sa.ForeignKeyConstraint(['closed_by'], ['people.id'], name=op.f('fk_closed_actas_closed_by_people')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_closed_actas_cohort_id_cohorts')),
    sa.ForeignKeyConstraint(['rectifies'], ['closed_actas.sequence'], name=op.f('fk_closed_actas_rectifies_closed_actas')),
    sa.ForeignKeyConstraint(['submission_id'], ['acta_submissions.id'], name=op.f('fk_closed_actas_submission_id_acta_submissions')),
    sa.PrimaryKeyConstraint('sequence', name=op.f('pk_closed_actas')),
    sa.UniqueConstraint('acta_id', name=op.f('uq_closed_actas_acta_id')),
    sa.UniqueConstraint('code', name=op.f('uq_closed_actas_code')),
    sa.UniqueConstraint('folio', name=op.f('uq_closed_actas_folio')),
    sa.UniqueConstraint('link', name=op.f('uq_closed_actas_link')),
    sa.UniqueConstraint('rectifies', name=op.f('uq_closed_actas_rectifies')),
    sa.UniqueConstraint('submission_id', name=op.f('uq_closed_actas_submission_id')),
    sa.UniqueConstraint('year', 'number', name=op.f('uq_closed_actas_year_number'))
    )
    with op.batch_alter_table('closed_actas', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_closed_actas_cohort_id'), ['cohort_id'], unique=False)

    with op.batch_alter_table('person_identifiers', schema=None) as batch_op:
        batch_op.add_column(sa.Column('declared', sa.Boolean(), nullable=False, server_default=sa.false()))

    # ### end Alembic commands ###
    if op.get_bind().dialect.name == 'postgresql':
        op.execute(f"""CREATE OR REPLACE FUNCTION acta_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{WHY}'; END $$""")
        for table in KEPT:
            op.execute(f"""CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}
FOR EACH STATEMENT EXECUTE FUNCTION acta_kept()""")
    else:
        for table in KEPT:
            for deed in ('update', 'delete'):
                op.execute(f"""CREATE TRIGGER {table}_no_{deed} BEFORE {deed} ON {table}
BEGIN SELECT RAISE(ABORT, '{WHY}'); END""")


def downgrade() -> None:
    with op.batch_alter_table('person_identifiers', schema=None) as batch_op:
        batch_op.drop_column('declared')

    with op.batch_alter_table('closed_actas', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_closed_actas_cohort_id'))

    op.drop_table('closed_actas')
    op.drop_table('acta_signatures')
    op.drop_table('certificate_outcomes')
    with op.batch_alter_table('acta_submissions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_acta_submissions_acta_id'))

    op.drop_table('acta_submissions')
    op.drop_table('acta_ends')
    with op.batch_alter_table('acta_decisions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_acta_decisions_acta_id'))

    op.drop_table('acta_decisions')
    with op.batch_alter_table('requirement_exceptions', schema=None) as batch_op:
        batch_op.drop_index('ix_requirement_exceptions_cohort_id_person_id')

    op.drop_table('requirement_exceptions')
    with op.batch_alter_table('recognitions', schema=None) as batch_op:
        batch_op.drop_index('ix_recognitions_cohort_id_person_id')

    op.drop_table('recognitions')
    with op.batch_alter_table('policy_choices', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_policy_choices_cohort_id'))

    op.drop_table('policy_choices')
    with op.batch_alter_table('grade_changes', schema=None) as batch_op:
        batch_op.drop_index('ix_grade_changes_cohort_id_person_id')

    op.drop_table('grade_changes')
    with op.batch_alter_table('certificate_batches', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_certificate_batches_cohort_id'))

    op.drop_table('certificate_batches')
    with op.batch_alter_table('actas', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_actas_rectifies'))
        batch_op.drop_index(batch_op.f('ix_actas_cohort_id'))

    op.drop_table('actas')
    op.drop_table('scale_policies')
    with op.batch_alter_table('seal_stamps', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_seal_stamps_sha256'))

    op.drop_table('seal_stamps')
    op.drop_table('acta_series')
    # ### end Alembic commands ###
    if op.get_bind().dialect.name == 'postgresql':
        op.execute('DROP FUNCTION IF EXISTS acta_kept() CASCADE')
