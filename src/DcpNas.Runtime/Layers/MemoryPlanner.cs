using DcpNas.Runtime.Model;

namespace DcpNas.Runtime.Layers;

/// <summary>Gives each value a place in the workspace; values whose lives do not overlap may share one.</summary>
/// <remarks>
/// A value lives from the step that makes it to the last step that reads it; the image from the start, outputs to the end. Each value takes the lowest gap that fits, in
/// the order in which values are made.
/// </remarks>
internal sealed class MemoryPlanner
{
    /// <summary>Values begin at a multiple of a cache line, which is also the longest vector.</summary>
    public const int Alignment = 64;

    private readonly Dictionary<string, int> _lastUse = new(StringComparer.Ordinal);
    private readonly Dictionary<string, (long Offset, long Bytes)> _places = new(StringComparer.Ordinal);

    /// <summary>Plans a graph.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="keepAll">Whether every value lives to the end; then every node runs by itself.</param>
    /// <param name="fixedPoint">The exponents of the fast mode, or null for another.</param>
    /// <param name="integers">The integers of the integer mode, or null for another.</param>
    public MemoryPlanner(ModelGraph graph, bool keepAll, FixedPointInfo? fixedPoint = null, IntegerInfo? integers = null)
    {
        Steps = new Steps(graph, alone: keepAll, fixedPoint, integers);
        FindLives(keepAll);
        List<(long Offset, long Bytes, int LastUse)> live = [];
        Place(ModelGraph.InputName, Steps.ShapeOf(ModelGraph.InputName), live);
        for (var i = 0; i < Steps.All.Count; i++)
        {
            live.RemoveAll(place => place.LastUse < i);
            foreach (var value in Steps.All[i].Makes)
            {
                Place(value, Steps.ShapeOf(value), live);
            }
        }
    }

    /// <summary>Which nodes run together.</summary>
    public Steps Steps { get; }

    /// <summary>Bytes of the workspace.</summary>
    public long TotalBytes { get; private set; }

    /// <summary>The place of a value; <see cref="TotalBytes"/> must have been found to fit an array.</summary>
    public Slot this[string value]
    {
        get
        {
            var (offset, bytes) = _places[Steps.RootOf(value)];
            return new Slot(checked((int)offset), checked((int)bytes));
        }
    }

    private void FindLives(bool keepAll)
    {
        for (var i = 0; i < Steps.All.Count; i++)
        {
            foreach (var value in Steps.All[i].Reads)
            {
                _lastUse[value] = i;
            }
        }

        foreach (var value in keepAll ? [ModelGraph.InputName, .. Steps.All.SelectMany(step => step.Makes)] : Steps.Graph.Outputs.Select(Steps.ResultOf))
        {
            _lastUse[value] = int.MaxValue;
        }
    }

    private void Place(string value, ValueShape shape, List<(long Offset, long Bytes, int LastUse)> live)
    {
        var bytes = (shape.Bytes + Alignment - 1) / Alignment * Alignment;
        var offset = 0L;
        var index = 0;
        while (index < live.Count && live[index].Offset - offset < bytes)
        {
            offset = live[index].Offset + live[index].Bytes;
            index++;
        }

        live.Insert(index, (offset, bytes, _lastUse.GetValueOrDefault(value, -1)));
        _places[value] = (offset, shape.Bytes);
        TotalBytes = long.Max(TotalBytes, offset + bytes);
    }
}
