"""Repairs: technicians, appointments, prices, spare parts."""

import sqlalchemy as sa
from alembic import op

import savoir.core.database

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('repair_price',
    sa.Column('id', sa.String(length=120), nullable=False),
    sa.Column('product_type', sa.String(length=20), nullable=False),
    sa.Column('product', sa.String(length=60), nullable=True),
    sa.Column('symptom', sa.String(length=20), nullable=True),
    sa.Column('price_cents', sa.Integer(), nullable=True),
    sa.Column('is_fixed', sa.Boolean(), nullable=False),
    sa.Column('has_bonus', sa.Boolean(), nullable=False),
    sa.Column('bonus_cents', sa.Integer(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_repair_price'))
    )

    with op.batch_alter_table('repair_price', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_repair_price_product_type'), ['product_type'], unique=False)

    op.create_table('spare_part',
    sa.Column('id', sa.String(length=60), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('name_fr', sa.String(length=120), nullable=False),
    sa.Column('name_en', sa.String(length=120), nullable=False),
    sa.Column('products', sa.JSON(), nullable=False),
    sa.Column('price_cents', sa.Integer(), nullable=False),
    sa.Column('stock', sa.Integer(), nullable=False),
    sa.Column('restock_at', savoir.core.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('is_self_fit', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_spare_part'))
    )

    with op.batch_alter_table('spare_part', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_spare_part_kind'), ['kind'], unique=False)

    op.create_table('technician',
    sa.Column('id', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('skills', sa.JSON(), nullable=False),
    sa.Column('departments', sa.JSON(), nullable=False),
    sa.Column('hours', sa.String(length=120), nullable=False),
    sa.Column('visits_a_day', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_technician')),
    sa.UniqueConstraint('name', name=op.f('uq_technician_name'))
    )

    op.create_table('part_notice',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('part', sa.String(length=60), nullable=False),
    sa.Column('customer', sa.String(length=40), nullable=False),
    sa.Column('asked_at', savoir.core.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('told_at', savoir.core.database.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['customer'], ['customer.id'], name=op.f('fk_part_notice_customer'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['part'], ['spare_part.id'], name=op.f('fk_part_notice_part')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_part_notice')),
    sa.UniqueConstraint('part', 'customer', name=op.f('uq_part_notice_part_customer'))
    )

    op.create_table('part_order',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=160), nullable=False),
    sa.Column('part', sa.String(length=60), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.Column('customer', sa.String(length=40), nullable=False),
    sa.Column('recipient', sa.String(length=160), nullable=False),
    sa.Column('street', sa.String(length=200), nullable=False),
    sa.Column('postal_code', sa.String(length=12), nullable=False),
    sa.Column('city', sa.String(length=80), nullable=False),
    sa.Column('country', sa.String(length=40), nullable=True),
    sa.Column('unit_cents', sa.Integer(), nullable=False),
    sa.Column('shipping_cents', sa.Integer(), nullable=False),
    sa.Column('total_cents', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('ordered_at', savoir.core.database.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['customer'], ['customer.id'], name=op.f('fk_part_order_customer'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['part'], ['spare_part.id'], name=op.f('fk_part_order_part')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_part_order')),
    sa.UniqueConstraint('key', name=op.f('uq_part_order_key'))
    )

    with op.batch_alter_table('part_order', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_part_order_customer'), ['customer'], unique=False)

    op.create_table('appointment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=160), nullable=False),
    sa.Column('repair', sa.String(length=20), nullable=False),
    sa.Column('technician', sa.String(length=40), nullable=True),
    sa.Column('postal_code', sa.String(length=12), nullable=True),
    sa.Column('department', sa.String(length=3), nullable=True),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('place', sa.Integer(), nullable=True),
    sa.Column('starts_at', savoir.core.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('ends_at', savoir.core.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('created_at', savoir.core.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('ended_at', savoir.core.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('ended_key', sa.String(length=160), nullable=True),
    sa.ForeignKeyConstraint(['repair'], ['repair.number'], name=op.f('fk_appointment_repair'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['technician'], ['technician.id'], name=op.f('fk_appointment_technician')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_appointment')),
    sa.UniqueConstraint('ended_key', name=op.f('uq_appointment_ended_key')),
    sa.UniqueConstraint('key', name=op.f('uq_appointment_key'))
    )

    with op.batch_alter_table('appointment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_appointment_repair'), ['repair'], unique=False)
        batch_op.create_index('uq_appointment_booked_place', ['technician', 'day', 'place'], unique=True, sqlite_where=sa.text("state = 'booked'"), postgresql_where=sa.text("state = 'booked'"))
        batch_op.create_index('uq_appointment_booked_repair', ['repair'], unique=True, sqlite_where=sa.text("state = 'booked'"), postgresql_where=sa.text("state = 'booked'"))
        batch_op.create_index('uq_appointment_booked_window', ['technician', 'starts_at'], unique=True, sqlite_where=sa.text("state = 'booked'"), postgresql_where=sa.text("state = 'booked'"))

    with op.batch_alter_table('repair', schema=None) as batch_op:
        batch_op.add_column(sa.Column('symptom_kind', sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column('how', sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column('quote_answered_at', savoir.core.database.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('quote_key', sa.String(length=160), nullable=True))
        batch_op.add_column(sa.Column('key', sa.String(length=160), nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_repair_key'), ['key'])


def downgrade() -> None:
    with op.batch_alter_table('repair', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_repair_key'), type_='unique')
        batch_op.drop_column('key')
        batch_op.drop_column('quote_key')
        batch_op.drop_column('quote_answered_at')
        batch_op.drop_column('how')
        batch_op.drop_column('symptom_kind')

    with op.batch_alter_table('appointment', schema=None) as batch_op:
        batch_op.drop_index('uq_appointment_booked_window', sqlite_where=sa.text("state = 'booked'"), postgresql_where=sa.text("state = 'booked'"))
        batch_op.drop_index('uq_appointment_booked_repair', sqlite_where=sa.text("state = 'booked'"), postgresql_where=sa.text("state = 'booked'"))
        batch_op.drop_index('uq_appointment_booked_place', sqlite_where=sa.text("state = 'booked'"), postgresql_where=sa.text("state = 'booked'"))
        batch_op.drop_index(batch_op.f('ix_appointment_repair'))

    op.drop_table('appointment')

    with op.batch_alter_table('part_order', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_part_order_customer'))

    op.drop_table('part_order')

    op.drop_table('part_notice')

    op.drop_table('technician')

    with op.batch_alter_table('spare_part', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_spare_part_kind'))

    op.drop_table('spare_part')

    with op.batch_alter_table('repair_price', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_repair_price_product_type'))

    op.drop_table('repair_price')
