namespace DcpNas.Protocols.ReIdentification;

/// <summary>Takes the distances that a <see cref="DistancePass"/> computes; each thread has one of its own.</summary>
internal interface IDistanceSink
{
    /// <summary>Takes the distances from one row to a run of columns; runs come in no particular order.</summary>
    /// <param name="row">The row, counted from the first one of the pass.</param>
    /// <param name="first">The first column.</param>
    /// <param name="distances">One for each column of the run.</param>
    void Take(int row, int first, ReadOnlySpan<double> distances);
}
