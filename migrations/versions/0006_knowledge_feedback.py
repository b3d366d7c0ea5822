"""What was asked of the articles, what came of it, and what editors decided."""

import sqlalchemy as sa
from alembic import op

import savoir.core.database

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('asked_question',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=160), nullable=False),
    sa.Column('conversation', sa.String(length=40), nullable=True),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('product', sa.String(length=60), nullable=True),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('encoder', sa.String(length=40), nullable=False),
    sa.Column('vector', sa.LargeBinary(), nullable=False),
    sa.Column('outcome', sa.String(length=10), nullable=False),
    sa.Column('chosen', sa.String(length=80), nullable=True),
    sa.Column('helped', sa.Boolean(), nullable=True),
    sa.Column('agent', sa.String(length=40), nullable=True),
    sa.Column('asked_at', savoir.core.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('review', sa.String(length=10), nullable=True),
    sa.Column('review_article', sa.String(length=80), nullable=True),
    sa.Column('reviewed_by', sa.String(length=60), nullable=True),
    sa.Column('reviewed_at', savoir.core.database.UtcDateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_asked_question')),
    sa.UniqueConstraint('key', name=op.f('uq_asked_question_key'))
    )

    with op.batch_alter_table('asked_question', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_asked_question_conversation'), ['conversation'], unique=False)
        batch_op.create_index('ix_asked_question_review_asked_at', ['review', 'asked_at'], unique=False)

    op.create_table('offered_article',
    sa.Column('question', sa.Integer(), nullable=False),
    sa.Column('article', sa.String(length=80), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('place', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['question'], ['asked_question.id'], name=op.f('fk_offered_article_question'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('question', 'article', name=op.f('pk_offered_article'))
    )

    with op.batch_alter_table('offered_article', schema=None) as batch_op:
        batch_op.create_index('ix_offered_article_article', ['article'], unique=False)

    op.create_table('editor_decision',
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('subject', sa.String(length=180), nullable=False),
    sa.Column('decision', sa.String(length=10), nullable=False),
    sa.Column('article', sa.String(length=80), nullable=True),
    sa.Column('language', sa.String(length=2), nullable=True),
    sa.Column('agent', sa.String(length=60), nullable=False),
    sa.Column('at', savoir.core.database.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('kind', 'subject', name=op.f('pk_editor_decision'))
    )


def downgrade() -> None:
    op.drop_table('editor_decision')

    with op.batch_alter_table('offered_article', schema=None) as batch_op:
        batch_op.drop_index('ix_offered_article_article')

    op.drop_table('offered_article')

    with op.batch_alter_table('asked_question', schema=None) as batch_op:
        batch_op.drop_index('ix_asked_question_review_asked_at')
        batch_op.drop_index(batch_op.f('ix_asked_question_conversation'))

    op.drop_table('asked_question')
