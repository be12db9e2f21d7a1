"""Accelerators for the statistics module.
"""


def _normal_dist_inv_cdf(p: float, mu: float, sigma: float, /) -> float: ...
