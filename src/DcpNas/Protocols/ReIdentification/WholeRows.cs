namespace DcpNas.Protocols.ReIdentification;

/// <summary>Keeps whole rows of distances: for a few rows at a time.</summary>
/// <param name="rows">Room for every distance of each row; threads write different parts.</param>
internal sealed class WholeRows(double[][] rows) : IDistanceSink
{
    /// <summary>Rows that are worth packing a gallery for and still take little memory.</summary>
    public const int AtOnce = 64;

    /// <inheritdoc/>
    public void Take(int row, int first, ReadOnlySpan<double> distances) => distances.CopyTo(rows[row].AsSpan(first));

    /// <summary>Computes rows.</summary>
    public static double[][] Compute(DistancePass pass, IReadOnlyList<int> chosen, int columns, CancellationToken cancellation)
    {
        double[][] rows = [.. chosen.Select(_ => new double[columns])];
        pass.Run(chosen, () => new WholeRows(rows), cancellation);
        return rows;
    }
}
