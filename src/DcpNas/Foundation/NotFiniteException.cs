namespace DcpNas.Foundation;

/// <summary>An output of a network is not finite: its training has diverged.</summary>
/// <param name="what">Which output, one sentence.</param>
public sealed class NotFiniteException(string what) : InputException($"{what} Use another checkpoint, or train with a lower learning rate.")
{
    /// <summary>Which output, without what to do.</summary>
    public string What { get; } = what;
}
