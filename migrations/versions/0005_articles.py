"""Articles: revisions, days from and until which they are valid, pictures, the file that each was taken from."""

import sqlalchemy as sa
from alembic import op

import savoir.core.database

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('article_picture',
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('content_type', sa.String(length=20), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('at', savoir.core.database.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_article_picture'))
    )
    op.create_table('article_revision',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('article', sa.String(length=80), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('author', sa.String(length=80), nullable=False),
    sa.Column('at', savoir.core.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('restored_from', sa.Integer(), nullable=True),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('products', sa.JSON(), nullable=False),
    sa.Column('categories', sa.JSON(), nullable=False),
    sa.Column('questions', sa.JSON(), nullable=False),
    sa.Column('updated', sa.Date(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=True),
    sa.Column('valid_until', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_article_revision')),
    sa.UniqueConstraint('article', 'language', 'number', name=op.f('uq_article_revision_article_language_number'))
    )
    with op.batch_alter_table('article', schema=None) as batch_op:
        batch_op.add_column(sa.Column('valid_from', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('valid_until', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('revision', sa.Integer(), server_default='0', nullable=False))
        batch_op.add_column(sa.Column('live_revision', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('source', sa.String(length=200), server_default='', nullable=False))

    # what is there already is the first revision
    op.execute(
        "insert into article_revision (article, language, number, kind, author, at, title, body, products, categories, questions, updated) "
        "select id, language, 1, case when published then 'imported' else 'draft' end, 'import', current_timestamp, title, body, products, "
        "categories, questions, updated from article"
    )
    op.execute("update article set revision = 1, live_revision = case when published then 1 else null end")


def downgrade() -> None:
    # never made anew: dropping the old table would take the passages with it
    with op.batch_alter_table('article', schema=None, recreate='never') as batch_op:
        batch_op.drop_column('source')
        batch_op.drop_column('live_revision')
        batch_op.drop_column('revision')
        batch_op.drop_column('valid_until')
        batch_op.drop_column('valid_from')

    op.drop_table('article_revision')
    op.drop_table('article_picture')
