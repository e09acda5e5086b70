"""A policy of one's own in thirty lines: it picks up whatever is reddest in the picture, whatever it is told.

    siren bench --suite seen --episodes 20 --arms vla,expert --policy red_first:RedFirst        # in the folder of this file

All that the benchmark asks for is an object with `propose(image, instruction, context)`.
"""

import numpy as np

HEIGHT = 0.03  # metres of the fingertips above the table


class RedFirst:
    """No weights; it sees a picture and answers with a plan."""

    def propose(self, image: np.ndarray, instruction: str, context) -> list[str]:  # type: ignore[no-untyped-def]
        """image: uint8, (96, 96, 3), RGB, from straight above; up is +x, left is +y. Plans as text, best first."""
        red, green, blue = (image[:, :, channel].astype(int) for channel in range(3))
        row, column = np.unravel_index(np.argmax(2 * red - green - blue), red.shape)
        (x_low, y_low, _), (x_high, y_high, _) = context.workspace_low, context.workspace_high
        x = x_high - (row + 0.5) / image.shape[0] * (x_high - x_low)
        y = y_high - (column + 0.5) / image.shape[1] * (y_high - y_low)
        return [f"pick it from top | move to {x:.3f} {y:.3f} {HEIGHT} rotate 0 180 0 speed slow force gentle close gripper"]
