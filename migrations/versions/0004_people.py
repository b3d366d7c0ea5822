"""People: call-backs, silence, ratings, tickets that are added to, what is sent out, personal data."""

import sqlalchemy as sa
from alembic import op

import savoir.core.database

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('outbox_item',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=30), nullable=False),
    sa.Column('key', sa.String(length=160), nullable=False),
    sa.Column('payload', sa.JSON(), nullable=False),
    sa.Column('conversation', sa.String(length=40), nullable=True),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('claimed_by', sa.String(length=60), nullable=True),
    sa.Column('claimed_until', savoir.core.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('next_attempt_at', savoir.core.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('until', savoir.core.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('created_at', savoir.core.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('done_at', savoir.core.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('error', sa.String(length=200), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox_item')),
    sa.UniqueConstraint('key', name=op.f('uq_outbox_item_key'))
    )

    with op.batch_alter_table('outbox_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_outbox_item_conversation'), ['conversation'], unique=False)
        batch_op.create_index('ix_outbox_item_state_next_attempt_at', ['state', 'next_attempt_at'], unique=False)

    op.create_table('privacy_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('request', sa.Integer(), nullable=True),
    sa.Column('actor', sa.String(length=60), nullable=False),
    sa.Column('action', sa.String(length=20), nullable=False),
    sa.Column('customer', sa.String(length=40), nullable=True),
    sa.Column('conversation', sa.String(length=40), nullable=True),
    sa.Column('counts', sa.JSON(), nullable=False),
    sa.Column('at', savoir.core.database.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_privacy_event'))
    )

    with op.batch_alter_table('privacy_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_privacy_event_customer'), ['customer'], unique=False)
        batch_op.create_index(batch_op.f('ix_privacy_event_request'), ['request'], unique=False)

    op.create_table('privacy_request',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=160), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('customer', sa.String(length=40), nullable=True),
    sa.Column('conversation', sa.String(length=40), nullable=True),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('received_at', savoir.core.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('due_at', savoir.core.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('confirmed_at', savoir.core.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('done_at', savoir.core.database.UtcDateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_privacy_request')),
    sa.UniqueConstraint('key', name=op.f('uq_privacy_request_key'))
    )

    with op.batch_alter_table('privacy_request', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_privacy_request_conversation'), ['conversation'], unique=False)
        batch_op.create_index(batch_op.f('ix_privacy_request_customer'), ['customer'], unique=False)
        batch_op.create_index(batch_op.f('ix_privacy_request_state'), ['state'], unique=False)

    op.create_table('callback',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=160), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('starts_at', savoir.core.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('ends_at', savoir.core.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('place', sa.Integer(), nullable=True),
    sa.Column('phone', sa.String(length=20), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('conversation', sa.String(length=40), nullable=False),
    sa.Column('created_at', savoir.core.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('done_at', savoir.core.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('agent', sa.String(length=40), nullable=True),
    sa.ForeignKeyConstraint(['conversation'], ['conversation.id'], name=op.f('fk_callback_conversation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_callback')),
    sa.UniqueConstraint('key', name=op.f('uq_callback_key')),
    sa.UniqueConstraint('starts_at', 'place', name=op.f('uq_callback_starts_at_place'))
    )

    with op.batch_alter_table('callback', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_callback_conversation'), ['conversation'], unique=False)
        batch_op.create_index(batch_op.f('ix_callback_state'), ['state'], unique=False)

    op.create_table('privacy_copy',
    sa.Column('token', sa.String(length=64), nullable=False),
    sa.Column('request', sa.Integer(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('expires_at', savoir.core.database.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['request'], ['privacy_request.id'], name=op.f('fk_privacy_copy_request'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('token', name=op.f('pk_privacy_copy'))
    )

    with op.batch_alter_table('privacy_copy', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_privacy_copy_request'), ['request'], unique=False)

    with op.batch_alter_table('conversation', schema=None) as batch_op:
        batch_op.add_column(sa.Column('waited_seconds', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('reminded_at', savoir.core.database.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('rating_offered_at', savoir.core.database.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('is_rating_barred', sa.Boolean(), nullable=True))
        batch_op.create_index('ix_conversation_state_updated_at', ['state', 'updated_at'], unique=False)

    with op.batch_alter_table('ticket', schema=None) as batch_op:
        batch_op.add_column(sa.Column('photos', sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column('follows', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_ticket_follows'), ['follows'], unique=False)

    with op.batch_alter_table('ticket_event', schema=None) as batch_op:
        batch_op.add_column(sa.Column('key', sa.String(length=160), nullable=True))
        batch_op.add_column(sa.Column('conversation', sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column('photos', sa.JSON(), nullable=True))
        batch_op.create_index(batch_op.f('ix_ticket_event_key'), ['key'], unique=True)


def downgrade() -> None:
    with op.batch_alter_table('ticket_event', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ticket_event_key'))
        batch_op.drop_column('photos')
        batch_op.drop_column('conversation')
        batch_op.drop_column('key')

    with op.batch_alter_table('ticket', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ticket_follows'))
        batch_op.drop_column('follows')
        batch_op.drop_column('photos')

    with op.batch_alter_table('conversation', schema=None) as batch_op:
        batch_op.drop_index('ix_conversation_state_updated_at')
        batch_op.drop_column('is_rating_barred')
        batch_op.drop_column('rating_offered_at')
        batch_op.drop_column('reminded_at')
        batch_op.drop_column('waited_seconds')

    with op.batch_alter_table('privacy_copy', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_privacy_copy_request'))

    op.drop_table('privacy_copy')

    with op.batch_alter_table('callback', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_callback_state'))
        batch_op.drop_index(batch_op.f('ix_callback_conversation'))

    op.drop_table('callback')

    with op.batch_alter_table('privacy_request', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_privacy_request_state'))
        batch_op.drop_index(batch_op.f('ix_privacy_request_customer'))
        batch_op.drop_index(batch_op.f('ix_privacy_request_conversation'))

    op.drop_table('privacy_request')

    with op.batch_alter_table('privacy_event', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_privacy_event_request'))
        batch_op.drop_index(batch_op.f('ix_privacy_event_customer'))

    op.drop_table('privacy_event')

    with op.batch_alter_table('outbox_item', schema=None) as batch_op:
        batch_op.drop_index('ix_outbox_item_state_next_attempt_at')
        batch_op.drop_index(batch_op.f('ix_outbox_item_conversation'))

    op.drop_table('outbox_item')
