"""The desk: what was known at the hand-over, canned replies, suggested replies, corrections."""

import sqlalchemy as sa
from alembic import op

import savoir.core.database

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('canned_reply',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('shortcut', sa.String(length=40), nullable=False),
    sa.Column('title_fr', sa.String(length=120), nullable=False),
    sa.Column('title_en', sa.String(length=120), nullable=False),
    sa.Column('text_fr', sa.Text(), nullable=False),
    sa.Column('text_en', sa.Text(), nullable=False),
    sa.Column('used', sa.Integer(), nullable=False),
    sa.Column('updated_by', sa.String(length=80), nullable=True),
    sa.Column('updated_at', savoir.core.database.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_canned_reply')),
    sa.UniqueConstraint('shortcut', name=op.f('uq_canned_reply_shortcut'))
    )

    op.create_table('handover_facts',
    sa.Column('conversation', sa.String(length=40), nullable=False),
    sa.Column('known', sa.JSON(), nullable=False),
    sa.Column('at', savoir.core.database.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['conversation'], ['conversation.id'], name=op.f('fk_handover_facts_conversation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('conversation', name=op.f('pk_handover_facts'))
    )

    op.create_table('reply_suggestion',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('conversation', sa.String(length=40), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('source', sa.String(length=10), nullable=False),
    sa.Column('reference', sa.String(length=120), nullable=False),
    sa.Column('outcome', sa.String(length=10), nullable=False),
    sa.Column('agent', sa.String(length=40), nullable=False),
    sa.Column('at', savoir.core.database.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['conversation'], ['conversation.id'], name=op.f('fk_reply_suggestion_conversation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_reply_suggestion')),
    sa.UniqueConstraint('conversation', 'seq', 'source', 'reference', name=op.f('uq_reply_suggestion_conversation_seq_source_reference'))
    )

    op.create_table('correction',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('conversation', sa.String(length=40), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('field', sa.String(length=12), nullable=False),
    sa.Column('assumed', sa.Text(), nullable=False),
    sa.Column('corrected', sa.Text(), nullable=False),
    sa.Column('agent', sa.String(length=40), nullable=False),
    sa.Column('at', savoir.core.database.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['conversation'], ['conversation.id'], name=op.f('fk_correction_conversation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_correction')),
    sa.UniqueConstraint('conversation', 'seq', 'field', name=op.f('uq_correction_conversation_seq_field'))
    )


def downgrade() -> None:
    for table in ('correction', 'reply_suggestion', 'handover_facts', 'canned_reply'):
        op.drop_table(table)
