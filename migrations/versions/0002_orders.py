"""Orders: parcels, cancellations, returns, claims, changes of address, payments, and who showed who they are."""

import sqlalchemy as sa
from alembic import op

import savoir.core.database

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('one_time_code',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=160), nullable=False),
    sa.Column('conversation', sa.String(length=40), nullable=False),
    sa.Column('purpose', sa.String(length=20), nullable=False),
    sa.Column('customer', sa.String(length=40), nullable=True),
    sa.Column('address_digest', sa.String(length=64), nullable=False),
    sa.Column('sent_to', sa.String(length=200), nullable=False),
    sa.Column('code_digest', sa.String(length=64), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('at', savoir.core.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('expires_at', savoir.core.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('used_at', savoir.core.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('checked_key', sa.String(length=160), nullable=True),
    sa.Column('outcome', sa.String(length=10), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_one_time_code')),
    sa.UniqueConstraint('key', name=op.f('uq_one_time_code_key'))
    )

    with op.batch_alter_table('one_time_code', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_one_time_code_address_digest'), ['address_digest'], unique=False)
        batch_op.create_index(batch_op.f('ix_one_time_code_conversation'), ['conversation'], unique=False)
        batch_op.create_index(batch_op.f('ix_one_time_code_customer'), ['customer'], unique=False)

    op.create_table('signed_identity',
    sa.Column('conversation', sa.String(length=40), nullable=False),
    sa.Column('customer', sa.String(length=40), nullable=False),
    sa.Column('at', savoir.core.database.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('conversation', name=op.f('pk_signed_identity'))
    )

    with op.batch_alter_table('signed_identity', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_signed_identity_customer'), ['customer'], unique=False)

    op.create_table('contact_change',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=160), nullable=False),
    sa.Column('customer', sa.String(length=40), nullable=False),
    sa.Column('order_number', sa.String(length=20), nullable=True),
    sa.Column('field', sa.String(length=20), nullable=False),
    sa.Column('old', sa.Text(), nullable=True),
    sa.Column('new', sa.Text(), nullable=False),
    sa.Column('at', savoir.core.database.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['customer'], ['customer.id'], name=op.f('fk_contact_change_customer'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contact_change')),
    sa.UniqueConstraint('key', name=op.f('uq_contact_change_key'))
    )

    with op.batch_alter_table('contact_change', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_contact_change_customer'), ['customer'], unique=False)

    op.create_table('payment_report',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=160), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('customer', sa.String(length=40), nullable=True),
    sa.Column('order_number', sa.String(length=20), nullable=True),
    sa.Column('amount_cents', sa.Integer(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('at', savoir.core.database.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['customer'], ['customer.id'], name=op.f('fk_payment_report_customer'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_payment_report')),
    sa.UniqueConstraint('key', name=op.f('uq_payment_report_key'))
    )

    with op.batch_alter_table('payment_report', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_payment_report_customer'), ['customer'], unique=False)
        batch_op.create_index(batch_op.f('ix_payment_report_order_number'), ['order_number'], unique=False)

    op.create_table('cancellation',
    sa.Column('order_number', sa.String(length=20), nullable=False),
    sa.Column('key', sa.String(length=160), nullable=False),
    sa.Column('refund_cents', sa.Integer(), nullable=False),
    sa.Column('means', sa.String(length=20), nullable=True),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('at', savoir.core.database.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['order_number'], ['customer_order.number'], name=op.f('fk_cancellation_order_number'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('order_number', name=op.f('pk_cancellation')),
    sa.UniqueConstraint('key', name=op.f('uq_cancellation_key'))
    )

    op.create_table('delivery_claim',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=160), nullable=False),
    sa.Column('order_number', sa.String(length=20), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('products', sa.JSON(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('remedy', sa.String(length=20), nullable=False),
    sa.Column('is_in_time', sa.Boolean(), nullable=False),
    sa.Column('answer_on', sa.Date(), nullable=True),
    sa.Column('opened_at', savoir.core.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('closed_at', savoir.core.database.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['order_number'], ['customer_order.number'], name=op.f('fk_delivery_claim_order_number'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery_claim')),
    sa.UniqueConstraint('key', name=op.f('uq_delivery_claim_key'))
    )

    with op.batch_alter_table('delivery_claim', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_delivery_claim_order_number'), ['order_number'], unique=False)

    op.create_table('return_request',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=160), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('order_number', sa.String(length=20), nullable=False),
    sa.Column('line', sa.Integer(), nullable=False),
    sa.Column('product', sa.String(length=60), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('wanted_product', sa.String(length=60), nullable=True),
    sa.Column('right', sa.String(length=12), nullable=False),
    sa.Column('label', sa.String(length=12), nullable=False),
    sa.Column('product_cents', sa.Integer(), nullable=False),
    sa.Column('delivery_cents', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('requested_at', savoir.core.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('state_at', savoir.core.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('received_at', savoir.core.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('refunded_at', savoir.core.database.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['order_number'], ['customer_order.number'], name=op.f('fk_return_request_order_number'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_return_request')),
    sa.UniqueConstraint('key', name=op.f('uq_return_request_key'))
    )

    with op.batch_alter_table('return_request', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_return_request_order_number'), ['order_number'], unique=False)

    op.create_table('shipment',
    sa.Column('order_number', sa.String(length=20), nullable=False),
    sa.Column('parcel', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('carrier', sa.String(length=40), nullable=True),
    sa.Column('tracking_number', sa.String(length=40), nullable=True),
    sa.Column('status', sa.String(length=20), nullable=False),
    sa.Column('status_at', savoir.core.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('shipped_at', savoir.core.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('expected_at', savoir.core.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('delivered_at', savoir.core.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('lines', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['order_number'], ['customer_order.number'], name=op.f('fk_shipment_order_number'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('order_number', 'parcel', name=op.f('pk_shipment'))
    )

    with op.batch_alter_table('customer', schema=None) as batch_op:
        batch_op.add_column(sa.Column('erased_at', savoir.core.database.UtcDateTime(timezone=True), nullable=True))

    with op.batch_alter_table('identity_check', schema=None) as batch_op:
        batch_op.add_column(sa.Column('customer', sa.String(length=40), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table('identity_check', schema=None) as batch_op:
        batch_op.drop_column('customer')

    with op.batch_alter_table('customer', schema=None) as batch_op:
        batch_op.drop_column('erased_at')

    op.drop_table('shipment')

    with op.batch_alter_table('return_request', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_return_request_order_number'))

    op.drop_table('return_request')

    with op.batch_alter_table('delivery_claim', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_delivery_claim_order_number'))

    op.drop_table('delivery_claim')

    op.drop_table('cancellation')

    with op.batch_alter_table('payment_report', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_payment_report_order_number'))
        batch_op.drop_index(batch_op.f('ix_payment_report_customer'))

    op.drop_table('payment_report')

    with op.batch_alter_table('contact_change', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_contact_change_customer'))

    op.drop_table('contact_change')

    with op.batch_alter_table('signed_identity', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_signed_identity_customer'))

    op.drop_table('signed_identity')

    with op.batch_alter_table('one_time_code', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_one_time_code_customer'))
        batch_op.drop_index(batch_op.f('ix_one_time_code_conversation'))
        batch_op.drop_index(batch_op.f('ix_one_time_code_address_digest'))

    op.drop_table('one_time_code')
