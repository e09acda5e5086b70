"""The history of rules gets their changes of status: from what to what, by whom, and why."""

import sqlalchemy as sa
from alembic import op

revision = "v0002"
down_revision = "v0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table. What happened before it was there stays in the standings."""
    op.create_table(
        "rule_transitions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version_id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("before", sa.String(length=20), nullable=True),
        sa.Column("after", sa.String(length=20), nullable=False),
        sa.Column("author", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["rule_versions.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("transitions_by_version", "rule_transitions", ["version_id"])


def downgrade() -> None:
    """Drop the table, and with it why rules changed."""
    op.drop_table("rule_transitions")
