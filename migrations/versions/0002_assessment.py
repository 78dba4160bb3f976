"""Assessment: the bank, plans and sheets, steps and receipts, second marking, corrections of keys."""

import sqlalchemy as sa
from alembic import op

import lms.foundation.database

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('media',
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.String(length=8), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('added_at', lms.foundation.database.Instant(), nullable=False),
    sa.PrimaryKeyConstraint('sha256', name=op.f('pk_media'))
    )
    op.create_table('sheet_questions',
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_sheet_questions'))
    )
    op.create_table('sheets',
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('by_hand', sa.Boolean(), nullable=False),
    sa.Column('asks', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('digest', name=op.f('pk_sheets'))
    )
    op.create_table('bank_categories',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('programme', sa.String(length=60), nullable=False),
    sa.Column('institution_id', sa.Integer(), nullable=True),
    sa.Column('made_at', lms.foundation.database.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['institution_id'], ['institutions.id'], name=op.f('fk_bank_categories_institution_id_institutions')),
    sa.ForeignKeyConstraint(['parent_id'], ['bank_categories.id'], name=op.f('fk_bank_categories_parent_id_bank_categories')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bank_categories'))
    )
    with op.batch_alter_table('bank_categories', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_bank_categories_parent_id'), ['parent_id'], unique=False)

    op.create_table('bank_changes',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('deed', sa.String(length=40), nullable=False),
    sa.Column('before', sa.Text(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('made_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('undone_at', lms.foundation.database.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['author_id'], ['people.id'], name=op.f('fk_bank_changes_author_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bank_changes'))
    )
    op.create_table('bank_imports',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('file_name', sa.String(length=200), nullable=False),
    sa.Column('file_hash', sa.String(length=64), nullable=False),
    sa.Column('format', sa.String(length=20), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('imported_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('undone_at', lms.foundation.database.Instant(), nullable=True),
    sa.Column('undone_by', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['author_id'], ['people.id'], name=op.f('fk_bank_imports_author_id_people')),
    sa.ForeignKeyConstraint(['undone_by'], ['people.id'], name=op.f('fk_bank_imports_undone_by_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bank_imports'))
    )
    with op.batch_alter_table('bank_imports', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_bank_imports_file_hash'), ['file_hash'], unique=False)

    op.create_table('saved_comments',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('subject', sa.String(length=60), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=False),
    sa.Column('shared', sa.Boolean(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('made_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('replaces', sa.Integer(), nullable=True),
    sa.Column('retired_at', lms.foundation.database.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['owner_id'], ['people.id'], name=op.f('fk_saved_comments_owner_id_people')),
    sa.ForeignKeyConstraint(['replaces'], ['saved_comments.id'], name=op.f('fk_saved_comments_replaces_saved_comments')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_comments'))
    )
    with op.batch_alter_table('saved_comments', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_saved_comments_subject'), ['subject'], unique=False)

    op.create_table('bank_questions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=80), nullable=False),
    sa.Column('category_id', sa.Integer(), nullable=False),
    sa.Column('latest', sa.Integer(), nullable=False),
    sa.Column('ready', sa.Integer(), nullable=False),
    sa.Column('made_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('retired_at', lms.foundation.database.Instant(), nullable=True),
    sa.Column('import_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['category_id'], ['bank_categories.id'], name=op.f('fk_bank_questions_category_id_bank_categories')),
    sa.ForeignKeyConstraint(['import_id'], ['bank_imports.id'], name=op.f('fk_bank_questions_import_id_bank_imports')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bank_questions')),
    sa.UniqueConstraint('code', name=op.f('uq_bank_questions_code'))
    )
    with op.batch_alter_table('bank_questions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_bank_questions_category_id'), ['category_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_bank_questions_import_id'), ['import_id'], unique=False)

    op.create_table('claims',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('tag', sa.String(length=100), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('marker_id', sa.Integer(), nullable=False),
    sa.Column('claimed_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('expires_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('given_by', sa.Integer(), nullable=True),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('ended_at', lms.foundation.database.Instant(), nullable=True),
    sa.Column('why', sa.String(length=10), nullable=False),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_claims_cohort_id_cohorts')),
    sa.ForeignKeyConstraint(['given_by'], ['people.id'], name=op.f('fk_claims_given_by_people')),
    sa.ForeignKeyConstraint(['marker_id'], ['people.id'], name=op.f('fk_claims_marker_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_claims'))
    )
    with op.batch_alter_table('claims', schema=None) as batch_op:
        batch_op.create_index('ix_claims_cohort_id_ended_at', ['cohort_id', 'ended_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_claims_tag'), ['tag'], unique=False)

    op.create_table('comment_uses',
    sa.Column('comment_id', sa.Integer(), nullable=False),
    sa.Column('marking_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['comment_id'], ['saved_comments.id'], name=op.f('fk_comment_uses_comment_id_saved_comments')),
    sa.PrimaryKeyConstraint('comment_id', 'marking_id', name=op.f('pk_comment_uses'))
    )
    op.create_table('key_corrections',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('module', sa.String(length=20), nullable=False),
    sa.Column('question', sa.String(length=80), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('corrected_at', lms.foundation.database.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['people.id'], name=op.f('fk_key_corrections_author_id_people')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_key_corrections_cohort_id_cohorts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_key_corrections'))
    )
    with op.batch_alter_table('key_corrections', schema=None) as batch_op:
        batch_op.create_index('ix_key_corrections_cohort_id_module', ['cohort_id', 'module'], unique=False)

    op.create_table('opinions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('tag', sa.String(length=100), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('module', sa.String(length=20), nullable=False),
    sa.Column('item', sa.String(length=10), nullable=False),
    sa.Column('role', sa.String(length=10), nullable=False),
    sa.Column('points', lms.foundation.database.Exact(length=60), nullable=False),
    sa.Column('out_of', lms.foundation.database.Exact(length=60), nullable=False),
    sa.Column('levels', sa.Text(), nullable=False),
    sa.Column('feedback', sa.Text(), nullable=False),
    sa.Column('marker_id', sa.Integer(), nullable=False),
    sa.Column('institution_id', sa.Integer(), nullable=True),
    sa.Column('marked_at', lms.foundation.database.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_opinions_cohort_id_cohorts')),
    sa.ForeignKeyConstraint(['institution_id'], ['institutions.id'], name=op.f('fk_opinions_institution_id_institutions')),
    sa.ForeignKeyConstraint(['marker_id'], ['people.id'], name=op.f('fk_opinions_marker_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_opinions'))
    )
    with op.batch_alter_table('opinions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_opinions_cohort_id'), ['cohort_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_opinions_tag'), ['tag'], unique=False)

    op.create_table('planned_releases',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('module', sa.String(length=20), nullable=False),
    sa.Column('item', sa.String(length=10), nullable=False),
    sa.Column('at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('planned_by', sa.Integer(), nullable=False),
    sa.Column('planned_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('withdrawn_at', lms.foundation.database.Instant(), nullable=True),
    sa.Column('done_at', lms.foundation.database.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_planned_releases_cohort_id_cohorts')),
    sa.ForeignKeyConstraint(['planned_by'], ['people.id'], name=op.f('fk_planned_releases_planned_by_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_planned_releases'))
    )
    with op.batch_alter_table('planned_releases', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_planned_releases_cohort_id'), ['cohort_id'], unique=False)

    op.create_table('quiz_overrides',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('module', sa.String(length=20), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('institution_id', sa.Integer(), nullable=True),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('made_at', lms.foundation.database.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['people.id'], name=op.f('fk_quiz_overrides_author_id_people')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_quiz_overrides_cohort_id_cohorts')),
    sa.ForeignKeyConstraint(['institution_id'], ['institutions.id'], name=op.f('fk_quiz_overrides_institution_id_institutions')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_quiz_overrides_person_id_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quiz_overrides'))
    )
    with op.batch_alter_table('quiz_overrides', schema=None) as batch_op:
        batch_op.create_index('ix_quiz_overrides_cohort_id_module', ['cohort_id', 'module'], unique=False)

    op.create_table('quiz_plans',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('module', sa.String(length=20), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('planned_at', lms.foundation.database.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['people.id'], name=op.f('fk_quiz_plans_author_id_people')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_quiz_plans_cohort_id_cohorts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_quiz_plans'))
    )
    with op.batch_alter_table('quiz_plans', schema=None) as batch_op:
        batch_op.create_index('ix_quiz_plans_cohort_id_module', ['cohort_id', 'module'], unique=False)

    op.create_table('rubric_versions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('module', sa.String(length=20), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('made_at', lms.foundation.database.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['people.id'], name=op.f('fk_rubric_versions_author_id_people')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_rubric_versions_cohort_id_cohorts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rubric_versions'))
    )
    with op.batch_alter_table('rubric_versions', schema=None) as batch_op:
        batch_op.create_index('ix_rubric_versions_cohort_id_module', ['cohort_id', 'module'], unique=False)

    op.create_table('second_plans',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('module', sa.String(length=20), nullable=False),
    sa.Column('item', sa.String(length=10), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('planned_at', lms.foundation.database.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['people.id'], name=op.f('fk_second_plans_author_id_people')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_second_plans_cohort_id_cohorts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_second_plans'))
    )
    with op.batch_alter_table('second_plans', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_second_plans_cohort_id'), ['cohort_id'], unique=False)

    op.create_table('task_rules',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('module', sa.String(length=20), nullable=False),
    sa.Column('content', sa.String(length=60), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('made_at', lms.foundation.database.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['people.id'], name=op.f('fk_task_rules_author_id_people')),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_task_rules_cohort_id_cohorts')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_task_rules'))
    )
    with op.batch_alter_table('task_rules', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_task_rules_cohort_id'), ['cohort_id'], unique=False)

    op.create_table('work_items',
    sa.Column('tag', sa.String(length=100), nullable=False),
    sa.Column('place', sa.String(length=40), nullable=False),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('module', sa.String(length=20), nullable=False),
    sa.Column('item', sa.String(length=10), nullable=False),
    sa.Column('question', sa.String(length=80), nullable=False),
    sa.Column('work_id', sa.Integer(), nullable=False),
    sa.Column('handed_in_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('due_at', lms.foundation.database.Instant(), nullable=True),
    sa.Column('sort_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('shuffle', sa.BigInteger(), nullable=False),
    sa.Column('need', sa.String(length=8), nullable=False),
    sa.Column('first_by', sa.Integer(), nullable=True),
    sa.Column('second_by', sa.Integer(), nullable=True),
    sa.Column('not_place', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['cohort_id'], ['cohorts.id'], name=op.f('fk_work_items_cohort_id_cohorts')),
    sa.ForeignKeyConstraint(['person_id'], ['people.id'], name=op.f('fk_work_items_person_id_people')),
    sa.PrimaryKeyConstraint('tag', name=op.f('pk_work_items'))
    )
    with op.batch_alter_table('work_items', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_work_items_cohort_id'), ['cohort_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_work_items_place'), ['place'], unique=False)

    op.create_table('bank_tags',
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('tag', sa.String(length=60), nullable=False),
    sa.ForeignKeyConstraint(['question_id'], ['bank_questions.id'], name=op.f('fk_bank_tags_question_id_bank_questions')),
    sa.PrimaryKeyConstraint('question_id', 'key', name=op.f('pk_bank_tags'))
    )
    with op.batch_alter_table('bank_tags', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_bank_tags_key'), ['key'], unique=False)

    op.create_table('bank_uses',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=True),
    sa.Column('category_id', sa.Integer(), nullable=True),
    sa.Column('cohort_id', sa.Integer(), nullable=False),
    sa.Column('module', sa.String(length=20), nullable=False),
    sa.Column('words', sa.String(length=200), nullable=False),
    sa.Column('used_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('ended_at', lms.foundation.database.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['category_id'], ['bank_categories.id'], name=op.f('fk_bank_uses_category_id_bank_categories')),
    sa.ForeignKeyConstraint(['question_id'], ['bank_questions.id'], name=op.f('fk_bank_uses_question_id_bank_questions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bank_uses'))
    )
    with op.batch_alter_table('bank_uses', schema=None) as batch_op:
        batch_op.create_index('ix_bank_uses_cohort_id_module', ['cohort_id', 'module'], unique=False)
        batch_op.create_index(batch_op.f('ix_bank_uses_question_id'), ['question_id'], unique=False)

    op.create_table('bank_versions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('status', sa.String(length=10), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('search_key', sa.Text(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=True),
    sa.Column('written_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.ForeignKeyConstraint(['author_id'], ['people.id'], name=op.f('fk_bank_versions_author_id_people')),
    sa.ForeignKeyConstraint(['question_id'], ['bank_questions.id'], name=op.f('fk_bank_versions_question_id_bank_questions')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bank_versions')),
    sa.UniqueConstraint('question_id', 'number', name=op.f('uq_bank_versions_question_id_number'))
    )
    with op.batch_alter_table('bank_versions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_bank_versions_author_id'), ['author_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_bank_versions_digest'), ['digest'], unique=False)

    op.create_table('rescue_files',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('attempt_id', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('accepted', sa.Integer(), nullable=False),
    sa.Column('keys', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('decided_by', sa.Integer(), nullable=False),
    sa.Column('decided_at', lms.foundation.database.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempts.id'], name=op.f('fk_rescue_files_attempt_id_attempts')),
    sa.ForeignKeyConstraint(['decided_by'], ['people.id'], name=op.f('fk_rescue_files_decided_by_people')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rescue_files')),
    sa.UniqueConstraint('attempt_id', 'sha256', name=op.f('uq_rescue_files_attempt_id_sha256'))
    )
    op.create_table('sheet_draws',
    sa.Column('attempt_id', sa.Integer(), nullable=False),
    sa.Column('question_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['attempt_id'], ['attempts.id'], name=op.f('fk_sheet_draws_attempt_id_attempts')),
    sa.PrimaryKeyConstraint('attempt_id', 'question_id', name=op.f('pk_sheet_draws'))
    )
    op.create_table('decisions',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('tag', sa.String(length=100), nullable=False),
    sa.Column('marking_id', sa.Integer(), nullable=False),
    sa.Column('rule', sa.String(length=10), nullable=False),
    sa.ForeignKeyConstraint(['marking_id'], ['markings.id'], name=op.f('fk_decisions_marking_id_markings')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decisions'))
    )
    with op.batch_alter_table('decisions', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_decisions_tag'), ['tag'], unique=False)

    op.create_table('looks_again',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('marking_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=20), nullable=False),
    sa.Column('asked_by', sa.Integer(), nullable=False),
    sa.Column('asked_at', lms.foundation.database.Instant(), nullable=False),
    sa.ForeignKeyConstraint(['asked_by'], ['people.id'], name=op.f('fk_looks_again_asked_by_people')),
    sa.ForeignKeyConstraint(['marking_id'], ['markings.id'], name=op.f('fk_looks_again_marking_id_markings')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_looks_again'))
    )
    with op.batch_alter_table('looks_again', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_looks_again_marking_id'), ['marking_id'], unique=False)

    op.create_table('pins',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('tag', sa.String(length=100), nullable=False),
    sa.Column('author_id', sa.Integer(), nullable=False),
    sa.Column('comment', sa.Text(), nullable=False),
    sa.Column('start', sa.Integer(), nullable=True),
    sa.Column('end', sa.Integer(), nullable=True),
    sa.Column('quote', sa.Text(), nullable=False),
    sa.Column('file_id', sa.Integer(), nullable=True),
    sa.Column('page', sa.Integer(), nullable=True),
    sa.Column('x', sa.Integer(), nullable=True),
    sa.Column('y', sa.Integer(), nullable=True),
    sa.Column('pinned_at', lms.foundation.database.Instant(), nullable=False),
    sa.Column('taken_back_at', lms.foundation.database.Instant(), nullable=True),
    sa.ForeignKeyConstraint(['author_id'], ['people.id'], name=op.f('fk_pins_author_id_people')),
    sa.ForeignKeyConstraint(['file_id'], ['submission_files.id'], name=op.f('fk_pins_file_id_submission_files')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pins'))
    )
    with op.batch_alter_table('pins', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_pins_tag'), ['tag'], unique=False)

    with op.batch_alter_table('answers', schema=None) as batch_op:
        batch_op.add_column(sa.Column('act', sa.String(length=10), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('certainty', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('client_at', lms.foundation.database.Instant(), nullable=True))
        batch_op.add_column(sa.Column('ahead', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('sequence', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('chain', sa.String(length=64), nullable=True))
        batch_op.create_index('ix_answers_attempt_id_question', ['attempt_id', 'question'], unique=False)
        batch_op.create_unique_constraint(batch_op.f('uq_answers_attempt_id_sequence'), ['attempt_id', 'sequence'])

    with op.batch_alter_table('attempts', schema=None) as batch_op:
        batch_op.add_column(sa.Column('sheet', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('grace_until', lms.foundation.database.Instant(), nullable=True))
        batch_op.add_column(sa.Column('page', sa.Integer(), nullable=False, server_default='1'))
        batch_op.create_foreign_key(batch_op.f('fk_attempts_sheet_sheets'), 'sheets', ['sheet'], ['digest'])

    with op.batch_alter_table('submissions', schema=None) as batch_op:
        batch_op.add_column(sa.Column('late', sa.String(length=60), nullable=False, server_default=''))


def downgrade() -> None:
    with op.batch_alter_table('submissions', schema=None) as batch_op:
        batch_op.drop_column('late')

    with op.batch_alter_table('attempts', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_attempts_sheet_sheets'), type_='foreignkey')
        batch_op.drop_column('page')
        batch_op.drop_column('grace_until')
        batch_op.drop_column('sheet')

    with op.batch_alter_table('answers', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_answers_attempt_id_sequence'), type_='unique')
        batch_op.drop_index('ix_answers_attempt_id_question')
        batch_op.drop_column('chain')
        batch_op.drop_column('sequence')
        batch_op.drop_column('ahead')
        batch_op.drop_column('client_at')
        batch_op.drop_column('certainty')
        batch_op.drop_column('act')

    with op.batch_alter_table('pins', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_pins_tag'))

    op.drop_table('pins')
    with op.batch_alter_table('looks_again', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_looks_again_marking_id'))

    op.drop_table('looks_again')
    with op.batch_alter_table('decisions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_decisions_tag'))

    op.drop_table('decisions')
    op.drop_table('sheet_draws')
    op.drop_table('rescue_files')
    with op.batch_alter_table('bank_versions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_bank_versions_digest'))
        batch_op.drop_index(batch_op.f('ix_bank_versions_author_id'))

    op.drop_table('bank_versions')
    with op.batch_alter_table('bank_uses', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_bank_uses_question_id'))
        batch_op.drop_index('ix_bank_uses_cohort_id_module')

    op.drop_table('bank_uses')
    with op.batch_alter_table('bank_tags', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_bank_tags_key'))

    op.drop_table('bank_tags')
    with op.batch_alter_table('work_items', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_work_items_place'))
        batch_op.drop_index(batch_op.f('ix_work_items_cohort_id'))

    op.drop_table('work_items')
    with op.batch_alter_table('task_rules', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_task_rules_cohort_id'))

    op.drop_table('task_rules')
    with op.batch_alter_table('second_plans', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_second_plans_cohort_id'))

    op.drop_table('second_plans')
    with op.batch_alter_table('rubric_versions', schema=None) as batch_op:
        batch_op.drop_index('ix_rubric_versions_cohort_id_module')

    op.drop_table('rubric_versions')
    with op.batch_alter_table('quiz_plans', schema=None) as batch_op:
        batch_op.drop_index('ix_quiz_plans_cohort_id_module')

    op.drop_table('quiz_plans')
    with op.batch_alter_table('quiz_overrides', schema=None) as batch_op:
        batch_op.drop_index('ix_quiz_overrides_cohort_id_module')

    op.drop_table('quiz_overrides')
    with op.batch_alter_table('planned_releases', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_planned_releases_cohort_id'))

    op.drop_table('planned_releases')
    with op.batch_alter_table('opinions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_opinions_tag'))
        batch_op.drop_index(batch_op.f('ix_opinions_cohort_id'))

    op.drop_table('opinions')
    with op.batch_alter_table('key_corrections', schema=None) as batch_op:
        batch_op.drop_index('ix_key_corrections_cohort_id_module')

    op.drop_table('key_corrections')
    op.drop_table('comment_uses')
    with op.batch_alter_table('claims', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_claims_tag'))
        batch_op.drop_index('ix_claims_cohort_id_ended_at')

    op.drop_table('claims')
    with op.batch_alter_table('bank_questions', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_bank_questions_import_id'))
        batch_op.drop_index(batch_op.f('ix_bank_questions_category_id'))

    op.drop_table('bank_questions')
    with op.batch_alter_table('saved_comments', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_saved_comments_subject'))

    op.drop_table('saved_comments')
    with op.batch_alter_table('bank_imports', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_bank_imports_file_hash'))

    op.drop_table('bank_imports')
    op.drop_table('bank_changes')
    with op.batch_alter_table('bank_categories', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_bank_categories_parent_id'))

    op.drop_table('bank_categories')
    op.drop_table('sheets')
    op.drop_table('sheet_questions')
    op.drop_table('media')
