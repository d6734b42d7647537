"""The four parts of a search step in Python PyTorch: weights and alpha of Parent and Child (DCP-NAS 4.21 to 4.41)."""

import torch
import torch.autograd.forward_ad as forward_ad
import torch.nn.functional as F
from torch.autograd import grad

PARTS = ["parent_weights", "parent_alpha", "child_weights", "child_alpha"]


def flat(tensors):
    return torch.cat([tensor.reshape(-1) for tensor in tensors])


def unflat(vector, like):
    return [part.reshape(tensor.shape) for part, tensor in zip(vector.split([tensor.numel() for tensor in like]), like)]


def match_loss(log_p, child_logits):
    """KL(p || q), mean over the batch; p is constant."""
    log_q = child_logits.log_softmax(1)
    return ((log_p - log_q) * log_p.exp()).sum(1).mean()


def logit_tangent_by_double_backward(network, images, logits, direction):
    """J v from two backward passes: J^T u is linear in u, and its derivative along u is J."""
    u = torch.zeros_like(logits, requires_grad=True)
    transposed = flat(grad(logits, network.alphas, u, create_graph=True))
    return grad(transposed, u, direction, retain_graph=True)[0]


def logit_tangent_by_forward_mode(network, images, logits, direction):
    """J v from one forward pass with dual numbers."""
    with torch.no_grad(), forward_ad.dual_level():
        alphas = [forward_ad.make_dual(alpha.detach(), part) for alpha, part in zip(network.alphas, unflat(direction, network.alphas))]
        return forward_ad.unpack_dual(network(images, alphas)).tangent


class Variant:
    """A way to write the same step. In channels-last memory only forward mode is right: torch 1.13 loses the second derivative of PReLU."""

    def __init__(self, summary, shared, channels_last, logit_tangent):
        self.summary, self.shared, self.channels_last, self.logit_tangent = summary, shared, channels_last, logit_tangent


VARIANTS = {
    "plain": Variant("as DARTS code is written: NCHW, self-contained operations, J v by double backward", False, False, logit_tangent_by_double_backward),
    "forward": Variant("plain, J v by forward-mode differentiation", False, False, logit_tangent_by_forward_mode),
    "tuned": Variant(
        "channels-last memory, normalisation and sign shared by the edges of a place, no zero operation, J v by forward mode",
        True, True, logit_tangent_by_forward_mode,
    ),
}  # fmt: skip


class SearchStep:
    """Parent, Child and their four optimisers."""

    def __init__(self, state, variant):
        self.options, self.variant = state.options, variant
        self.parent, self.child = (state.network(side, variant.shared, variant.channels_last) for side in ("parent", "child"))
        parent, child, options = self.parent, self.child, self.options
        self.weight_optimizers = {
            network: torch.optim.SGD(
                network.parameters(), options["weight_rate"], momentum=options["momentum"], weight_decay=options["weight_decay"]
            )
            for network in (parent, child)
        }
        self.alpha_optimizers = {
            network: torch.optim.Adam(
                network.alphas, options["architecture_rate"], betas=(0.5, 0.999), weight_decay=options["architecture_weight_decay"]
            )
            for network in (parent, child)
        }

    def run(self, part, images, labels):
        """One part on one batch; returns the loss before the step."""
        if self.variant.channels_last:
            images = images.contiguous(memory_format=torch.channels_last)
        return getattr(self, part)(images, labels)

    def parent_weights(self, images, labels):
        return self._step_weights(self.parent, F.cross_entropy(self.parent(images), labels))

    def parent_alpha(self, images, labels):
        loss = F.cross_entropy(self.parent(images), labels)
        self._step_alpha(self.parent, grad(loss, self.parent.alphas))
        return loss.item()

    def child_weights(self, images, labels):
        """-G + mu L_R."""
        with torch.no_grad():
            log_p = self.parent(images).log_softmax(1)
        loss = match_loss(log_p, self.child(images)) + self.options["mu"] * self.child.reconstruction_error()
        return self._step_weights(self.child, loss)

    def child_alpha(self, images, labels):
        gradient, match = self.child_alpha_gradient(images, labels)
        self._step_alpha(self.child, unflat(gradient, self.child.alphas))
        return match

    def child_alpha_gradient(self, images, labels):
        """-g_C + 2 lambda F (g_P - g_C) as one vector, F the Gauss-Newton matrix of the Child; and KL(p || q)."""
        parent_logits = self.parent(images)
        parent_tangent = -flat(grad(F.cross_entropy(parent_logits, labels), self.parent.alphas))
        log_p = parent_logits.detach().log_softmax(1)
        del parent_logits

        logits = self.child(images)
        match = match_loss(log_p, logits)
        child_tangent = -flat(grad(match, self.child.alphas, retain_graph=True))

        tangent = self.variant.logit_tangent(self.child, images, logits, 2 * (parent_tangent - child_tangent))
        q = logits.detach().softmax(1)
        weighted = q * tangent
        metric = (weighted - q * weighted.sum(1, keepdim=True)) / len(q)
        product = flat(grad(logits, self.child.alphas, metric))
        return -child_tangent + self.options["lambda"] * product, match.item()

    def _step_weights(self, network, loss):
        optimizer = self.weight_optimizers[network]
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), self.options["gradient_clip"])
        optimizer.step()
        for alpha in network.alphas:
            alpha.grad = None  # loss.backward() has filled it too
        return loss.item()

    def _step_alpha(self, network, gradients):
        for alpha, gradient in zip(network.alphas, gradients):
            alpha.grad = gradient.detach()
        self.alpha_optimizers[network].step()
        for alpha in network.alphas:
            alpha.grad = None
