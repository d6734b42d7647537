namespace DcpNas.Protocols.ReIdentification;

/// <summary>Keeps the nearest columns of each row, equal distances by place, and the largest distance.</summary>
internal sealed class NearestColumns : IDistanceSink
{
    private readonly int _count;
    private readonly int[] _columns; // of each row, ascending by distance and place; -1 behind the last one
    private readonly double[] _distances;
    private readonly double[] _largest;

    /// <summary>Creates an empty list for each row.</summary>
    /// <param name="rows">Number of rows.</param>
    /// <param name="count">Columns to keep.</param>
    public NearestColumns(int rows, int count)
    {
        _count = count;
        _columns = new int[rows * count];
        _distances = new double[rows * count];
        _largest = new double[rows];
        Array.Fill(_columns, -1);
        Array.Fill(_distances, double.PositiveInfinity);
        Array.Fill(_largest, double.NegativeInfinity);
    }

    /// <inheritdoc/>
    public void Take(int row, int first, ReadOnlySpan<double> distances)
    {
        for (var i = 0; i < distances.Length; i++)
        {
            _largest[row] = Math.Max(_largest[row], distances[i]);
            Insert(row, first + i, distances[i]);
        }
    }

    /// <summary>Takes over what another thread found.</summary>
    public void Merge(NearestColumns other)
    {
        for (var row = 0; row < _largest.Length; row++)
        {
            _largest[row] = Math.Max(_largest[row], other._largest[row]);
            foreach (var i in Enumerable.Range(row * _count, _count).TakeWhile(i => other._columns[i] >= 0))
            {
                Insert(row, other._columns[i], other._distances[i]);
            }
        }
    }

    /// <summary>The nearest columns of a row, nearest first; at most <paramref name="count"/>.</summary>
    public ReadOnlySpan<int> Of(int row, int count)
    {
        var all = _columns.AsSpan(row * _count, Math.Min(count, _count));
        var end = all.IndexOf(-1);
        return end < 0 ? all : all[..end];
    }

    /// <summary>The largest distance of a row.</summary>
    public double Largest(int row) => _largest[row];

    private void Insert(int row, int column, double distance)
    {
        var (start, at) = (row * _count, ((row + 1) * _count) - 1);
        if (distance > _distances[at] || (distance == _distances[at] && _columns[at] >= 0 && column > _columns[at]))
        {
            return;
        }

        for (; at > start && (distance < _distances[at - 1] || (distance == _distances[at - 1] && column < _columns[at - 1])); at--)
        {
            (_distances[at], _columns[at]) = (_distances[at - 1], _columns[at - 1]);
        }

        (_distances[at], _columns[at]) = (distance, column);
    }
}
