"""${message}"""

import sqlalchemy as sa
from alembic import op

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the previous schema to this one."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Go back to the previous schema."""
    ${downgrades if downgrades else "pass"}
