"""Proves that the reference in PyTorch computes what DcpNas computes: python3 check.py STATE (written by `DcpNas.SearchStep export --steps N`).

Runs the same steps from the same weights on the same batches, and compares losses, gradients of alpha and what the steps did to
weights and alpha. Ends with 1 if a figure that must agree does not.
"""

import argparse
import sys

import torch

from state import State, reference_name
from steps import VARIANTS, SearchStep, flat, logit_tangent_by_forward_mode, match_loss

# The Child's alpha before its weights, as the export does: the scales are then still those of the export.
ORDER = ["parent_weights", "parent_alpha", "child_alpha", "child_weights"]

# Largest relative difference that rounding explains. In float32 only losses and the gradient of the Parent's alpha are demanded: some
# activations near 0 change their sign, and the first step of Adam is the sign of a gradient.
LIMITS = {torch.float64: 1e-8, torch.float32: 1e-3}


class Comparison:
    """Of the Child something is demanded only while its scales are integers (see ExportCommand.cs): else rounding decides about the
    signs of exact zeros, which changes losses in the third or fourth digit and gradients by percents."""

    def __init__(self, dtype, integer_scales, variant):
        self.limit, self.integer_scales, self.failed = LIMITS[dtype], integer_scales, False
        # At exact zeros forward mode of torch 1.13 takes 1 for the derivative of PReLU, the backward pass its slope.
        self.least_limit_of_product = 1e-3 if variant.logit_tangent is logit_tangent_by_forward_mode else 0

    def add(self, what, side, step, expected, found, demanded=True):
        expected, found = torch.as_tensor(expected, dtype=torch.float64), torch.as_tensor(found, dtype=torch.float64)
        error = ((expected - found).norm() / expected.norm().clamp_min(1e-300)).item()
        demanded = demanded and (side == "parent" or (self.integer_scales and step == 0))
        limit = max(self.limit, self.least_limit_of_product if "Child's alpha" in what else 0) if demanded else None
        bad = limit is not None and not error <= limit
        self.failed |= bad
        print(f"{what:38} relative difference {error:9.2e}  {'(shown only)' if limit is None else f'limit {limit:.0e}'}{'  TOO LARGE' if bad else ''}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("state")
    parser.add_argument("--variant", default="plain", choices=list(VARIANTS))
    arguments = parser.parse_args()
    torch.set_num_threads(1)

    state = State(arguments.state)
    variant = VARIANTS[arguments.variant]
    step = SearchStep(state, variant)
    parent, child = step.parent, step.child
    comparison = Comparison(next(parent.parameters()).dtype, state.options["integer_scales"], variant)

    images, labels = state.batches("alpha")[0]
    gradient = flat(torch.autograd.grad(torch.nn.functional.cross_entropy(parent(images), labels), parent.alphas))
    comparison.add("gradient of the Parent's alpha", "parent", 0, state.tensors["expect.parent_alpha_gradient"], gradient)
    gradient, _ = step.child_alpha_gradient(images, labels)
    comparison.add("gradient of the Child's alpha (GGN)", "child", 0, state.tensors["expect.child_alpha_gradient"], gradient)

    images, labels = state.batches("weights")[0]
    with torch.no_grad():
        log_p = parent(images).log_softmax(1)
    names = [name.removeprefix("expect.match_gradient.") for name in state.tensors if name.startswith("expect.match_gradient.")]
    own = dict(child.named_parameters())
    found = flat(torch.autograd.grad(match_loss(log_p, child(images)), [own[reference_name(name, variant.shared)] for name in names]))
    comparison.add("gradient of the Child's weights (KL)", "child", 0, flat([state.tensors[f"expect.match_gradient.{name}"] for name in names]), found)

    batches = {half: state.batches(half) for half in ("weights", "alpha")}
    for k in range(state.options["steps"]):
        for part in ORDER:
            side, half = part.split("_")
            loss = step.run(part, *batches[half][k])
            comparison.add(f"step {k}: loss of {part}", side, k, state.tensors[f"expect.loss.{k}.{part}"], loss)

    is_double = next(parent.parameters()).dtype == torch.float64
    last = state.options["steps"] - 1
    for side, network in (("parent", parent), ("child", child)):
        own = dict(network.named_parameters())
        names = [name.removeprefix(f"after.{side}.") for name in state.tensors if name.startswith(f"after.{side}.")]
        before, after = (flat([state.tensors[f"{prefix}{side}.{name}"] for name in names]) for prefix in ("", "after."))
        found = flat([own[reference_name(name, variant.shared)].detach() for name in names])
        comparison.add(f"change of the {side.title()}'s weights", side, last, after - before, found - before, is_double)
        before, after = (flat([state.tensors[f"{prefix}{side}_alpha.{kind}"] for kind in ("normal", "reduction")]) for prefix in ("", "after."))
        comparison.add(f"change of the {side.title()}'s alpha", side, last, after - before, flat(network.alphas).detach() - before, is_double)

    print("FAILED" if comparison.failed else "equal")
    sys.exit(1 if comparison.failed else 0)


if __name__ == "__main__":
    main()
