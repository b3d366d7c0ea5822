"""People at work: what agents can do and whether they are there, queues and calendars, handling times, news, watching, invitations, the audit log."""

import sqlalchemy as sa
from alembic import op

import savoir.core.database

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('audit_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('at', savoir.core.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('actor', sa.String(length=40), nullable=True),
    sa.Column('actor_name', sa.String(length=80), nullable=False),
    sa.Column('action', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=30), nullable=False),
    sa.Column('subject', sa.String(length=60), nullable=False),
    sa.Column('before', sa.JSON(), nullable=True),
    sa.Column('after', sa.JSON(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_event'))
    )
    with op.batch_alter_table('audit_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_audit_event_actor'), ['actor'], unique=False)
        batch_op.create_index(batch_op.f('ix_audit_event_at'), ['at'], unique=False)
        batch_op.create_index('ix_audit_event_kind_subject', ['kind', 'subject'], unique=False)

    op.create_table('queue_exception',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('queue', sa.String(length=20), nullable=True),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('hours', sa.String(length=100), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_queue_exception')),
    sa.UniqueConstraint('queue', 'day', name=op.f('uq_queue_exception_queue_day'))
    )
    op.create_table('queue_settings',
    sa.Column('queue', sa.String(length=20), nullable=False),
    sa.Column('name_fr', sa.String(length=60), nullable=True),
    sa.Column('name_en', sa.String(length=60), nullable=True),
    sa.Column('assignment', sa.String(length=20), nullable=False),
    sa.Column('notice_minutes', sa.Float(), nullable=True),
    sa.Column('opening_hours', sa.String(length=300), nullable=True),
    sa.Column('holidays', sa.String(length=10), nullable=True),
    sa.PrimaryKeyConstraint('queue', name=op.f('pk_queue_settings'))
    )
    op.create_table('agent_news',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('agent', sa.String(length=40), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('conversation', sa.String(length=40), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('by', sa.String(length=80), nullable=False),
    sa.Column('at', savoir.core.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('read_at', savoir.core.database.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['agent'], ['agent.id'], name=op.f('fk_agent_news_agent'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['conversation'], ['conversation.id'], name=op.f('fk_agent_news_conversation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_agent_news')),
    sa.UniqueConstraint('agent', 'kind', 'conversation', 'seq', name=op.f('uq_agent_news_agent_kind_conversation_seq'))
    )
    with op.batch_alter_table('agent_news', schema=None) as batch_op:
        batch_op.create_index('ix_agent_news_agent_read_at', ['agent', 'read_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_agent_news_conversation'), ['conversation'], unique=False)

    op.create_table('agent_presence',
    sa.Column('agent', sa.String(length=40), nullable=False),
    sa.Column('chosen', sa.String(length=10), nullable=False),
    sa.Column('chosen_at', savoir.core.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('seen_at', savoir.core.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('left_at', savoir.core.database.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['agent'], ['agent.id'], name=op.f('fk_agent_presence_agent'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('agent', name=op.f('pk_agent_presence'))
    )
    op.create_table('handling',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('conversation', sa.String(length=40), nullable=False),
    sa.Column('agent', sa.String(length=40), nullable=False),
    sa.Column('queue', sa.String(length=20), nullable=True),
    sa.Column('taken_at', savoir.core.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('left_at', savoir.core.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('seconds', sa.Integer(), nullable=False),
    sa.Column('next', sa.String(length=10), nullable=False),
    sa.ForeignKeyConstraint(['conversation'], ['conversation.id'], name=op.f('fk_handling_conversation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_handling'))
    )
    with op.batch_alter_table('handling', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_handling_agent'), ['agent'], unique=False)
        batch_op.create_index(batch_op.f('ix_handling_conversation'), ['conversation'], unique=False)
        batch_op.create_index(batch_op.f('ix_handling_left_at'), ['left_at'], unique=False)

    op.create_table('invitation',
    sa.Column('token', sa.String(length=64), nullable=False),
    sa.Column('agent', sa.String(length=40), nullable=False),
    sa.Column('created_at', savoir.core.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('expires_at', savoir.core.database.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['agent'], ['agent.id'], name=op.f('fk_invitation_agent'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('token', name=op.f('pk_invitation'))
    )
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_invitation_agent'), ['agent'], unique=False)

    op.create_table('watch',
    sa.Column('conversation', sa.String(length=40), nullable=False),
    sa.Column('agent', sa.String(length=40), nullable=False),
    sa.Column('seen_seq', sa.Integer(), nullable=False),
    sa.Column('at', savoir.core.database.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['agent'], ['agent.id'], name=op.f('fk_watch_agent'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['conversation'], ['conversation.id'], name=op.f('fk_watch_conversation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('conversation', 'agent', name=op.f('pk_watch'))
    )
    with op.batch_alter_table('agent', schema=None) as batch_op:
        batch_op.add_column(sa.Column('queues', sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column('languages', sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column('capacity', sa.Integer(), server_default='5', nullable=False))

    with op.batch_alter_table('conversation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('told', sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column('noticed_at', savoir.core.database.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('customer_left_at', savoir.core.database.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('snoozed_at', savoir.core.database.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('snoozed_until', savoir.core.database.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('snoozed_seconds', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('outcome', sa.String(length=20), nullable=True))

    # who waits now has been told of it, and whose a conversation is knows
    op.execute("update conversation set told = 'open' where state = 'waiting'")
    op.execute("update conversation set noticed_at = taken_at where state = 'agent'")


def downgrade() -> None:
    op.execute("update conversation set state = 'resolved' where state = 'abandoned'")

    with op.batch_alter_table('conversation', schema=None) as batch_op:
        batch_op.drop_column('outcome')
        batch_op.drop_column('snoozed_seconds')
        batch_op.drop_column('snoozed_until')
        batch_op.drop_column('snoozed_at')
        batch_op.drop_column('customer_left_at')
        batch_op.drop_column('noticed_at')
        batch_op.drop_column('told')

    with op.batch_alter_table('agent', schema=None) as batch_op:
        batch_op.drop_column('capacity')
        batch_op.drop_column('languages')
        batch_op.drop_column('queues')

    op.drop_table('watch')
    with op.batch_alter_table('invitation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_invitation_agent'))

    op.drop_table('invitation')
    with op.batch_alter_table('handling', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_handling_left_at'))
        batch_op.drop_index(batch_op.f('ix_handling_conversation'))
        batch_op.drop_index(batch_op.f('ix_handling_agent'))

    op.drop_table('handling')
    op.drop_table('agent_presence')
    with op.batch_alter_table('agent_news', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_agent_news_conversation'))
        batch_op.drop_index('ix_agent_news_agent_read_at')

    op.drop_table('agent_news')
    op.drop_table('queue_settings')
    op.drop_table('queue_exception')
    with op.batch_alter_table('audit_event', schema=None) as batch_op:
        batch_op.drop_index('ix_audit_event_kind_subject')
        batch_op.drop_index(batch_op.f('ix_audit_event_at'))
        batch_op.drop_index(batch_op.f('ix_audit_event_actor'))

    op.drop_table('audit_event')
