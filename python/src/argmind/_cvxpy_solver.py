"""What CVXPY needs to know about the service to write a problem in the form of the contract."""

from typing import Any, ClassVar

from cvxpy import settings
from cvxpy.constraints import SOC, ExpCone, NonNeg, PowCone3D, SvecPSD, Zero
from cvxpy.reductions.solvers.conic_solvers.conic_solver import ConicSolver
from cvxpy.utilities.psd_utils import TriangleKind


class Canonicalizer(ConicSolver):  # type: ignore[misc]  # CVXPY has no types
    """Leads CVXPY's chain of reductions to the contract's form, and stops there.

    The conventions are those that the contract took from SCS: exponential cones (x, y, z) with y exp(x / y) <= z,
    matrices as their lower triangle column by column, off the diagonal times sqrt(2).
    """

    MIP_CAPABLE = True
    BOUNDED_VARIABLES = True
    SUPPORTED_CONSTRAINTS: ClassVar[list[type]] = [Zero, NonNeg, SOC, SvecPSD, ExpCone, PowCone3D]
    MI_SUPPORTED_CONSTRAINTS: ClassVar[list[type]] = [Zero, NonNeg]
    EXP_CONE_ORDER: ClassVar[list[int]] = [0, 1, 2]
    PSD_TRIANGLE_KIND = TriangleKind.LOWER
    PSD_SQRT2_SCALING = True

    def name(self) -> str:
        """Of the solver, as CVXPY caches by it."""
        return "ARGMIND"

    def import_solver(self) -> None:
        """There is nothing to import."""

    def supports_quad_obj(self) -> bool:
        """The contract has a P: a quadratic objective stays one."""
        return True

    def apply(self, problem: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        """The parametrized program; parameters need no values yet."""
        program, data, inverse = self._prepare_data_and_inv_data(problem)
        inverse[settings.OFFSET] = 0.0
        return {**data, settings.PARAM_PROB: program}, inverse

    def solve_via_data(self, *_args: Any, **_options: Any) -> Any:
        """Not how the service is asked."""
        raise NotImplementedError("this only canonicalizes; use argmind.cvxpy.CvxpyLayer")

    def cite(self, data: Any) -> str:  # noqa: ARG002
        """Nothing."""
        return ""
