using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace DcpNas.Distributed;

/// <summary>Adds up what the shards of a batch give, in one binary tree whose shape does not depend on the number of processes.</summary>
/// <remarks>
/// Neighbours are added first, then pairs of neighbours, and so on: a process adds up its own subtree, then doubles its group of ranks with each
/// exchange. Additions of floating point commute, but do not associate; a fixed tree gives the same bits on 1, 2, 4, ... processes.
/// </remarks>
/// <param name="collective">The processes.</param>
internal sealed class ShardSum(ICollective collective) : IDisposable
{
    private readonly Stack<(int Leaves, Tensor Values, double[] Numbers)> _subtrees = new();

    /// <summary>Adds what the next shard of this process gives.</summary>
    /// <param name="values">A vector on any device, taken over; float32 or float64.</param>
    /// <param name="numbers">Numbers beside it, taken over.</param>
    public void Add(Tensor values, double[] numbers)
    {
        var (leaves, sum, beside) = (1, values.DetachFromDisposeScope(), numbers);
        while (_subtrees.TryPeek(out var left) && left.Leaves == leaves)
        {
            _subtrees.Pop();
            (leaves, sum, beside) = (2 * leaves, AddInto(left.Values, sum), AddInto(left.Numbers, beside));
        }

        _subtrees.Push((leaves, sum, beside));
    }

    /// <summary>The sum over all shards of all processes, for which each has added its own.</summary>
    /// <returns>The vector belongs to the current dispose scope.</returns>
    public (Tensor Values, double[] Numbers) Total()
    {
        using var scope = NewDisposeScope();
        var (_, values, numbers) = _subtrees.Pop();
        scope.Attach(values);
        for (var group = 1; group < collective.Ranks; group *= 2)
        {
            var partner = collective.Rank ^ group;
            var (theirs, beside) = Swap(partner, values, numbers);
            AddInto(values, theirs);
            AddInto(numbers, beside);
        }

        return (values.MoveToOuterDisposeScope(), numbers);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, values, _) in _subtrees)
        {
            values.Dispose();
        }

        _subtrees.Clear();
    }

    private (Tensor Values, double[] Numbers) Swap(int partner, Tensor values, double[] numbers)
    {
        var host = values.cpu().contiguous();
        var theirs = empty_like(host);
        var beside = new double[numbers.Length];
        collective.Exchange(partner, host.bytes, theirs.bytes, Collective.Patience);
        collective.Exchange(partner, MemoryMarshal.AsBytes(numbers.AsSpan()), MemoryMarshal.AsBytes(beside.AsSpan()), Collective.Patience);
        return (theirs.to(values.device), beside);
    }

    private static Tensor AddInto(Tensor left, Tensor right)
    {
        using var _ = no_grad();
        using var scope = NewDisposeScope();
        left.add_(right);
        right.Dispose();
        return left;
    }

    private static double[] AddInto(double[] left, double[] right)
    {
        for (var i = 0; i < left.Length; i++)
        {
            left[i] += right[i];
        }

        return left;
    }
}
