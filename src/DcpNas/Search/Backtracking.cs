using static TorchSharp.torch;

namespace DcpNas.Search;

/// <summary>Decoupled optimisation of one alpha matrix: the backtracking of DCP-NAS (4.42) to (4.53).</summary>
/// <remarks>
/// Weights and alpha are bilinearly coupled, so columns whose weights are large get a correction after the plain step:
/// <c>alpha~_m = alpha^{t+1}_m + eta (psi o alpha^t_m)</c>, (4.50) and (4.52). psi learns from the gradient at the corrected point one step later:
/// <c>psi^{t+1} = | psi^t - eta_psi eta sum_m (dL/d alpha~_m) alpha^t_m |</c>, (4.51).
/// </remarks>
public sealed class Backtracking : IDisposable
{
    /// <summary>The start value of psi.</summary>
    public const double InitialPsi = 0.2;

    private readonly Tensor _psi;
    private readonly Tensor _previous;
    private bool[] _corrected;

    /// <summary>Creates the state for a matrix like <paramref name="alpha"/>.</summary>
    public Backtracking(Tensor alpha)
    {
        ArgumentNullException.ThrowIfNull(alpha);
        using var _ = no_grad();
        _corrected = new bool[alpha.shape[1]];
        _psi = full_like(alpha.detach().select(1, 0), InitialPsi).DetachFromDisposeScope();
        _previous = zeros_like(alpha.detach()).DetachFromDisposeScope();
    }

    /// <summary>psi, one value per edge, never negative.</summary>
    public Tensor Psi => _psi;

    /// <summary>alpha before the last step; with <see cref="Corrected"/> what (4.51) needs at the next one.</summary>
    public Tensor Previous => _previous;

    /// <summary>The columns that the last step corrected; all false before the first.</summary>
    public IReadOnlyList<bool> Corrected
    {
        get => _corrected;
        set => _corrected = [.. value];
    }

    /// <summary>The columns whose rank of R exceeds <c>floor(columns tau)</c>.</summary>
    /// <param name="norms">R per column.</param>
    /// <param name="tau">Share of the columns that stays uncorrected, in [0, 1].</param>
    public static bool[] Select(IReadOnlyList<double> norms, double tau)
    {
        var threshold = Math.Floor(norms.Count * tau);
        return [.. Ranks.Of(norms).Select(rank => rank > threshold)];
    }

    /// <summary>Moves psi by the gradient at the point that the last step reached: (4.51).</summary>
    /// <param name="gradient">dL/d alpha~, <c>[edges, columns]</c>.</param>
    /// <param name="eta">The factor of the correction.</param>
    /// <param name="etaPsi">Learning rate of psi.</param>
    public void UpdatePsi(Tensor gradient, double eta, double etaPsi)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var slope = (gradient.detach() * _previous * Mask(gradient)).sum(1) * eta;
        _psi.sub_(slope * etaPsi).abs_();
    }

    /// <summary>Corrects alpha after its plain step: (4.50), (4.52).</summary>
    /// <param name="alpha">alpha^{t+1}, changed in place.</param>
    /// <param name="before">alpha^t.</param>
    /// <param name="corrected">The columns to correct.</param>
    /// <param name="eta">The factor of the correction.</param>
    public void Correct(Tensor alpha, Tensor before, bool[] corrected, double eta)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        _corrected = [.. corrected];
        _previous.copy_(before);
        alpha.add_(_psi.unsqueeze(1) * _previous * Mask(alpha) * eta);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _psi.Dispose();
        _previous.Dispose();
    }

    private Tensor Mask(Tensor like) => tensor(_corrected.Select(flag => flag ? 1.0 : 0.0).ToArray(), dtype: like.dtype, device: like.device);
}
